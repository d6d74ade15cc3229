"""Checks of clauses that state a law: the claim is made for many arguments, not for one point.

Points that somebody chose come first, then some that Hypothesis draws. A drawn point where the law
falls is shrunk, so that the report shows the simplest one that was found.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fitspec.conformance.claims.expect import agree, expect
from fitspec.conformance.worker.transcript import Transcript

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hypothesis.strategies import SearchStrategy

    from fitspec.conformance.worker.transcript import Request

#: How many points are drawn beside the chosen ones, unless a run asks for more.
EXAMPLES = 5


@dataclass(frozen=True)
class Sides:
    """Both sides of a law at one point; the fields are the arguments of `expect`."""

    observed: Any
    equals: Any
    ulps: float = 0
    otherwise: Mapping[str, Any] = field(default_factory=dict)

    @property
    def agree(self) -> bool:
        """Whether the law holds there."""
        return agree(self.observed, self.equals, self.ulps)


class _LawFell(Exception):  # noqa: N818  a finding; Hypothesis shrinks it
    """The law does not hold at a point that was drawn."""


class _Left(BaseException):
    """Leaves Hypothesis at once: with an exception that is none of its business, or out of time."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error


@dataclass
class _Search:
    """The search for a point where a law falls."""

    law: Callable[..., Sides]
    until: float
    transcript: Transcript
    held: int = 0
    #: The arguments where the law fell last, and both sides there.
    fallen: tuple[Mapping[str, Any], Sides] | None = None
    #: What was asked there, after what the check asked for all points.
    asked: list[Request] = field(default_factory=list)
    #: The known deviations that did not fit somewhere. At a simple point many fit by accident.
    refuted: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._start = len(self.transcript)

    def look(self, arguments: Mapping[str, Any]) -> bool:
        """Return whether the law holds at a point."""
        self.transcript.replace(self._start, [])
        sides = self.law(**arguments)
        self.refuted.update(
            words
            for words, value in sides.otherwise.items()
            if not agree(sides.observed, value, sides.ulps)
        )
        if not sides.agree:
            self.fallen = arguments, sides
            self.asked = self.transcript.since(self._start)
            return False
        self.held += 1
        return True

    def draw(self, strategies: Mapping[str, SearchStrategy[Any]], examples: int) -> None:
        """Draw, until the law falls, or time runs out; then shrink.

        Raises:
            Exception: whatever the law raised, as it was.
        """
        # Whoever runs checks without a law does not wait for it.
        from hypothesis import HealthCheck, Phase, Verbosity, given, settings  # noqa: PLC0415
        from hypothesis.errors import Flaky  # noqa: PLC0415

        from fitspec.conformance.system.litter import litter_elsewhere  # noqa: PLC0415

        looked_at = given(**strategies)(self._look_at_drawn)
        drawing = settings(
            max_examples=examples,
            # The same points in each run. A report has to say the same twice.
            derandomize=True,
            database=None,
            # Time is limited for the whole check; an implementation may be slow.
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink),
            report_multiple_bugs=False,
            print_blob=False,
            verbosity=Verbosity.quiet,
        )
        error = None
        try:
            with litter_elsewhere():
                drawing(looked_at)()
        except _Left as left:
            error = left.error
        except (_LawFell, Flaky):
            # Flaky: it fell, and at the same point it held. That it fell is what counts.
            pass
        if error is not None and self.fallen is None:
            raise error

    def _look_at_drawn(self, **arguments: Any) -> None:
        if time.monotonic() > self.until:
            raise _Left
        try:
            held = self.look(arguments)
        except Exception as error:  # noqa: BLE001  whatever it is, it is not to be shrunk
            raise _Left(error) from None
        if not held:
            raise _LawFell

    def claim(self) -> None:
        """Claim what was found.

        Raises:
            ExpectationFell: the law fell somewhere.
        """
        if self.fallen is None:
            held = f"holds for {self.held} examples"
            expect(held, equals=held)
            return
        arguments, sides = self.fallen
        self.transcript.replace(self._start, self.asked)
        expect(
            sides.observed,
            equals=sides.equals,
            ulps=sides.ulps,
            otherwise={
                words: value
                for words, value in sides.otherwise.items()
                if words not in self.refuted
            },
            example=", ".join(f"{name}={value!r}" for name, value in arguments.items()),
        )


@dataclass(frozen=True)
class ForAll:
    """Claims a law; what the fixture ``for_all`` gives a check.

    Args:
        examples: how many points to draw beside the chosen ones.
        until: when to stop drawing, on the clock `time.monotonic`, in s.
        transcript: what the check asks; in the end, of a law that fell, where it did.
    """

    examples: int
    until: float
    transcript: Transcript = field(default_factory=Transcript)

    def __call__(
        self,
        law: Callable[..., Sides],
        /,
        *,
        examples: Sequence[tuple[Any, ...]],
        **strategies: SearchStrategy[Any],
    ) -> None:
        """Claim that `law` holds: the one claim of a check.

        Args:
            law: returns both sides at the arguments given to it by name.
            examples: chosen points, looked at first, each with the arguments in the order of
                `strategies`.
            strategies: for each argument, what to draw it from.

        Raises:
            ExpectationFell: it does not hold; the claim has both sides at a chosen point, or at
                the simplest drawn one that was found, and the arguments. It names a known
                deviation that fits there and did so at all points before.
            Exception: whatever the law raised, as it was.
        """
        search = _Search(law, self.until, self.transcript)
        chosen = (dict(zip(strategies, example, strict=True)) for example in examples)
        if all(search.look(arguments) for arguments in chosen) and self.examples:
            search.draw(strategies, self.examples)
        search.claim()
