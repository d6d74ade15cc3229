"""Which methods and arguments one side has and the other one has not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fitspec.conformance.report.verdicts import Verdict

if TYPE_CHECKING:
    from fitspec.conformance.changes.compare import Change, Comparison
    from fitspec.conformance.report.verdicts import Finding

_METHOD: Final = re.compile(r"no method `(\w+)`")
_ARGUMENT: Final = re.compile(r"no argument `(\w+)`")
_MISSING: Final = re.compile(r"(\w+): missing\b")


@dataclass(frozen=True)
class Absences:
    """What is gone.

    Args:
        methods: by name, the clause that shows it.
        arguments: by method, then by name, likewise.
    """

    methods: dict[str, Change]
    arguments: dict[str, dict[str, Change]]


def absences(comparison: Comparison) -> Absences:
    """Return what the first side of a comparison has and the second one has not."""
    found = Absences({}, {})
    for change in comparison.changes:
        method, topic = change.method, change.clause.split(".")[1]
        arguments = found.arguments.setdefault(method, {})
        after, before = _texts(change.after), _texts(change.before)
        if change.after.verdict is Verdict.ABSENT and change.before.verdict is not Verdict.ABSENT:
            if _METHOD.search(after):
                found.methods.setdefault(method, change)
            for name in _ARGUMENT.findall(after):
                told = arguments.get(name)
                # The clause that is about the argument tells more than one that also uses it.
                if told is None or (name == topic and told.clause.split(".")[1] != name):
                    arguments[name] = change
        elif topic == "signature":
            for name in set(_MISSING.findall(after)) - set(_MISSING.findall(before)):
                arguments.setdefault(name, change)
    return found


def _texts(finding: Finding) -> str:
    return f"{finding.observed} {finding.detail}"
