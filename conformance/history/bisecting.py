"""Finding the version that changed what a clause comes to, asking as few of them as it takes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from fitspec.conformance.changes.compare import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from fitspec.conformance.report.verdicts import Finding

#: How often a version is asked that did not come to the same twice.
TRIES: Final = 5


@dataclass(frozen=True)
class Step:
    """A step to another outcome.

    Args:
        before, after: the versions between which it is.
        was, now: what they came to.
        between: those of which nothing is known, as they could not be run.
    """

    before: str
    after: str
    was: Finding
    now: Finding
    between: tuple[str, ...]


class NothingKnown(RuntimeError):  # noqa: N818  as `HarnessFault`, it says what happened
    """There are no two versions that could be asked."""


class Search:
    """Looks for the steps between the first and the last of several versions.

    Where both ends of a part came to the same, nothing is looked for in it: what changes and
    changes back between them is not met. Where a third outcome is met, there are several steps,
    and all of those are found.

    Args:
        versions: from the oldest to the newest.
        known: what is known of some without asking.
        ask: returns what a version came to; None if it could not be run.
    """

    def __init__(
        self,
        versions: Sequence[str],
        known: Mapping[str, Finding],
        ask: Callable[[str], Finding | None],
    ) -> None:
        self._versions = versions
        self._asked: dict[str, Finding | None] = dict(known)
        self._ask = ask

    def steps(self) -> Iterator[Step]:
        """Yield each step as it is found, from the oldest to the newest.

        Raises:
            NothingKnown: fewer than two versions could be run.
        """
        places = range(len(self._versions))
        ends = [self._first(order) for order in (places, reversed(places))]
        first, last = (0 if end is None else end for end in ends)
        if first >= last:
            raise NothingKnown("of these versions fewer than two could be run; nothing is known")
        told = [at for at in places if first <= at <= last and self._is_known(at)]
        for low, high in pairwise(told):
            yield from self._between(low, high)

    def _first(self, order: Iterable[int]) -> int | None:
        return next((at for at in order if self._found(at) is not None), None)

    def _is_known(self, at: int) -> bool:
        return self._asked.get(self._versions[at]) is not None

    def _found(self, at: int) -> Finding | None:
        version = self._versions[at]
        if version not in self._asked:
            self._asked[version] = self._ask(version)
        return self._asked[version]

    def _between(self, low: int, high: int) -> Iterator[Step]:
        was, now = self._found(low), self._found(high)
        assert was is not None  # noqa: S101  both are known
        assert now is not None  # noqa: S101  likewise
        if kind_of(was, now) is None:
            return
        # From the middle outwards: one that cannot be run is passed over for its neighbour.
        inside = sorted(range(low + 1, high), key=lambda at: (abs(2 * at - low - high), at))
        middle = self._first(inside)
        if middle is None:
            between = tuple(self._versions[low + 1 : high])
            yield Step(self._versions[low], self._versions[high], was, now, between)
            return
        yield from self._between(low, middle)
        yield from self._between(middle, high)


def steady(once: Callable[[int], Finding]) -> Finding:
    """Return what comes of a version: if that is not the same twice, what comes most often.

    Args:
        once: has it tried, and is given how often it was before.
    """
    tries = [once(0), once(1)]
    if _outcome(tries[0]) == _outcome(tries[1]):
        return tries[0]
    tries += [once(number) for number in range(2, TRIES)]
    words = [str(item.verdict or item.behaviour) for item in tries]
    outcome, _ = Counter(map(_outcome, tries)).most_common(1)[0]
    chosen = next(item for item in tries if _outcome(item) == outcome)
    return replace(chosen, tries=tuple(words) if len(set(words)) > 1 else ())


def _outcome(item: Finding) -> tuple[object, ...]:
    return item.verdict, item.behaviour, item.observed if item.fell_short else ""
