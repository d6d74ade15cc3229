"""From which answers of an implementation a check read what it observed.

The check is gone through again with one answer changed at a time: what changes with it was read off
there. So nothing has to be known of how a check reads, and what it does more than read is told
from what it does not.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from fitspec.conformance.repro.answer_places import (
    NEVER,
    all_leaves,
    all_nodes,
    another,
    answered_with,
    is_inside,
)
from fitspec.conformance.repro.batch_readers import OTHERS, PROPERTIES, Look, Tap
from fitspec.conformance.repro.origins import (
    Batches,
    Default,
    Ending,
    Fact,
    Origin,
    Parameters,
    Part,
    Path,
    Printed,
    Provenance,
    Read,
    TakesKeywords,
    Told,
)
from fitspec.conformance.repro.replay import Claimed, replay
from fitspec.conformance.repro.value_places import (
    at,
    fits,
    is_container,
    is_same,
    items_of,
    numbers_in,
    parts_of,
)
from fitspec.conformance.worker.remote import RemoteError
from fitspec.conformance.worker.transcript import events_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fitspec.conformance.worker.transcript import Request


def read(clause_id: str, requests: Sequence[Request], example: str = "") -> Provenance:
    """Find out where a check that fell read what it observed.

    Args:
        clause_id: id of its clause.
        requests: that it made, with what came of them.
        example: of a law, the arguments at which it fell.

    Raises:
        Diverged: the check cannot be gone through again.
    """
    search = _Search(clause_id, requests, example)
    reading = Provenance(tuple(search.parts()), not search.missed, search.claimed.ulps)
    return reading if reading.shows else replace(reading, facts=tuple(search.facts()))


#: Keys and indices that lead to a place in what was observed.
Route: TypeAlias = tuple[Any, ...]

#: Where an event has the index of the epoch, batch or item that it is about.
_INDEX: Path = (("key", "index"),)
#: What may matter is tried out one by one, and not more than that.
_TRIALS = 500
#: How much may matter for a person to look through it.
_FACTS = 16


class _Search:
    """Looks for the origin of each part of what was observed."""

    def __init__(self, clause_id: str, requests: Sequence[Request], example: str) -> None:
        self._clause, self._requests, self._example = clause_id, list(requests), example
        self.claimed = replay(clause_id, requests, example)
        #: The places in what was observed whose origin was not found.
        self.missed: list[tuple[Any, ...]] = []
        self._leaves = list(all_leaves(self._requests))
        self._endings = dict(self._find_endings())

    def _again(self, place: int, changed: Request) -> Claimed | None:
        """Return what is claimed when one request is answered otherwise; None if nothing is."""
        requests = [*self._requests[:place], changed, *self._requests[place + 1 :]]
        try:
            return replay(self._clause, requests, self._example)
        except Exception:  # noqa: BLE001  whatever a check makes of an answer it was not made for
            return None

    def _find_endings(self) -> Iterator[tuple[tuple[Any, ...], Ending]]:
        """Yield the places in what was observed that say how a call ended."""
        for place, request in enumerate(self._requests):
            if request.operation not in ("call", "build"):
                continue
            error = RemoteError([NEVER, "Exception"], "", "")
            claimed = self._again(place, replace(request, came=None, fell=True, error=error))
            if claimed is None:
                continue
            wrong_type = RemoteError(["TypeError", "Exception"], "", "")
            other = self._again(place, replace(request, came=None, fell=True, error=wrong_type))
            for path, value in parts_of(claimed.observed):
                if value == NEVER:
                    refusal = other is not None and at(other.observed, path) == "refused"
                    yield path, Ending(place, refusal)

    def parts(self) -> Iterator[Part]:
        """Yield the parts whose origin is found, and count the others."""
        yield from self._parts(self.claimed.observed, self.claimed.expected, ())

    def _parts(self, observed: Any, expected: Any, path: tuple[Any, ...]) -> Iterator[Part]:
        origin: Origin | None = (
            self._ending(observed, path)
            or self._read_as_list(observed, path)
            or self._parameters(observed)
            or self._told(observed, path)
        )
        if origin is None and not is_container(observed):
            origin = self._read(observed, path) or self._default(observed, path)
        if origin is not None:
            yield Part(path, origin, expected, observed)
            return
        if not is_container(observed) or not fits(observed, expected):
            self.missed.append(path)
            return
        for key, item in items_of(observed):
            yield from self._parts(item, at(expected, (key,)), (*path, key))

    def _ending(self, observed: Any, path: tuple[Any, ...]) -> Ending | None:
        """Find the call whose end was observed, and not, as it did end well, its value."""
        found = self._endings.get(path)
        if found is None or not isinstance(observed, str):
            return None
        return found if self._requests[found.request].fell or observed == "returned" else None

    def _read(self, observed: Any, path: tuple[Any, ...]) -> Read | None:
        """Find a value among the answers that is this one, and stays it when it is changed."""
        for where, value in self._leaves:
            # Of an index it is no matter what it is, but of which event it is.
            if _is_index(where) or not is_same(value, observed):
                continue
            if self._follows(where, value, path):
                return where
        return None

    def _follows(self, where: Read, value: Any, path: tuple[Any, ...]) -> bool:
        other = another(value)
        changed = answered_with(self._requests[where.request], where, other)
        claimed = self._again(where.request, changed)
        return claimed is not None and is_same(at(claimed.observed, path), other)

    def _read_as_list(self, observed: Any, path: tuple[Any, ...]) -> Read | None:
        """Find numbers that are the last of an array or list in an answer, or all of it."""
        numbers = numbers_in(observed)
        if not numbers:
            return None
        for where, node in all_nodes(self._requests):
            there = numbers_in(node)
            start = len(there) - len(numbers)
            if start < 0 or not is_same(there[start:], numbers):
                continue
            inside = [item for item in self._leaves if is_inside(item[0], where)][start:]
            if len(inside) != len(numbers):
                continue
            ends = [(0, inside[0]), (len(inside) - 1, inside[-1])]
            if all(self._follows(*leaf, (*path, place)) for place, leaf in ends):
                return replace(where, flat=True, start=start)
        return None

    def _default(self, observed: Any, path: tuple[Any, ...]) -> Default | None:
        """Find a parameter of a signature that is named by the place where this was observed."""
        for place, request in enumerate(self._requests):
            if request.operation != "signature" or not path or not isinstance(path[-1], str):
                continue
            found = [item for item in request.answer or () if item["name"] == path[-1]]
            told = found[0].get("default", "required") if found else "missing"
            if is_same(told, observed):
                return Default(place, path[-1])
        return None

    def _parameters(self, observed: Any) -> Parameters | None:
        """Find a signature whose parameters, or the first of them, are what was observed."""
        for place, request in enumerate(self._requests):
            if request.operation == "signature" and not request.fell:
                told = [[item["name"], item.get("default", "required")] for item in request.answer]
                if told and is_same(told, observed):
                    return Parameters(place)
                if isinstance(observed, list) and is_same(told[: len(observed)] or None, observed):
                    return Parameters(place, len(observed))
        return None

    def _told(self, observed: Any, path: tuple[Any, ...]) -> Told | None:
        """Find a probe that was told these indices, in this order, and no other."""
        numbers = numbers_in(observed)
        if not numbers:
            return None
        told: dict[tuple[str, str], list[tuple[Read, Any]]] = {}
        for place, request in enumerate(self._requests):
            for number, event in enumerate(events_of(request)):
                where = Read(place, _INDEX, number)
                told.setdefault((event.probe, event.kind), []).append((where, event.index))
        for (probe, kind), each in told.items():
            if is_same([index for _, index in each], numbers) and all(
                self._follows(where, index, (*path, place))
                for place, (where, index) in enumerate(each)
            ):
                return Told(probe, kind, "index")
        return None

    def facts(self) -> Iterator[Fact]:
        """Yield what the places depend on that were not read off an answer, and fell.

        Nothing, if that is more than a person can look through.
        """
        fallen = [
            path
            for path in self.missed
            if not is_same(at(self.claimed.observed, path), at(self.claimed.expected, path))
        ]
        seen = Tap()
        replay(self._clause, self._requests, self._example, seen)
        if seen.looks:
            # What is told of batches by weights is not told by single weights.
            found = self._of_batches(seen.looks, fallen)
            yield from found if len(found) <= _FACTS else ()
            return
        for trials in (self._trials(), self._losses()):
            tried = list(trials)
            if not fallen or len(tried) > _TRIALS:
                return
            found = [
                fact for fact, place, other in tried if self._matters(fact, place, other, fallen)
            ]
            if found:
                yield from found if len(found) <= _FACTS else ()
                return

    def _trials(self) -> Iterator[tuple[Fact, int, Request]]:
        """Yield what may matter, with the place of its request and how that would be otherwise."""
        for where, value in self._leaves:
            if not _is_index(where):
                changed = answered_with(self._requests[where.request], where, another(value))
                yield Fact(where, value), where.request, changed
        for place, request in enumerate(self._requests):
            for number, event in enumerate(events_of(request)):
                where = Read(place, (("thread",),), number)
                changed = answered_with(request, where, not event.main_thread)
                yield Fact(where, event.main_thread), place, changed
            if request.came is not None and request.came.stdout:
                silent = replace(request.came, stdout="")
                yield Fact(Printed(place), True), place, replace(request, came=silent)
            if request.operation == "signature" and request.came is not None:
                kept = [item for item in request.answer if item["kind"] != "var_keyword"]
                takes = len(kept) < len(request.answer)
                more = [] if takes else [{"name": "kwargs", "kind": "var_keyword"}]
                came = replace(request.came, value=[*kept, *more])
                yield Fact(TakesKeywords(place), takes), place, replace(request, came=came)

    def _of_batches(self, looks: Sequence[Look], fallen: Sequence[Route]) -> list[Fact]:
        """Return the properties of batches, if some others would be as expected."""
        for change in OTHERS:
            others = {number: change(look.epochs) for number, look in enumerate(looks)}
            try:
                claimed = replay(self._clause, self._requests, self._example, Tap(others))
            except Exception:  # noqa: BLE001, S112  as above
                continue
            told = [
                (look, item, item(look.epochs), item(others[number]))
                for number, look in enumerate(looks)
                for item in PROPERTIES[look.reader]
            ]
            if self._mends(claimed, fallen) and any(now != other for *_, now, other in told):
                return [
                    Fact(Batches(look.probe, look.reader, item.__name__), now)
                    for look, item, now, _ in told
                ]
        return []

    def _mends(self, claimed: Claimed, paths: Sequence[Route]) -> bool:
        """Whether what is claimed at these places is as expected."""
        return all(
            is_same(at(claimed.observed, path), at(claimed.expected, path)) for path in paths
        )

    def _losses(self) -> Iterator[tuple[Fact, int, Request]]:
        """Yield lists that may matter as a whole: what would be if they were lost, or not empty."""
        for where, value in all_nodes(self._requests):
            if where.event is not None or not isinstance(value, list):
                continue
            numbers = numbers_in(value)
            if value and not numbers:
                continue
            changed = answered_with(self._requests[where.request], where, [] if value else [NEVER])
            fact = Fact(replace(where, flat=bool(numbers)), value)
            yield fact, where.request, changed

    def _matters(self, fact: Fact, place: int, changed: Request, paths: Sequence[Route]) -> bool:
        claimed = self._again(place, changed)
        if isinstance(fact.origin, Printed):
            # What is printed may be wrong in many ways; only silence can be told from it.
            return claimed is not None and any(self._mends(claimed, [path]) for path in paths)
        return claimed is None or self._differs(claimed, paths)

    def _differs(self, claimed: Claimed, paths: Sequence[Route]) -> bool:
        """Whether at one of these places something else is claimed than in the run."""
        return any(
            not is_same(at(claimed.observed, path), at(self.claimed.observed, path))
            for path in paths
        )


def _is_index(where: Read) -> bool:
    return where.event is not None and where.path == _INDEX
