"""The oracles: whether what an implementation makes of a program is as it has to be."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from fitspec.conformance.explore.comparing import Difference, compare
from fitspec.conformance.explore.laws import LAWS
from fitspec.conformance.explore.performing import SECONDS, Outcome, perform

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.conformance.explore.program import Data, Program
    from fitspec.conformance.worker.session import Session

_ARGUMENT: Final = re.compile(r"argument `(\w+)`")


@dataclass(frozen=True)
class Look:
    """What a look at a program came to.

    Args:
        program: what was performed: of the one that was asked for, what is offered.
        differences: what was found, in order.
        lost: how often a worker was lost.
    """

    program: Program
    differences: Sequence[Difference] = ()
    lost: int = 0


class Oracle(Protocol):
    """Looks at programs."""

    @property
    def names(self) -> Sequence[str]:
        """What differences may be against."""

    def look(self, program: Program, only: str = "") -> Look:
        """Return what was found.

        Args:
            program: what to look at.
            only: one of `names`, if the others are of no interest.
        """


@dataclass(frozen=True)
class Against:
    """Holds an implementation against another one.

    Args:
        session: with the one that is looked at.
        other: with the other one.
        seconds: how long any answer may take.
    """

    session: Session
    other: Session
    seconds: float = SECONDS

    @property
    def names(self) -> Sequence[str]:
        """The other one's name."""
        return (self.other.implementation.name,)

    def look(self, program: Program, only: str = "") -> Look:  # noqa: ARG002  there is one name
        """Perform as much of a program as both offer, and compare."""
        program, mine = offered(program, self.session, self.seconds)
        theirs = Outcome()
        if program.calls:
            before = program
            program, theirs = offered(program, self.other, self.seconds)
            if program != before:
                mine = perform(program, self.session, self.seconds)
        lost = bool(mine.fatal) + bool(theirs.fatal)
        return Look(program, compare(program, mine, theirs, self.names[0]), lost)


@dataclass(frozen=True)
class Laws:
    """Holds an implementation against the laws of the documents.

    Args:
        session: with it.
        seconds: how long any answer may take.
    """

    session: Session
    seconds: float = SECONDS

    @property
    def names(self) -> Sequence[str]:
        """The ids of the laws."""
        return tuple(LAWS)

    def look(self, program: Program, only: str = "") -> Look:
        """Perform as much of a program as is offered, and each of its variations."""
        program, first = offered(program, self.session, self.seconds)
        differences: list[Difference] = []
        lost = int(bool(first.fatal))
        for law in [LAWS[only]] if only else LAWS.values():
            variation = law.vary(program)
            if variation is None or first.fatal:
                continue
            mine = first
            if variation.program != program:
                mine = perform(variation.program, self.session, self.seconds)
            other = perform(variation.other, self.session, self.seconds)
            lost += bool(other.fatal)
            if mine.absent is None and other.absent is None:
                read = variation.read(other)
                differences += compare(variation.program, mine, read, law.id)
        return Look(program, differences, lost)


def offered(
    program: Program, session: Session, seconds: float = SECONDS
) -> tuple[Program, Outcome]:
    """Return what is left of a program without what an implementation does not offer.

    An argument that is missing is left out, and otherwise the call.

    Returns:
        The program, perhaps of no calls, and what came of it.

    Raises:
        Unavailable, ProtocolFault, ValueError: as `perform`.
    """
    outcome = perform(program, session, seconds)
    while (place := outcome.absent) is not None:
        call = program.calls[place]
        named = _ARGUMENT.search(outcome.steps[place].said[1])
        if named is not None and named[1] in call.arguments:
            program = program.with_call(place, call.without(named[1]))
            if named[1] == "sample_weight_mode":
                program = _of_flat_weights(program)
        else:
            program = program.without_call(place)
        if not program.calls:
            return program, Outcome()
        outcome = perform(program, session, seconds)
    return program, outcome


def _of_flat_weights(program: Program) -> Program:
    """Return a program in which no step has a weight of its own, which took that mode."""

    def flat(data: Data | None) -> Data | None:
        steps = data is not None and data.weights == "steps"
        return replace(data, weights="rising") if data is not None and steps else data

    calls = [
        replace(call, data=flat(call.data), validation=flat(call.validation))
        for call in program.calls
    ]
    return replace(program, calls=tuple(calls))
