"""Whether a report decides all that it had to: each clause that was asked, and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec import spec
from fitspec.conformance.report.forms import shown
from fitspec.conformance.report.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fitspec.conformance.report.report import Subject


def promised(profiles: Sequence[str]) -> list[str]:
    """Return the clauses that an implementation of some profiles is held against.

    Raises:
        ValueError: the contract has no such profile.
    """
    found = spec.contract().select(profiles=profiles, check=spec.CheckStatus.PRESENT)
    return [item.id for item in found]


def gap(header: Mapping[str, Any], subject: Subject, decided: Mapping[str, Verdict | None]) -> str:
    """Return what is wrong with the clauses that a report decides; empty if nothing is.

    A report of another contract, or of before it named its own, can only be held against itself.

    Args:
        header: of the report.
        subject: an implementation of it.
        decided: what each clause came to on it.
    """
    for clause in subject.not_asked:
        if clause in decided:
            return f"{shown(clause)} is decided, and listed as not asked"
    if header.get("contract") != spec.contract().edition():
        return ""
    return _stranger(decided.items()) or _left_out(subject, decided)


def _stranger(decided: Iterable[tuple[str, Verdict | None]]) -> str:
    clauses = spec.contract().clauses
    for clause, verdict in decided:
        if clause not in clauses:
            return f"the contract has no clause {shown(clause)}"
        left_open = clauses[clause].level is spec.Level.OBSERVED
        if verdict is None and not left_open:
            return f"{clause} has no verdict, which the contract asks for"
        if verdict not in (None, Verdict.UNAVAILABLE) and left_open:
            return f"{clause} has a verdict, for which no document settles it"
    return ""


def _left_out(subject: Subject, decided: Mapping[str, Verdict | None]) -> str:
    unknown = set(subject.profiles) - spec.contract().profiles.keys()
    if unknown:
        return f"the contract has no profile {shown(min(unknown))}"
    if not subject.available:
        return ""
    known = decided.keys() | set(subject.not_asked)
    for clause in promised(subject.profiles):
        if clause not in known:
            return f"{clause} is neither decided nor listed as not asked"
    return ""
