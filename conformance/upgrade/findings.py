"""What changes for the calls of a program between two sides."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from fitspec import spec
from fitspec.conformance.report.telling import statement
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.upgrade.absences import absences
from fitspec.conformance.upgrade.advice import Advice, advice_on
from fitspec.conformance.upgrade.calls import calls
from fitspec.conformance.upgrade.hooks import hook_reads
from fitspec.conformance.upgrade.members import Members
from fitspec.conformance.upgrade.names import Names
from fitspec.conformance.upgrade.touching import touches, unseen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fitspec.conformance.changes.compare import Change, Comparison
    from fitspec.conformance.report.verdicts import Finding as Seen
    from fitspec.conformance.upgrade.absences import Absences
    from fitspec.conformance.upgrade.calls import Call
    from fitspec.conformance.upgrade.sources import Place, Source


class Kind(StrEnum):
    """What a change means for a program, the worst first."""

    SILENT = "silent"
    """Numbers change, without an error."""
    FAILS = "fails"
    """It raises."""
    ABSENT = "absent"
    """The method, or the argument, is gone."""
    OTHERWISE = "otherwise"
    """It behaves otherwise."""


@dataclass(frozen=True)
class Finding:
    """One thing that changes for one call.

    Args:
        place: where the call stands, or the argument that it is about.
        call: what is called, as it is written: ``model.fit``.
        clause: what shows the change; empty where no clause is about what is gone.
        kind: what it means.
        condition: on what it depends that cannot be seen; empty if it is certain.
        before, after: what is done on both sides, in words.
        advice: what to write instead; None if nothing is known.
        repro: the command that makes a script which shows it; empty without a clause.
        by_hand: what stands there when it is rewritten, and why `--fix` left that to a person;
            empty where it did not.
    """

    place: Place
    call: str
    clause: str
    kind: Kind
    condition: str
    before: str
    after: str
    advice: Advice | None
    repro: str
    by_hand: str = ""

    @property
    def rule(self) -> str:
        """By what it is passed over: its clause, or the name of what is gone that none is about."""
        return self.clause or self.call.rpartition(".")[2]

    @property
    def certain(self) -> bool:
        """Whether it does not depend on anything that cannot be seen."""
        return not self.condition


#: Words that tell that a behaviour is an exception.
_RAISES: Final = re.compile(r"\b(raises?|refused|fails?|\w*(?:Error|Exception|StopIteration))\b")
#: What raises in one case, and goes on in another.
_IN_ONE_CASE: Final = re.compile(r"(?P<raises>.+ raises? .+?) if (?P<case>.+); else (?P<other>.+)")
_EXCEPTION: Final = re.compile(r"\w+(Error|Exception)\b.*")
#: What neither happened nor tells what would.
_UNTOLD: Final = frozenset({Verdict.ABSENT, Verdict.BLOCKED, Verdict.CRASH, Verdict.TIMEOUT})


class Examiner:
    """Finds what changes for programs between two sides.

    Args:
        comparison: of the sides.
    """

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison
        self._otherwise_checked = frozenset(comparison.otherwise_checked)
        self._absent: Absences = absences(comparison)
        self._members = Members(comparison.before.subject, comparison.after.subject)
        clauses = spec.contract().clauses
        self._touches: dict[str, list[tuple[Change, spec.Touch]]] = {}
        for change in comparison.changes:
            record = clauses.get(change.clause)
            for touch in record.touched_by if record is not None else ():
                if _matters(change, touch):
                    for method in touch.methods or (change.method,):
                        self._touches.setdefault(method, []).append((change, touch))

    @property
    def not_known(self) -> list[str]:
        """The sides of which is not known what a model has beside what clauses are about."""
        sides = (self._comparison.before, self._comparison.after)
        return [item.name for item in sides if not item.subject.members]

    def examine(self, source: Source) -> list[Finding]:
        """Return what changes for a program, the worst first."""
        names = Names(source)
        changes = [
            (call, item)
            for call in (*calls(names), *hook_reads(names))
            for item in self.of_call(call)
        ]
        changes += [
            (call, self._finding(call, None, Kind.ABSENT, conditions, argument))
            for call, argument, conditions in self._members.uses(names)
        ]
        found = [item for call, item in changes if item.rule not in source.ignored(call.node)]
        order = list(Kind)
        return sorted(found, key=lambda item: (order.index(item.kind), item.place, item.clause))

    def of_call(self, call: Call) -> Iterator[Finding]:
        """Yield what changes for one call."""
        gone = self._absent.methods.get(call.method)
        if gone is not None:
            yield self._finding(call, gone, Kind.ABSENT, [])
            # What is written instead of it meets the clauses that name it.
            yield from self._touched(call)
            return
        for name, change in self._absent.arguments.get(call.method, {}).items():
            if name in call.arguments:
                perhaps = [f"`{name}` is given"] if name in call.perhaps else []
                yield self._finding(call, change, Kind.ABSENT, perhaps, name)
        yield from self._touched(call)

    def _touched(self, call: Call) -> Iterator[Finding]:
        found: dict[str, tuple[bool, Finding]] = {}
        for change, touch in self._touches.get(call.method, []):
            answer = touches(call, touch)
            if answer is False:
                continue
            kind = _kind(change, touch)
            provided = (touch.provided, _case(change) if kind is Kind.FAILS else "")
            conditions = [*unseen(call, touch), *filter(None, provided)]
            item = self._finding(call, change, kind, conditions)
            known = found.get(change.clause)
            # Of several ways to touch a clause the one counts of which most is seen.
            if known is None or (item.certain, bool(answer)) > (known[1].certain, known[0]):
                found[change.clause] = bool(answer), item
        yield from (item for _, item in found.values())

    def _finding(
        self,
        call: Call,
        change: Change | None,
        kind: Kind,
        conditions: list[str],
        argument: str = "",
    ) -> Finding:
        written = ast.unparse(_named(call.node))
        receiver = written.rpartition(".")[0]
        doubt = [] if call.model.sure else [f"`{receiver}` is a model of Keras"]
        subject = argument or call.method
        before, after = f"`{subject}` was there", f"there is no `{subject}`"
        if change is not None and kind is not Kind.ABSENT:
            before, after = _told(change.before), _told(change.after)
            if change.clause in self._otherwise_checked:
                doubt.append("one check tells both sides apart, as each was decided by another")
        return Finding(
            place=call.source.place(_place_of(call, call.arguments.get(argument))),
            call=written,
            clause="" if change is None else change.clause,
            kind=kind,
            condition="; ".join([*doubt, *conditions]),
            before=before,
            after=after,
            advice=advice_on(change, subject if kind is Kind.ABSENT else ""),
            repro="" if change is None else self._repro(change),
        )

    def _repro(self, change: Change) -> str:
        # A script shows what falls short; where only the first side does, that.
        sides = self._comparison.after, self._comparison.before
        short = change.after.fell_short or not change.before.fell_short
        name = sides[0].subject.name if short else sides[1].subject.name
        return f"fitspec repro {change.clause} --implementation {name}"


def _place_of(call: Call, at: ast.expr | None) -> ast.expr:
    # What an argument gets may stand far away, in a dict; a method is where the call begins.
    first, last = call.node.lineno, call.node.end_lineno or call.node.lineno
    return at if at is not None and first <= at.lineno <= last else call.node


def _named(node: ast.expr) -> ast.expr:
    return node.func if isinstance(node, ast.Call) and _is_method(node) else node


def _is_method(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and node.func.attr != "get"


def _matters(change: Change, touch: spec.Touch) -> bool:
    """Return whether a change can be met by a program that ran on the first side."""
    if change.after.verdict in _UNTOLD or change.before.verdict in _UNTOLD:
        return False
    return not _raised(change.before, touch)


def _kind(change: Change, touch: spec.Touch) -> Kind:
    if _raised(change.after, touch):
        return Kind.FAILS
    return Kind.SILENT if touch.numbers else Kind.OTHERWISE


def _case(change: Change) -> str:
    """Return in which case alone the second side raises; empty if it does in all."""
    cases = _IN_ONE_CASE.fullmatch(change.after.behaviour or "")
    return "" if cases is None else cases["case"]


def _raised(finding: Seen, touch: spec.Touch) -> bool:
    """Return whether a call that touches a clause ends in an exception."""
    if finding.behaviour is not None:
        told = finding.behaviour
        if touch.numbers:
            # What raises is another call, which is told beside, or another case of this one.
            cases = _IN_ONE_CASE.fullmatch(told)
            told = re.split("[,;]", told)[0] if cases is None else cases["other"]
        return _RAISES.search(told) is not None
    if finding.verdict is Verdict.PASS:
        return touch.refused
    if finding.verdict is Verdict.ERROR or touch.raises:
        return True
    return not touch.refused and _EXCEPTION.fullmatch(finding.observed) is not None


def _told(finding: Seen) -> str:
    """Return what an implementation does about a clause, in words."""
    if finding.behaviour is not None:
        return finding.behaviour
    if finding.verdict is Verdict.PASS:
        return statement(finding.clause)
    return finding.detail or finding.observed
