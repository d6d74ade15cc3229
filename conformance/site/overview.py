"""What the pages of a site show: reports side by side, in the order of the contract."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

from fitspec import spec
from fitspec.conformance.gate.expected import cause_of
from fitspec.conformance.report import telling
from fitspec.conformance.report.verdicts import Finding, Verdict, suspected
from fitspec.conformance.site.text import address

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fitspec.conformance.gate.expected import Entry
    from fitspec.conformance.report.report import Report, Subject

#: What a cell says of a clause that was not examined on an implementation.
UNKNOWN = "not examined"
#: The kind of a cell that records a behaviour and gives no verdict.
OBSERVED = "observed"


@dataclass(frozen=True)
class Cell:
    """What was found of one clause on one implementation.

    Args:
        finding: as the report has it.
        mark: the sign in the matrix.
        cause: the entry that knows why it falls short.
    """

    finding: Finding
    mark: str
    cause: Entry | None = None

    @property
    def kind(self) -> str:
        """The verdict, or `observed`, in a word."""
        return self.finding.verdict or OBSERVED

    @property
    def word(self) -> str:
        """What is read out for the sign."""
        word = self.kind if self.finding.verdict else f"{OBSERVED}, behaviour {self.mark}"
        return f"{word}, unsteady" if self.finding.unsteady else word

    @property
    def sides(self) -> list[telling.Line]:
        """What was expected and what was observed."""
        return [
            item for item in telling.told(self.finding, longest=None) if item[0] in telling.SIDES
        ]

    @property
    def facts(self) -> list[telling.Line]:
        """What else is told of the finding, beside its clause and its sides."""
        apart = (telling.SAYS, telling.BEHAVIOUR, *telling.SIDES)
        return [item for item in telling.told(self.finding, longest=None) if item[0] not in apart]

    @property
    def note(self) -> str:
        """What it looks like, or what went wrong, where that is known."""
        return telling.note(self.finding)[1]


@dataclass(frozen=True)
class Column:
    """One implementation as one report has it.

    Args:
        name: what stands above the column; no other column has the same.
        subject: who it is.
        header: of its report.
        cells: by clause.
    """

    name: str
    subject: Subject
    header: Mapping[str, Any]
    cells: Mapping[str, Cell]

    @property
    def address(self) -> str:
        """What stands for it in addresses."""
        return address(self.name)

    @property
    def main_version(self) -> str:
        """The version of what it is named for; empty if it did not start."""
        return next(iter(self.subject.versions.values()), "")

    @property
    def counts(self) -> Counter[Verdict]:
        """How many of its clauses got each verdict."""
        verdicts = (item.finding.verdict for item in self.cells.values())
        return Counter(item for item in verdicts if item is not None)


@dataclass(frozen=True)
class Row:
    """One clause, and what was found of it.

    Args:
        clause: of the contract.
        cells: one for each column; None where it was not examined.
    """

    clause: spec.Clause
    cells: tuple[Cell | None, ...]

    @property
    def rest(self) -> str:
        """The part of the id that follows the method and the topic."""
        head = f"{self.clause.method}.{self.clause.topic}"
        return self.clause.id.removeprefix(head).removeprefix(".")

    @property
    def suspected(self) -> bool:
        """Whether its check may be wrong."""
        return suspected(item.finding for item in self.cells if item is not None)

    @property
    def behaviours(self) -> dict[str, str]:
        """The behaviours that were seen, by the letter that stands for each."""
        return {
            item.mark: item.finding.behaviour or ""
            for item in self.cells
            if item is not None and item.finding.verdict is None
        }


@dataclass(frozen=True)
class Topic:
    """The clauses about one argument or result of a method."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Chapter:
    """The clauses about one method."""

    name: str
    topics: tuple[Topic, ...]

    @property
    def rows(self) -> list[Row]:
        """All its clauses."""
        return [row for topic in self.topics for row in topic.rows]


@dataclass(frozen=True)
class Site:
    """All that the pages show.

    Args:
        columns: the implementations.
        methods: the clauses that were examined on any of them.
        strangers: findings on clauses that the contract does not have, by the id given.
        faults: what went wrong on the side of the harness.
    """

    columns: tuple[Column, ...]
    methods: tuple[Chapter, ...]
    strangers: Mapping[str, int] = field(default_factory=dict)
    faults: tuple[str, ...] = ()

    @property
    def rows(self) -> list[Row]:
        """All clauses, in the order of the contract."""
        return [row for method in self.methods for row in method.rows]

    @property
    def has_unsteady(self) -> bool:
        """Whether anything came out otherwise when it was tried again."""
        return any(
            cell.finding.unsteady for column in self.columns for cell in column.cells.values()
        )


def totals(rows: Sequence[Row], place: int) -> tuple[int, int]:
    """Return how many clauses passed in a column, and how many were judged there.

    What could not be started was not.

    Args:
        rows: of which clauses.
        place: of the column.
    """
    verdicts = [cell.finding.verdict for row in rows if (cell := row.cells[place]) is not None]
    judged = [item for item in verdicts if item not in (None, Verdict.UNAVAILABLE)]
    return judged.count(Verdict.PASS), len(judged)


def site_of(
    reports: Sequence[Report],
    causes: Sequence[Sequence[Entry]] = (),
    first: Sequence[str] = (),
) -> Site:
    """Put reports side by side.

    Args:
        reports: in the order in which their implementations shall come, but for those of `first`.
        causes: collections of entries that say why implementations fall short; where several
            know it, the first of them counts.
        first: names of implementations that come before others, in this order.
    """
    contract = spec.contract()
    owners = [(report, subject) for report in reports for subject in report.subjects]
    places = {name: place for place, name in enumerate(first)}
    owners.sort(key=lambda owner: places.get(owner[1].name, len(places)))
    letters: dict[str, dict[str, str]] = defaultdict(dict)
    columns = []
    for name, (report, subject) in zip(_names(owners), owners, strict=True):
        cells = {
            item.clause: _cell(item, subject, letters[item.clause], causes)
            for item in report.of(subject.name)
            if item.clause in contract.clauses
        }
        columns.append(Column(name, subject, report.header, cells))
    strangers = Counter(
        item.clause
        for report in reports
        for item in report.findings
        if item.clause not in contract.clauses
    )
    faults = tuple(fault for report in reports for fault in report.faults)
    return Site(tuple(columns), tuple(_methods(columns)), strangers, faults)


def _cell(
    finding: Finding, subject: Subject, letters: dict[str, str], causes: Sequence[Sequence[Entry]]
) -> Cell:
    if finding.verdict is None:
        behaviour = finding.behaviour or ""
        return Cell(finding, letters.setdefault(behaviour, letter(len(letters))))
    known = (cause_of(finding, subject.versions, entries) for entries in causes)
    cause = next((item for item in known if item is not None and item.reason), None)
    return Cell(finding, finding.verdict.mark, cause)


def letter(place: int) -> str:
    """Return a, b, c; after z come a2, b2, c2."""
    round_, letter = divmod(place, len(ascii_lowercase))
    return ascii_lowercase[letter] + (str(round_ + 1) if round_ else "")


def _names(owners: Sequence[tuple[Report, Subject]]) -> Iterator[str]:
    """Yield a name for each implementation that no other one has."""
    times = Counter(subject.name for _, subject in owners)
    taken: set[str] = {name for name, count in times.items() if count == 1}
    for report, subject in owners:
        name = subject.name or "(no name)"
        if times[subject.name] > 1:
            name = dated = f"{name} ({_when(str(report.header.get('started', '')))})"
            number = 1
            while name in taken:
                number += 1
                name = f"{dated} {number}"
            taken.add(name)
        yield name


def _when(text: str) -> str:
    try:
        return datetime.fromisoformat(text).strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return text


def _methods(columns: Sequence[Column]) -> Iterator[Chapter]:
    seen = {clause for column in columns for clause in column.cells}
    rows = [
        Row(clause, tuple(column.cells.get(clause.id) for column in columns))
        for clause in spec.contract().clauses.values()
        if clause.id in seen
    ]
    for method, of_method in groupby(rows, key=lambda row: row.clause.method):
        topics = groupby(of_method, key=lambda row: row.clause.topic)
        yield Chapter(method, tuple(Topic(name, tuple(of_topic)) for name, of_topic in topics))
