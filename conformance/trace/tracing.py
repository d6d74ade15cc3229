"""The whole of a trace: a program on all sides, where they part from the first, and why."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from fitspec.conformance.trace.comparing import OF_NUMBERS, apart, partings
from fitspec.conformance.trace.explaining import Proof, Reason, of_deviation, proof, reasons, same
from fitspec.conformance.trace.sides import planted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fitspec.conformance.trace.comparing import Parting
    from fitspec.conformance.trace.recording import Made, Recording
    from fitspec.conformance.trace.running import Runs
    from fitspec.conformance.trace.sides import Side

#: How many times as far as by one rounding of the starting weights numbers may be apart: as often
#: each is rounded in a pass.
_SHAKEN: Final = 32

#: So many deviations are named while they are tried.
_NAMED: Final = 3


class State(StrEnum):
    """What a difference is, seen from those before it."""

    FIRST = "first"
    #: The same call from the same weights shows no such difference.
    FOLLOWS = "follows"
    #: It does.
    NEW = "new"
    #: It does, where the optimizer still has of the calls before what each side made of them.
    REMEMBERED = "remembered"
    #: What is drawn at random in the call may make it.
    CHANCE = "chance"
    #: One sample is counted otherwise, as an output lies where rounding tips the answer.
    TIPPED = "tipped"


@dataclass(frozen=True)
class Seen:
    """A difference, and what it is.

    Args:
        parting: in what the sides differ.
        state: seen from what came before.
        proof: of the first call that differs, which deviations make it; None if that is not shown.
        unproved: why not, or what else is known of it, in words.
    """

    parting: Parting
    state: State
    proof: Proof | None = None
    unproved: str = ""


@dataclass(frozen=True)
class Compared:
    """What became of a program on one side, held against the first.

    Args:
        side: who ran it.
        recording: what was recorded.
        seen: in what it differs, in order.
        reasons: what may be the reason of the first difference, best first.
    """

    side: Side
    recording: Recording
    seen: Sequence[Seen] = ()
    reasons: Sequence[Reason] = ()

    @property
    def first(self) -> Parting | None:
        """The first difference that chance does not make."""
        return next((each.parting for each in self.seen if each.state is State.FIRST), None)

    @property
    def differs(self) -> bool:
        """Whether anything differs beyond rounding, by chance or not."""
        return any(each.state is not State.TIPPED for each in self.seen)

    @property
    def proved(self) -> list[str]:
        """The deviations that were shown to make a difference in that call."""
        found = (each.proof.deviations for each in self.seen if each.proof is not None)
        return list(dict.fromkeys(name for names in found for name in names))


@dataclass(frozen=True)
class Trace:
    """What became of a program on all sides.

    Args:
        side: the first.
        recording: what was recorded there.
        others: each other side.
    """

    side: Side
    recording: Recording
    others: Sequence[Compared] = field(default_factory=tuple)


def trace(
    runs: Runs, sides: Sequence[Side], progress: Callable[[str], None] = lambda _: None
) -> Trace:
    """Run a program on all sides, and say where each parts from the first, and why.

    Args:
        runs: runs it.
        sides: who; the first gives the starting weights.
        progress: hears what is done, in a few words.

    Raises:
        OSError: a side cannot be started.
        RuntimeError: a side has no Keras that a program could use.
    """
    progress(f"running on {sides[0].name}")
    first = runs.run(sides[0])
    tracer = _Tracer(runs, sides[0], first, progress)
    return Trace(sides[0], first, [tracer.compared(side) for side in sides[1:]])


class _Tracer:
    def __init__(
        self, runs: Runs, side: Side, first: Recording, progress: Callable[[str], None]
    ) -> None:
        self._runs = runs
        self._side = side
        self._first = first
        self._progress = progress
        self._shaken: Mapping[int, float] | None = None
        self._planted: dict[tuple[str, ...], Recording] = {}

    def compared(self, side: Side) -> Compared:
        """Return what became of the program on another side."""
        self._progress(f"running on {side.name}")
        other = self._runs.run(side, self._first)
        found = partings(self._first, other)
        if any(each.aspect in OF_NUMBERS for each in found):
            found = partings(self._first, other, self._by_rounding())
        seen = self._sorted_out(side, other, found)
        result = Compared(side, other, seen)
        first = result.first
        if first is None:
            return result
        call = self._call(first)
        if call is not None and call.method != call.documented:
            # What a method for generators became is told of the one that took its place.
            call = next((each for each in other.calls if each.number == call.number), call)
        why = [] if call is None else reasons(first, call, self._side, side)
        result = replace(
            result,
            seen=[
                self._proved(each, why, side, other) if each.state is State.FIRST else each
                for each in seen
            ],
        )
        # Records do not say of all clauses which calls they concern.
        missing = set(result.proved) - {each.deviation for each in why}
        told = (
            of_deviation(each, first.method, self._side)
            for each in (*self._side.deviations, *side.deviations)
            if each.id in missing
        )
        return replace(result, reasons=[*filter(None, dict.fromkeys(told)), *why])

    def _call(self, parting: Parting) -> Made | None:
        calls = self._first.calls
        return calls[parting.call] if parting.call < len(calls) else None

    def _by_rounding(self) -> Mapping[int, float]:
        """Return how far numbers may be apart by call: the first side says, its weights shaken."""
        if self._shaken is None:
            self._progress(f"running on {self._side.name} with each starting weight rounded anew")
            shaken = self._runs.run(self._side, self._first, shaken=True)
            self._shaken = {
                number: _SHAKEN * gap for number, gap in apart(self._first, shaken).items()
            }
        return self._shaken

    def _sorted_out(self, side: Side, other: Recording, found: Sequence[Parting]) -> list[Seen]:
        """Say of each difference what it is."""
        anew: set[tuple[int, str]] | None = None
        seen: list[Seen] = []
        head: int | None = None
        counts = _only_counts(found)
        for parting in found:
            if parting.call in counts and parting.counted:
                state = State.TIPPED
            elif parting.call == head:
                state = State.FIRST
            elif self._is_chance(parting, other):
                state = State.CHANCE
            elif all(each.state is State.TIPPED for each in seen):
                state = State.FIRST
            else:
                if anew is None:
                    anew = self._anew(side)
                is_new = (parting.call, parting.aspect) in anew
                state = State.FOLLOWS if not is_new else State.FIRST if head is None else State.NEW
                if is_new and self._is_remembered(parting, other):
                    state = State.REMEMBERED
            head = parting.call if state is State.FIRST else head
            seen.append(Seen(parting, state))
        return seen

    def _is_chance(self, parting: Parting, other: Recording) -> bool:
        if parting.aspect not in OF_NUMBERS:
            return False
        return any(bool(each.calls[parting.call].chance) for each in (self._first, other))

    def _is_remembered(self, parting: Parting, other: Recording) -> bool:
        """Return whether numbers may differ by what an optimizer remembers of other weights."""
        calls = other.calls[parting.call : parting.call + 1]
        return parting.aspect in OF_NUMBERS and any(each.remembers for each in calls)

    def _anew(self, side: Side) -> set[tuple[int, str]]:
        """Return in which calls a side differs that each begin with the weights of the first."""
        self._progress(f"running on {side.name}, each call from the weights of {self._side.name}")
        again = self._runs.run(side, self._first, each=True)
        found = partings(self._first, again, self._shaken)
        return {(each.call, each.aspect) for each in found}

    def _proved(self, seen: Seen, why: Sequence[Reason], side: Side, other: Recording) -> Seen:
        """Return a difference with the deviations that make it, or what else is known of it."""
        parting = seen.parting
        model = self._first.calls[parting.call].model if self._call(parting) else None
        if parting.aspect in OF_NUMBERS and any(
            call.words for call in other.calls[: parting.call + 1] if call.model == model
        ):
            return replace(seen, unproved="it starts from other weights, which could not be set")
        pairs = ((self._side, self._first), (side, other))
        if not any(each.deviations for each, _ in pairs):
            return replace(seen, unproved="neither side has a twin")
        reference = self._on_reference(planted(self._side, []))
        if len(reference.calls) <= parting.call:
            raised = ": ".join(reference.said)
            return replace(seen, unproved=f"the reference does not run it so far: {raised}")
        allowed = self._shaken or {}
        like = [of for of, did in pairs if same(parting, reference, did, allowed)]
        for of, did in pairs:
            if of in like or not of.deviations:
                continue
            found = proof(parting, why, (of, did), self._on_reference, allowed)
            if found is not None:
                without = f"as {like[0].name}" if like else "as neither"
                return replace(
                    seen, proof=replace(found, words=f"{found.words}; without, {without}")
                )
        if not like:
            return replace(seen, unproved="the reference does as neither, whatever is planted")
        (departs,) = (of for of, _ in pairs if of is not like[0])
        return replace(
            seen,
            unproved=f"the reference does as {like[0].name}; what {departs.name} does is none of "
            "the deviations that are known",
        )

    def _on_reference(self, side: Side) -> Recording:
        """Run the program on the reference, once with the same deviations."""
        key = tuple(side.implementation.environment.values())
        if key not in self._planted:
            ids = key[0].split(",") if key and key[0] else []
            what = ", ".join(ids) if 0 < len(ids) <= _NAMED else f"{len(ids)} deviations"
            self._progress(f"running on the reference with {what}")
            self._planted[key] = self._runs.run(side, self._first)
        return self._planted[key]


def _only_counts(found: Sequence[Parting]) -> set[int]:
    """Return the calls whose numbers differ in nothing but one sample that is counted otherwise."""
    others = {each.call for each in found if each.aspect in OF_NUMBERS and not each.counted}
    return {each.call for each in found if each.counted} - others
