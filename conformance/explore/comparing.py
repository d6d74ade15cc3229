"""What differs between two outcomes of a program, and how far numbers may be apart."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from fitspec.conformance.explore.performing import ABSENT, FATAL, RETURNED, Step
from fitspec.conformance.vocabulary.probes import Recorder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fitspec.conformance.explore.performing import Outcome
    from fitspec.conformance.explore.program import Call, Program

#: In the place of a value of which nothing is said.
UNSAID: Final = "nothing is said of it"

#: How often a number is rounded at most, for each sample that is trained or tested on and each
#: number of an output. With at most 3 features: 3 products and 2 sums forward, as many for the
#: gradient of a weight, 3 operations of a loss, its weight and its mean, as many of their
#: derivatives and of a metric, and the update of a weight: 5 + 5 + 3·3 + 2 = 21. An exponential or
#: a logarithm is a few of them, of which softmax and crossentropy have one each.
_ROUNDINGS: Final = 32


class Aspect(StrEnum):
    """In what two outcomes of a call differ."""

    ENDING = "how it ends"
    FORM = "the form of what it returns"
    NUMBERS = "the numbers that it returns"
    WEIGHTS = "the weights afterwards"
    HOOKS = "what callbacks hear"


class Kind(NamedTuple):
    """What tells one kind of difference from another; the fields are those of a `Difference`."""

    against: str
    method: str
    aspect: str
    detail: str


@dataclass(frozen=True)
class Difference:
    """What two outcomes differ in.

    Args:
        against: the other implementation, or the id of a law.
        place: of the call in its program.
        method: that was called.
        aspect: in what they differ.
        detail: more of that, as far as it tells one cause from another.
        observed, other: both sides; the implementation that is looked at first.
    """

    against: str
    place: int
    method: str
    aspect: Aspect
    detail: str
    observed: Any
    other: Any

    @property
    def kind(self) -> Kind:
        """What stays the same while its program is made smaller."""
        return Kind(self.against, self.method, str(self.aspect), self.detail)


def compare(program: Program, observed: Outcome, other: Outcome, against: str) -> list[Difference]:
    """Return what two outcomes of a program differ in, each kind once, in order.

    The comparison ends where one side offers no such thing, and where the state has begun to
    differ: what comes after it follows from it.
    """
    allowed = tolerance(program, observed, other)
    kinds: dict[Kind, Difference] = {}
    pairs = zip(program.calls, observed.steps, other.steps, strict=False)
    for place, (call, mine, theirs) in enumerate(pairs):
        if ABSENT in (mine.ended, theirs.ended):
            break
        found = [
            Difference(against, place, call.method, *rest)
            for rest in between(mine, theirs, allowed)
        ]
        for each in found:
            kinds.setdefault(each.kind, each)
        if any(each.aspect in (Aspect.ENDING, Aspect.WEIGHTS) for each in found):
            break
    return list(kinds.values())


def tolerance(program: Program, *outcomes: Outcome) -> float:
    """Return how far two numbers may be apart by rounding alone, as float32.

    Every rounding changes a number by half a unit in the last place at most, 2⁻²⁴ of it, and the
    data keep training stable, so that no error grows on its way.
    """
    elements = sum(math.prod(shape) for shape in program.subject.outputs.values())
    passes = sum(_samples(call) for call in program.calls)
    numbers = (abs(each) for outcome in outcomes for each in _numbers(outcome))
    largest = max((each for each in numbers if math.isfinite(each)), default=1.0)
    return rounding(elements * (passes + 1), largest)


def rounding(passes: int, largest: float) -> float:
    """Return how far numbers may be apart that were rounded in each of so many passes.

    Args:
        passes: forward, backward and through an update, for each number of an output.
        largest: of the numbers; what is left of larger ones is as far off as these, and they are
            taken to be 1 at least.
    """
    return _ROUNDINGS * passes * 2.0**-24 * max(1.0, largest)


def _samples(call: Call) -> int:
    """Return how many samples a call is about at most, each as often as it comes."""
    if call.data is None:
        return 0
    validated = 0 if call.validation is None else call.validation.samples
    return int(call.arguments.get("epochs", 1)) * (call.data.samples + validated)


def _numbers(outcome: Outcome) -> Iterator[float]:
    for step in outcome.steps:
        yield from _numbers_in(step.value)
        yield from _numbers_in(step.weights)


def _numbers_in(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        for each in value:
            yield from _numbers_in(each)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield float(value)


def between(mine: Step, theirs: Step, allowed: float) -> Iterator[tuple[Aspect, str, Any, Any]]:
    """Yield in what two outcomes of a call differ: the aspect, more of it, and both sides.

    Args:
        mine: what came of it.
        theirs: the same, of the other one.
        allowed: how far numbers may be apart.
    """
    if mine.ended != theirs.ended or _is_own(mine) != _is_own(theirs):
        detail = f"{_ending(mine)}, {_ending(theirs)}"
        yield Aspect.ENDING, detail, _words(mine), _words(theirs)
        return
    if mine.ended in FATAL:
        return
    if UNSAID not in (mine.value, theirs.value) and mine.ended == RETURNED:
        yield from _of_values(mine.value, theirs.value, allowed)
    if mine.hooks is not None and theirs.hooks is not None and mine.hooks != theirs.hooks:
        yield Aspect.HOOKS, "", _heard(mine.hooks), _heard(theirs.hooks)
    if None not in (mine.weights, theirs.weights):
        left, right = _plain(mine.weights), _plain(theirs.weights)
        if not _near(left, right, allowed):
            yield Aspect.WEIGHTS, "", left, right


def _is_own(step: Step) -> bool:
    """Return whether a call ended with the exception of the program's own callback.

    The classes of refusals are no difference: the documents name several.
    """
    return step.said[0] == Recorder.error


def _heard(hooks: Sequence[tuple[str, int | None]]) -> list[str]:
    return [hook if index is None else f"{hook} {index}" for hook, index in hooks]


def _ending(step: Step) -> str:
    return f"raised {step.said[0]}" if step.said[0] else step.ended


def _words(step: Step) -> str:
    return ": ".join(filter(None, (step.ended, *step.said)))


def _of_values(mine: Any, theirs: Any, allowed: float) -> Iterator[tuple[Aspect, str, Any, Any]]:
    if isinstance(mine, dict) and isinstance(theirs, dict):
        if mine.keys() != theirs.keys():
            yield Aspect.FORM, "", sorted(mine), sorted(theirs)
        for name in filter(theirs.__contains__, mine):
            detail = _sort_of(name)
            for aspect, _, left, right in _of_values(mine[name], theirs[name], allowed):
                yield aspect, detail, {name: left}, {name: right}
    elif not _same_form(mine, theirs):
        yield Aspect.FORM, "", mine, theirs
    elif not _near(mine, theirs, allowed):
        yield Aspect.NUMBERS, "", mine, theirs


def _sort_of(name: str) -> str:
    """Return what an entry of a history is about: names of outputs and metrics tell no cause."""
    bare = name.removeprefix("val_")
    sort = bare if bare in ("loss", "epoch") else "metric"
    if bare.endswith("_loss"):
        sort = "loss of an output"
    return f"{sort}, validated" if bare != name else sort


def _same_form(mine: Any, theirs: Any) -> bool:
    if isinstance(mine, list) and isinstance(theirs, list):
        pairs = zip(mine, theirs, strict=False)
        return len(mine) == len(theirs) and all(_same_form(*pair) for pair in pairs)
    numbers = [
        isinstance(each, (int, float)) and not isinstance(each, bool) for each in (mine, theirs)
    ]
    return all(numbers) or (not any(numbers) and bool(mine == theirs))


def _plain(weights: Any) -> dict[str, Any]:
    return {
        name: [np.asarray(each).tolist() for each in arrays] for name, arrays in weights.items()
    }


def _near(mine: Any, theirs: Any, allowed: float) -> bool:
    if isinstance(mine, dict) and isinstance(theirs, dict):
        return mine.keys() == theirs.keys() and all(
            _near(mine[name], theirs[name], allowed) for name in mine
        )
    if isinstance(mine, list) and isinstance(theirs, list):
        return len(mine) == len(theirs) and all(
            _near(*pair, allowed) for pair in zip(mine, theirs, strict=True)
        )
    if not (isinstance(mine, (int, float)) and isinstance(theirs, (int, float))):
        return bool(mine == theirs)
    if not (math.isfinite(mine) and math.isfinite(theirs)):
        return mine == theirs or (math.isnan(mine) and math.isnan(theirs))
    return abs(mine - theirs) <= allowed
