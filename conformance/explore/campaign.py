"""A campaign: many programs, one after the other, and the distinct differences that they show."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from fitspec.conformance.explore import telling
from fitspec.conformance.explore.records import Record, Sighting
from fitspec.conformance.explore.shrinking import contains, shrink

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from fitspec.conformance.explore.comparing import Difference, Kind
    from fitspec.conformance.explore.looking import Oracle
    from fitspec.conformance.explore.program import Program


def campaign(
    programs: Iterable[Program], oracles: Sequence[Oracle], known: Mapping[int, Record]
) -> Iterator[Record]:
    """Look at programs, and yield what came of each.

    Args:
        programs: in order.
        oracles: who look at them.
        known: by number, what came of some of them before: these are yielded as they are.

    Raises:
        ValueError: a known record is of another program than is drawn now.
        Unavailable, ProtocolFault: as `perform`.
    """
    found = _Found()
    for record in known.values():
        found.remember(record)
    for number, program in enumerate(programs):
        before = known.get(number)
        if before is not None and before.program != program:
            raise ValueError(
                f"program {number}: another one is drawn now; the campaign was begun by another "
                "version of fitspec or of Hypothesis"
            )
        yield before or found.look(number, program, oracles)


class _Found:
    """The distinct differences so far: of each kind, the programs that show it."""

    def __init__(self) -> None:
        self._by_kind: dict[Kind, dict[str, Sighting]] = defaultdict(dict)

    def remember(self, record: Record) -> None:
        for each in record.sightings:
            self._by_kind[each.kind].setdefault(each.program.text(), each)

    def look(self, number: int, program: Program, oracles: Sequence[Oracle]) -> Record:
        looks = [(oracle, oracle.look(program)) for oracle in oracles]
        sightings = [
            self._sighted(look.program, difference, oracle)
            for oracle, look in looks
            for difference in look.differences
        ]
        performed = max(len(look.program.calls) for _, look in looks)
        record = Record(number, program, performed, sum(look.lost for _, look in looks), sightings)
        self.remember(record)
        return record

    def _sighted(self, program: Program, difference: Difference, oracle: Oracle) -> Sighting:
        kind = difference.kind
        for each in self._by_kind[kind].values():
            if contains(program, each.program):
                return Sighting(kind, each.program, each.observed, each.other, shrunk=False)
        last = difference

        def shows(smaller: Program) -> bool:
            nonlocal last
            same = [
                each for each in oracle.look(smaller, kind.against).differences if each.kind == kind
            ]
            last = same[0] if same else last
            return bool(same)

        smallest = shrink(program, shows)
        return Sighting(kind, smallest, telling.side(last.observed), telling.side(last.other))


def causes(records: Iterable[Record]) -> list[tuple[Sighting, list[int]]]:
    """Return each distinct difference with the numbers of the programs, the most frequent first."""
    seen: dict[tuple[Kind, str], tuple[Sighting, list[int]]] = {}
    for record in records:
        for each in record.sightings:
            seen.setdefault(each.cause, (each, []))[1].append(record.number)
    return sorted(seen.values(), key=lambda cause: -len(cause[1]))
