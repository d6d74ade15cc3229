"""Making a program smaller as long as it shows the same difference."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from fitspec.conformance.explore.subjects import SUBJECTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fitspec.conformance.explore.program import Call, Data, Program

#: How many smaller programs are tried at most for one difference.
TRIES: Final = 250


def shrink(program: Program, shows: Callable[[Program], bool], tries: int = TRIES) -> Program:
    """Return the smallest program that was found to show what `program` does.

    Args:
        program: shows it.
        shows: whether another one does too.
        tries: how often that is asked at most.
    """
    seen = {program.text()}
    left = tries
    smaller = True
    while smaller:
        smaller = False
        for candidate in _smaller(program):
            if candidate.text() in seen:
                continue
            if not left:
                return program
            seen.add(candidate.text())
            left -= 1
            if shows(candidate):
                program = candidate
                smaller = True
                break
    return program


def contains(program: Program, part: Program) -> bool:
    """Return whether a program has all that a smaller one needs, in the same order.

    Calls of the same methods, with these arguments and such data; numbers may be others.
    """
    if part.model not in (program.model, _PLAINEST):
        return False
    calls = iter(program.calls)
    return all(any(_has(call, needed) for call in calls) for needed in part.calls)


#: The model that a difference ends with which takes no other.
_PLAINEST: Final = next(iter(SUBJECTS))


def _has(call: Call, needed: Call) -> bool:
    if call.method != needed.method or not needed.arguments.keys() <= call.arguments.keys():
        return False
    if needed.validation is not None and call.validation is None:
        return False
    others = (
        name
        for name, value in needed.arguments.items()
        # A number stands for others, and a loss that could be the plainest one for any.
        if not isinstance(value, (int, float)) and name != "optimizer" and value != "mse"
    )
    if any(call.arguments[name] != needed.arguments[name] for name in others):
        return False
    if needed.data is None or call.data is None:
        return needed.data is call.data
    return (needed.data.form, needed.data.weights) == (call.data.form, call.data.weights)


def _smaller(program: Program) -> Iterator[Program]:
    """Yield programs that are a little smaller, the much smaller ones first."""
    for place in range(len(program.calls) - 1, 0, -1):
        yield program.without_call(place)
    if program.calls and program.calls[0].method != "compile":
        yield program.without_call(0)
    for model, subject in SUBJECTS.items():
        if model == program.model:
            break
        # The targets of others would mean something else, or nothing.
        if subject.targets is program.subject.targets:
            yield replace(program, model=model)
    for place, call in enumerate(program.calls):
        for simpler in _simpler(call):
            yield program.with_call(place, simpler)


#: Arguments that have to be there, and the one without which the order is left to chance.
_KEPT: Final = ("optimizer", "loss", "layer", "trained", "shuffle")


def _simpler(call: Call) -> Iterator[Call]:
    for name in call.arguments:
        if name not in _KEPT:
            yield call.without(name)
    if call.validation is not None:
        yield replace(call.without("validation_steps").without("validation_freq"), validation=None)
        for data in _less(call.validation):
            yield replace(call, validation=data)
    if call.method.endswith("_generator"):
        yield replace(call, method=call.method.removesuffix("_generator"))
    if call.data is not None:
        yield from _of_arrays(call, call.data)
        for data in _less(call.data):
            yield replace(call, data=data)
    for name, value in call.arguments.items():
        for less in _less_of(name, value):
            yield replace(call, arguments={**call.arguments, name: less})


def _of_arrays(call: Call, data: Data) -> Iterator[Call]:
    """Yield a call with arrays for one with a source, whole or in the same batches."""
    if data.form not in ("generator", "sequence") or call.method.endswith("_generator"):
        return
    bare = call.without("steps").without("steps_per_epoch")
    plain = replace(data, form="arrays", batch=1)
    yield replace(bare, data=plain)
    yield replace(bare, arguments={**bare.arguments, "batch_size": data.batch}, data=plain)


def _less(data: Data) -> Iterator[Data]:
    for samples in (1, 2, 3, data.samples - 1):
        if samples < data.samples and samples > 0:
            yield replace(data, samples=samples)
    plain: dict[str, Any] = {"weights": "", "by": "single", "start": 0, "labels": False, "batch": 1}
    for name, value in plain.items():
        if getattr(data, name) != value:
            yield replace(data, **{name: value})
    if data.form == "hdf5":
        yield replace(data, form="arrays")
    if data.weights in ("steps", "ones"):
        yield replace(data, weights="rising")


def _less_of(name: str, value: Any) -> Iterator[Any]:
    match name, value:
        case "optimizer", {"sgd": rate, **more}:
            if more:
                yield {"sgd": rate}
            if rate != 0.0625:
                yield {**value, "sgd": 0.0625}
        case "loss", _ if value != "mse":
            yield "mse"
            yield from _elements(value)
        case (("metrics" | "weighted_metrics" | "loss_weights"), _):
            yield from _elements(value)
        case "class_weight", {"0": _} if set(value.values()) != {1.0, 2.0}:
            yield {"0": 1.0, "1": 2.0, "2": 1.0}
        case "validation_split", _ if value != 0.5:
            yield 0.5
        case _, bool():
            return
        case _, int():
            yield from (less for less in (1, 2, value - 1) if 0 < less < value)


def _elements(value: Any) -> Iterator[Any]:
    """Yield a list or an object with less in it, and with less in what is in it."""
    if isinstance(value, list) and len(value) > 1:
        for place in range(len(value)):
            yield [*value[:place], *value[place + 1 :]]
    if isinstance(value, list):
        for place, each in enumerate(value):
            if each != "mse" and not isinstance(each, (int, float)):
                yield [*value[:place], "mse", *value[place + 1 :]]
    if isinstance(value, dict) and "function" not in value:
        for key in value:
            if len(value) > 1:
                yield {name: item for name, item in value.items() if name != key}
            if value[key] != "mse" and not isinstance(value[key], (int, float)):
                yield from ({**value, key: less} for less in _elements(value[key]))
