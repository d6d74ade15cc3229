"""Where the calls of a program part, on two sides."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from fitspec.conformance.explore.comparing import Aspect, between, rounding
from fitspec.conformance.explore.telling import side as told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fitspec.conformance.trace.recording import Made, Recording

#: In what calls differ besides, before anything of a library is seen.
OTHER_CALL: Final = "which call it is"
OTHER_DATA: Final = "what is handed over"
NOT_REACHED: Final = "whether the program comes so far"
#: What numbers are about, which chance and rounding change.
OF_NUMBERS: Final = (Aspect.NUMBERS, Aspect.WEIGHTS)
#: How near to one whole sample a jump of a share has to be.
_WHOLE: Final = 0.01
#: The arguments that are data.
_DATA: Final = ("x", "y", "sample_weight", "validation_data", "class_weight")


@dataclass(frozen=True)
class Parting:
    """In what one call differs on two sides.

    Args:
        call: its number.
        method: what is called on the first side.
        aspect: in what they differ, of `Aspect` or one of those above.
        detail: more of that.
        first, other: what both sides do, in words.
        apart: how far numbers are apart; 0 where it is not about such.
        counted: of how many samples one is counted otherwise, where it is only that; else 0.
    """

    call: int
    method: str
    aspect: str
    detail: str
    first: str
    other: str
    apart: float = 0.0
    counted: int = 0


def partings(
    first: Recording, other: Recording, allowed: Mapping[int, float] | None = None
) -> list[Parting]:
    """Return in what calls differ beyond rounding, in order.

    Args:
        first: what was recorded on one side.
        other: the same, of the other one.
        allowed: by call, how far numbers may be apart, where that is more than what is counted.
    """
    found: list[Parting] = []
    passes = 0
    for mine, theirs in zip(first.calls, other.calls, strict=False):
        if mine.documented != theirs.documented:
            here, there = (f"{each.method}, line {each.line}" for each in (mine, theirs))
            found.append(Parting(mine.number, mine.method, OTHER_CALL, "", here, there))
            return found
        passes = max(passes + 1, mine.updates or 0, theirs.updates or 0)
        more = 0.0 if allowed is None else allowed.get(mine.number, 0.0)
        found += _of_call(first, other, (mine, theirs), passes, more)
    if len(first.calls) != len(other.calls) and not _is_told(found, first, other):
        found.append(_missing(first, other))
    return found


def _is_told(found: Sequence[Parting], *both: Recording) -> bool:
    """Return whether the end of the shorter one is told by its last call."""
    last = min(len(each.calls) for each in both) - 1
    return any(each.call == last and each.aspect == Aspect.ENDING for each in found)


def _missing(first: Recording, other: Recording) -> Parting:
    longer = first if len(first.calls) > len(other.calls) else other
    call = longer.calls[min(len(first.calls), len(other.calls))]
    reached = f"{call.method}, line {call.line}"
    here, there = (reached if each is longer else ending(each) for each in (first, other))
    return Parting(call.number, call.method, NOT_REACHED, "", here, there)


def ending(recording: Recording) -> str:
    """Return how a program ended on a side, in words."""
    where = f" in line {recording.line}" if recording.line else ""
    name, said = recording.said
    return f"{recording.ending}{where}" + (f": {name}: {said}" if name else "")


def _of_call(
    first: Recording, other: Recording, calls: tuple[Made, Made], passes: int, more: float
) -> Iterator[Parting]:
    mine, theirs = calls
    number, method = mine.number, mine.method
    if mine.step is None or theirs.step is None:
        if mine.step is not theirs.step:
            here, there = (
                ending(each) if call.step is None else call.step.ended
                for each, call in zip((first, other), calls, strict=True)
            )
            yield Parting(number, method, Aspect.ENDING, "", here, there)
        return
    pairs = _common(first, other, mine)
    arrays = [array for pair in pairs.values() for array in pair]
    sizes = map(_largest, (mine.step.value, theirs.step.value, *arrays))
    allowed = max(more, rounding(passes, max(sizes)))
    for name in _DATA:
        handed, instead = mine.arguments.get(name), theirs.arguments.get(name)
        if None not in (handed, instead) and not _is_same(handed, instead, allowed):
            yield Parting(number, method, OTHER_DATA, name, told(handed), told(instead))
    for aspect, detail, left, right in between(mine.step, theirs.step, allowed):
        size, counted = 0.0, 0
        if aspect == Aspect.NUMBERS:
            size, counted = gap(left, right), _counted(left, right, _samples(mine), allowed)
        entry = _entry(left, detail)
        yield Parting(number, method, aspect, entry, told(left), told(right), size, counted)
    yield from _of_arrays(mine, pairs, allowed)


def _of_arrays(
    call: Made, pairs: Mapping[str, tuple[Any, Any]], allowed: float
) -> Iterator[Parting]:
    """Yield in what arrays differ; of weights the first, as what one is off by reaches all."""
    number, method = call.number, call.method
    for name, (left, right) in pairs.items():
        returned = name.startswith("value/")
        if left.shape != right.shape:
            if returned:
                here, there = (f"shape {each.shape}" for each in (left, right))
                yield Parting(number, method, Aspect.FORM, "an array", here, there)
        elif (size := gap(left, right)) > allowed:
            here, there = _at_largest(left, right)
            if returned:
                yield Parting(number, method, Aspect.NUMBERS, "an array", here, there, size)
                continue
            detail = _layer(call, name)
            yield Parting(number, method, Aspect.WEIGHTS, detail, here, there, size)
            return


def _counted(left: Any, right: Any, samples: Sequence[int], allowed: float) -> int:
    """Return of how many samples one is counted otherwise; 0 if that is not all that differs.

    What is a share of right answers jumps by one where an output lies so near to what parts the
    answers that rounding tips it, however little that is. Losses do not.
    """
    if isinstance(left, dict) and isinstance(right, dict):
        ((name, left),) = left.items()
        (right,) = right.values()
        if name.endswith("loss"):
            return 0
    elif not isinstance(left, list) or gap(left[:1], right[:1]) > allowed:
        return 0
    gaps = [gap(*pair) for pair in zip(left, right, strict=True)] if len(left) == len(right) else []
    jumps = [each for each in gaps if each > allowed]
    return next(
        (n for n in samples if jumps and all(abs(each * n - 1) < _WHOLE for each in jumps)), 0
    )


def _samples(call: Made) -> list[int]:
    """Return how many samples a call trains, or tests, or validates on, as far as that is seen."""
    rows, held = (_rows(call.arguments.get(name)) for name in ("x", "validation_data"))
    found = [each for each in (rows, held) if each]
    split = call.arguments.get("validation_split")
    if rows and isinstance(split, float):
        trained = int(rows * (1 - split))
        found += [each for each in (trained, rows - trained) if each]
    return found


def _rows(value: Any) -> int:
    """Return the length of an array, or of the first of several; 0 if it is none."""
    if isinstance(value, list):
        return _rows(value[0]) if value else 0
    shape = value.get("shape") if isinstance(value, dict) else None
    return int(shape[0]) if shape else 0


def _is_same(left: Any, right: Any, allowed: float) -> bool:
    """Return whether the same is handed over: arrays but for rounding, and types are no matter."""
    if isinstance(left, dict) and isinstance(right, dict):
        if "shape" in left and "shape" in right:
            return _is_same_array(left, right, allowed)
        if "object" in left or "object" in right:
            return True
        return left.keys() == right.keys() and all(
            _is_same(left[key], right[key], allowed) for key in left
        )
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(
            _is_same(*pair, allowed) for pair in zip(left, right, strict=True)
        )
    # Sides may have classes of their own, such as tensors, of which nothing is known.
    return isinstance(left, dict) or isinstance(right, dict) or bool(left == right)


def _is_same_array(left: Any, right: Any, allowed: float) -> bool:
    if left["shape"] != right["shape"]:
        return False
    if left.get("digest") == right.get("digest"):
        return True
    # What was computed before, by another version of NumPy or by the model, is rounded otherwise.
    pairs = [(left.get(name), right.get(name)) for name in ("mean", "spread")]
    return all(None in pair or gap(*pair) <= allowed for pair in pairs)


def _common(first: Recording, other: Recording, call: Made) -> dict[str, tuple[Any, Any]]:
    """Return the arrays that both sides have after a call, what is returned before the weights.

    Weights are those of a call that trains: no other one changes them.
    """
    mine, theirs = first.arrays("after", call.number), other.arrays("after", call.number)
    names = sorted(mine.keys() & theirs.keys(), key=_place)
    if call.documented not in ("fit", "train_on_batch"):
        names = [name for name in names if name.startswith("value/")]
    return {name: (mine[name], theirs[name]) for name in names}


def _place(name: str) -> tuple[bool, int, int]:
    layer, _, place = name.partition("/")
    value = layer == "value"
    return (not value, -1 if value else int(layer), int(place))


def _layer(call: Made, name: str) -> str:
    layer, _, place = name.partition("/")
    named = call.layers[int(layer)] if int(layer) < len(call.layers) else layer
    return f"layer {named}, weight {int(place) + 1}"


def _entry(value: Any, detail: str) -> str:
    """Return the name of the entry of a history that differs, or what else is told of it."""
    return next(iter(value)) if isinstance(value, dict) and len(value) == 1 else detail


def _largest(value: Any) -> float:
    if isinstance(value, dict):
        # The numbers of epochs are not rounded.
        value = [each for name, each in value.items() if name != "epoch"]
    if isinstance(value, list):
        return max(map(_largest, value), default=1.0)
    if isinstance(value, np.ndarray):
        finite = np.abs(value[np.isfinite(value)]) if value.dtype.kind == "f" else value[:0]
        return float(finite.max()) if finite.size else 1.0
    is_number = isinstance(value, (int, float)) and math.isfinite(value)
    return abs(float(value)) if is_number else 1.0


def apart(one: Recording, other: Recording) -> dict[int, float]:
    """Return how far all numbers of each call are apart at most; without limit where forms differ.

    Args:
        one: a recording of a program on a side.
        other: another one, of the same side.
    """
    found = {}
    for mine, theirs in zip(one.calls, other.calls, strict=False):
        values = [each.step.value if each.step is not None else None for each in (mine, theirs)]
        pairs = list(_common(one, other, mine).values())
        gaps = [_gap_of_values(*values), *(gap(*pair) for pair in pairs)]
        found[mine.number] = max(gaps)
    return found


def _gap_of_values(left: Any, right: Any) -> float:
    if isinstance(left, dict) and isinstance(right, dict):
        left, right = ([each[key] for key in sorted(each)] for each in (left, right))
    if isinstance(left, list) and isinstance(right, list):
        if len(left) != len(right):
            return math.inf
        return max(map(_gap_of_values, left, right), default=0.0)
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return gap(left, right)
    return 0.0 if left == right else math.inf


def gap(left: Any, right: Any) -> float:
    """Return how far numbers are apart at most; without limit where one is none."""
    if isinstance(left, dict) and isinstance(right, dict):
        return max((gap(left[key], right[key]) for key in left.keys() & right.keys()), default=0.0)
    try:
        both = [np.asarray(each, float) for each in (left, right)]
    except (TypeError, ValueError):
        return math.inf
    if both[0].shape != both[1].shape:
        return math.inf
    same = (both[0] == both[1]) | (np.isnan(both[0]) & np.isnan(both[1]))
    with np.errstate(invalid="ignore"):
        gaps = np.where(same, 0.0, np.abs(both[0] - both[1]))
    return float(np.where(np.isnan(gaps), math.inf, gaps).max(initial=0.0))


def _at_largest(left: Any, right: Any) -> tuple[str, str]:
    """Return the numbers that are farthest apart, with where they are."""
    gaps = np.abs(np.asarray(left, float) - np.asarray(right, float))
    where = np.unravel_index(int(np.argmax(np.where(np.isnan(gaps), math.inf, gaps))), gaps.shape)
    place = "".join(f"[{int(each)}]" for each in where)
    return f"{float(left[where])!r} at {place}", f"{float(right[where])!r} at {place}"
