"""What changes, arranged for a person who goes from one side to the other."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from fitspec.conformance.changes.compare import Change, Comparison, Kind
from fitspec.conformance.report.hostile import visible
from fitspec.conformance.report.telling import SAYS, counted, lines, note, statement, told
from fitspec.conformance.report.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fitspec.conformance.gate.expected import Entry
    from fitspec.conformance.report.telling import Line
    from fitspec.conformance.report.verdicts import Finding

    #: Finding that fell short -> what is known of why it did.
    Causes = Mapping[Finding, Entry]

#: The label of an address.
SEE = "see"
#: What one reason explains for many clauses at once.
_SHARED = (Verdict.ABSENT, Verdict.BLOCKED)

_LEADS = {
    Kind.STARTS_TO_FAIL: "What one could rely on before and cannot any more.",
    Kind.STARTS_TO_PASS: "What went wrong before and now does what the clause says.",
    Kind.FAILS_OTHERWISE: "What went wrong before and now goes wrong in another way.",
    Kind.BEHAVES_OTHERWISE: "What no document promises; whoever relies on it sees a change.",
}


@dataclass(frozen=True)
class Item:
    """One thing that changes.

    Args:
        heading: what it is: the id of a clause, or a reason that several clauses share.
        clauses: their ids; one, if the heading is its id.
        verdicts: what was found before and after, as ``pass → fail``; empty where there is none.
        rows: label and text, in order.
    """

    heading: str
    clauses: tuple[str, ...]
    verdicts: str
    rows: tuple[Line, ...]

    @property
    def is_clause(self) -> bool:
        """Whether its heading is the id of its one clause."""
        return self.clauses == (self.heading,)

    @property
    def noun(self) -> str:
        """What its ids are called."""
        return "clause" if len(self.clauses) == 1 else "clauses"


@dataclass(frozen=True)
class Section:
    """The changes of one kind.

    Args:
        kind: that they are of.
        lead: a sentence about them.
        count: how many clauses they are.
        methods: by method, in the order of the contract.
    """

    kind: Kind
    lead: str
    count: int
    methods: tuple[tuple[str, tuple[Item, ...]], ...]

    @property
    def heading(self) -> str:
        """Its kind as a title, with how many clauses that are."""
        return f"{self.kind.capitalize()}: {counted(self.count, 'clause')}"


def sections(comparison: Comparison, causes: Causes) -> list[Section]:
    """Return the changes by what they mean, leaving out the kinds that do not occur.

    Args:
        comparison: of two sides.
        causes: why implementations fall short, as far as that is known.
    """
    found = []
    for kind in Kind:
        changes = comparison.of(kind)
        if changes:
            by_method = groupby(changes, key=lambda item: item.method)
            methods = tuple(
                (method, tuple(_items(kind, list(of_method), causes)))
                for method, of_method in by_method
            )
            found.append(Section(kind, _LEADS[kind], len(changes), methods))
    return found


def totals(comparison: Comparison) -> str:
    """Return how much changes, in a line."""
    parts = [f"{len(comparison.of(kind))} {_VERBS[kind]}" for kind in Kind if comparison.of(kind)]
    return f"{', '.join(parts) or 'nothing changes'}; {comparison.compared} clauses compared."


_VERBS = {
    Kind.STARTS_TO_FAIL: "start to fail",
    Kind.STARTS_TO_PASS: "start to pass",
    Kind.FAILS_OTHERWISE: "fail otherwise",
    Kind.BEHAVES_OTHERWISE: "behave otherwise",
}


def not_compared(comparison: Comparison) -> list[tuple[str, tuple[str, ...]]]:
    """Return the sides on which alone some clauses were examined, with these."""
    pairs = (
        (comparison.before.name, comparison.only_before),
        (comparison.after.name, comparison.only_after),
    )
    return [(name, clauses) for name, clauses in pairs if clauses]


def _items(kind: Kind, changes: Sequence[Change], causes: Causes) -> Iterator[Item]:
    """Yield the changes of one method: what shares a reason together, where the first stands."""
    by_reason: dict[tuple[object, ...], list[Change]] = defaultdict(list)
    for place, change in enumerate(changes):
        reason = _shared_reason(kind, change)
        by_reason[(place,) if reason is None else reason].append(change)
    for same in by_reason.values():
        reason = _shared_reason(kind, same[0])
        if reason is None:
            yield _single(kind, same[0], causes)
        else:
            yield _several(kind, reason[-1], same, causes)


def _shared_reason(kind: Kind, change: Change) -> tuple[str, str, str] | None:
    """Return both verdicts and the reason, if that is of a sort that many clauses share."""
    if kind is Kind.BEHAVES_OTHERWISE:
        _, lacking, reason = (change.after.behaviour or "").partition(f"{Verdict.ABSENT.meaning}: ")
        return ("", "", reason) if lacking else None
    if kind not in (Kind.STARTS_TO_FAIL, Kind.STARTS_TO_PASS):
        return None
    fallen = change.after if kind is Kind.STARTS_TO_FAIL else change.before
    if fallen.verdict not in _SHARED:
        return None
    return str(change.before.verdict), str(change.after.verdict), fallen.observed


def _several(kind: Kind, reason: str, same: Sequence[Change], causes: Causes) -> Item:
    fallen = [item.before if kind is Kind.STARTS_TO_PASS else item.after for item in same]
    rows = [*dict.fromkeys(row for item in fallen for row in _cause(item, causes))]
    if len(same) == 1:
        rows.insert(0, (SAYS, statement(same[0].clause)))
    ids = tuple(item.clause for item in same)
    return Item(visible(reason), ids, _verdicts(same[0]), tuple(lines(*rows)))


def _single(kind: Kind, change: Change, causes: Causes) -> Item:
    before, after = change.before, change.after
    rows = [(SAYS, statement(change.clause))]
    if kind is Kind.STARTS_TO_FAIL:
        rows = [*told(after), *_cause(after, causes)]
    elif kind is Kind.STARTS_TO_PASS:
        rows += [("before", before.observed), ("after", after.observed)]
        rows += _cause(before, causes, "it was")
    elif kind is Kind.FAILS_OTHERWISE:
        rows += [("before", before.observed), ("after", after.observed)]
        rows += [note(after), *_cause(after, causes)]
    else:
        rows += [("before", _behaviour(before)), ("after", _behaviour(after))]
    return Item(change.clause, (change.clause,), _verdicts(change), tuple(lines(*rows)))


def _behaviour(item: Finding) -> str:
    return item.behaviour if item.behaviour is not None else f"{item.verdict}: {item.observed}"


def _cause(item: Finding, causes: Causes, label: str = "cause") -> list[tuple[str, str]]:
    known = causes.get(item)
    return [] if known is None else [(label, known.reason), (SEE, known.link)]


def _verdicts(change: Change) -> str:
    if change.before.verdict is None and change.after.verdict is None:
        return ""
    names = (
        "no verdict" if item.verdict is None else str(item.verdict)
        for item in (change.before, change.after)
    )
    return " → ".join(names)
