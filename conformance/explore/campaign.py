"""A campaign: many programs in order, and the distinct differences that they show.

What is performed can be performed elsewhere, many things at a time. What comes of it is the same:
records come in the order of their programs, and whether a difference is one that is known is
decided in that order, for each kind.
"""

from __future__ import annotations

from collections import defaultdict, deque
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from fitspec.conformance.explore import telling
from fitspec.conformance.explore.records import Record, Sighting
from fitspec.conformance.explore.shrinking import contains, shrink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from fitspec.conformance.explore.comparing import Difference, Kind
    from fitspec.conformance.explore.looking import Look, Oracle
    from fitspec.conformance.explore.program import Program

T = TypeVar("T")


class Hands(Protocol):
    """Who perform what a campaign is made of."""

    @property
    def ahead(self) -> int:
        """How many programs are begun at most before the first of them is through."""

    def begin(self, work: Callable[..., T], *given: Any) -> Future[T]:
        """Have `work` be called with all oracles and what is given, once or, if need be, again."""


class Here:
    """Performs at once, in this process.

    Args:
        oracles: who look at programs.
    """

    ahead = 1

    def __init__(self, oracles: Sequence[Oracle]) -> None:
        self._oracles = oracles

    def begin(self, work: Callable[..., T], *given: Any) -> Future[T]:
        """Call it."""
        future: Future[T] = Future()
        future.set_result(work(self._oracles, *given))
        return future


def campaign(
    programs: Iterable[Program], hands: Hands, known: Mapping[int, Record]
) -> Iterator[Record]:
    """Look at programs, and yield what came of each, in order.

    Args:
        programs: in order.
        hands: who perform.
        known: by number, what came of some of them before: these are yielded as they are.

    Raises:
        ValueError: a known record is of another program than is drawn now.
        Unavailable, ProtocolFault: as `perform`.
        RuntimeError: as `hands`.
    """
    drawn = enumerate(programs)
    kinds = _known_kinds(known.values())
    # What is begun and not yielded yet: first what waits for differences to be made smaller, then
    # what waits to be looked at.
    sorting: deque[_Case] = deque()
    looking: deque[_Case] = deque()
    more = True
    while more or sorting or looking:
        while more and len(sorting) + len(looking) < hands.ahead:
            number, program = next(drawn, (-1, None))
            more = program is not None
            if program is not None:
                looking.append(_begun(number, program, hands, known.get(number)))
        while looking and looking[0].looked():
            case = looking.popleft()
            for place, (look, difference) in enumerate(case.differences):
                kinds[difference.kind].waiting.append((case, place, look.program, difference))
            sorting.append(case)
        under_way = [future for kind in kinds.values() for future in kind.decide(hands)]
        if sorting and sorting[0].is_decided():
            yield sorting.popleft().record()
        elif sorting or looking:
            # Whatever else is done by then has to wait for the first that is looked at.
            next_looks = [looking[0].look] if looking else []
            wait(under_way + next_looks, return_when=FIRST_COMPLETED)


def looks_at(oracles: Sequence[Oracle], program: Program) -> list[Look]:
    """Have all oracles look at a program."""
    return [oracle.look(program) for oracle in oracles]


def smallest(oracles: Sequence[Oracle], program: Program, difference: Difference) -> Sighting:
    """Return the sighting of a difference by the smallest program that was found to show it."""
    kind = difference.kind
    (oracle,) = (each for each in oracles if kind.against in each.names)
    last = difference

    def shows(smaller: Program) -> bool:
        nonlocal last
        same = [
            each for each in oracle.look(smaller, kind.against).differences if each.kind == kind
        ]
        last = same[0] if same else last
        return bool(same)

    found = shrink(program, shows)
    return Sighting(kind, found, telling.side(last.observed), telling.side(last.other))


@dataclass
class _Case:
    """A program that was begun."""

    number: int
    program: Program
    look: Future[list[Look]]
    known: Record | None = None
    differences: list[tuple[Look, Difference]] = field(default_factory=list)
    sightings: dict[int, Sighting] = field(default_factory=dict)

    def looked(self) -> bool:
        """Return whether it was looked at; by then it has its differences."""
        if self.look.done():
            looks = self.look.result()
            self.differences = [(look, each) for look in looks for each in look.differences]
        return self.look.done()

    def is_decided(self) -> bool:
        return len(self.sightings) == len(self.differences)

    def record(self) -> Record:
        if self.known is not None:
            return self.known
        looks = self.look.result()
        performed = max(len(look.program.calls) for look in looks)
        sightings = [self.sightings[place] for place in range(len(self.differences))]
        lost = sum(look.lost for look in looks)
        return Record(self.number, self.program, performed, lost, sightings)


def _begun(number: int, program: Program, hands: Hands, known: Record | None) -> _Case:
    if known is None:
        return _Case(number, program, hands.begin(looks_at, program))
    if known.program != program:
        raise ValueError(
            f"program {number}: another one is drawn now; the campaign was begun by another "
            "version of fitspec or of Hypothesis"
        )
    nothing: Future[list[Look]] = Future()
    nothing.set_result([])
    return _Case(number, program, nothing, known)


@dataclass
class _OfAKind:
    """The differences of one kind: each is one that is known by then, or is made smaller."""

    known: dict[str, Sighting] = field(default_factory=dict)
    waiting: deque[tuple[_Case, int, Program, Difference]] = field(default_factory=deque)
    shrinking: Future[Sighting] | None = None

    def remember(self, sighting: Sighting) -> None:
        self.known.setdefault(sighting.program.text(), sighting)

    def decide(self, hands: Hands) -> list[Future[Any]]:
        """Decide on what can be decided, and return what it then waits for."""
        while self.waiting:
            case, place, program, difference = self.waiting[0]
            sighting = next(
                (
                    Sighting(each.kind, each.program, each.observed, each.other, shrunk=False)
                    for each in self.known.values()
                    if contains(program, each.program)
                ),
                None,
            )
            if sighting is None:
                self.shrinking = self.shrinking or hands.begin(smallest, program, difference)
                if not self.shrinking.done():
                    return [self.shrinking]
                sighting, self.shrinking = self.shrinking.result(), None
                self.remember(sighting)
            case.sightings[place] = sighting
            self.waiting.popleft()
        return []


def _known_kinds(records: Iterable[Record]) -> dict[Kind, _OfAKind]:
    kinds: dict[Kind, _OfAKind] = defaultdict(_OfAKind)
    for record in records:
        for each in record.sightings:
            kinds[each.kind].remember(each)
    return kinds


def causes(records: Iterable[Record]) -> list[tuple[Sighting, list[int]]]:
    """Return each distinct difference with the numbers of the programs, the most frequent first."""
    seen: dict[tuple[Kind, str], tuple[Sighting, list[int]]] = {}
    for record in records:
        for each in record.sightings:
            seen.setdefault(each.cause, (each, []))[1].append(record.number)
    return sorted(seen.values(), key=lambda cause: -len(cause[1]))
