"""What stands in a program for what JSON has not: arrays, optimizers, callbacks, sources.

Numbers are few and far from each other, and fractions of powers of two, so that nothing is rounded
before an implementation computes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from fitspec.conformance.explore.subjects import Subject, Targets
from fitspec.conformance.vocabulary.probes import (
    HDF5,
    SGD,
    Generator,
    Probe,
    Recorder,
    SequenceOf,
    UserFunction,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fitspec.conformance.explore.program import Call, Data

    Array = np.ndarray[Any, np.dtype[Any]]
    Arrays = Mapping[str, Array]

#: 13 and 11 numbers: with 7 weights and 3 classes they repeat together after 3003 samples only.
_FEATURES = np.asarray([4, -2, 7, 1, -5, 3, -7, 6, -1, 2, -4, 5, -6], np.float32) / 4
_TARGETS = np.asarray([1, 5, -3, 2, -6, 4, -1, 7, -4, 3, -2], np.float32) / 4
_CLASSES = np.asarray([0, 2, 1, 1, 0, 2, 2, 1, 0], np.int64)
_WEIGHTS = np.asarray([2, 1, 5, 3, 6, 4, 8], np.float32) / 4
#: The weights of the classes 0, 1 and 2, where samples have those of their classes.
WEIGHTS_OF_CLASSES: Final = (0.5, 2.0, 0.25)


def arguments_of(call: Call, subject: Subject, *, sparse: bool) -> dict[str, Any]:
    """Return what a call hands over, by name.

    Args:
        call: that of a program.
        subject: the model.
        sparse: whether classes are given as whole numbers, and not as columns.

    Raises:
        ValueError: something in its arguments stands for nothing.
    """
    given = {name: _argument(name, value) for name, value in call.arguments.items()}
    if call.data is not None:
        given = {**_handed_over(call.method, call.data, subject, sparse=sparse), **given}
    if call.validation is not None:
        given["validation_data"] = _validated_on(call.validation, subject, sparse=sparse)
    return given


def _argument(name: str, value: Any) -> Any:
    match name, value:
        case "optimizer", {"sgd": rate}:
            return SGD(rate, momentum=value.get("momentum", 0.0))
        case "callbacks", list():
            return [_callback(each) for each in value]
        case "class_weight", dict():
            return {int(key): weight for key, weight in value.items()}
        case (("loss" | "metrics" | "weighted_metrics"), _):
            return _functions(value)
    return value


def _functions(value: Any) -> Any:
    match value:
        case {"function": form}:
            return UserFunction(form)
        case list():
            return [_functions(each) for each in value]
        case dict():
            return {key: _functions(each) for key, each in value.items()}
    return value


def _callback(plain: Any) -> Recorder:
    known = {"stops_at", "raises_at", "adds"}
    if type(plain) is not dict or plain.keys() - known:
        raise ValueError(f"callbacks: expected objects of {', '.join(sorted(known))}: {plain!r}")
    places = {key: tuple(plain[key]) for key in ("stops_at", "raises_at") if key in plain}
    return Recorder(
        stops_at=places.get("stops_at"),
        raises_at=places.get("raises_at"),
        adds=plain.get("adds", {}),
    )


def _handed_over(method: str, data: Data, subject: Subject, *, sparse: bool) -> dict[str, Any]:
    predicts = method.startswith("predict")
    if data.form in ("sequence", "generator"):
        name = "generator" if method.endswith("_generator") else "x"
        return {name: _source(data, subject, sparse=sparse)}
    x, y, weights = _whole(data, subject, sparse=sparse)
    if data.form == "hdf5":
        x, y = _in_files(x), _in_files(y)
    if predicts:
        return {"x": x}
    return {"x": x, "y": y, **({} if weights is None else {"sample_weight": weights})}


def _in_files(arrays: Any) -> Any:
    match arrays:
        case list():
            return [HDF5(each) for each in arrays]
        case dict():
            return {key: HDF5(each) for key, each in arrays.items()}
    return HDF5(arrays)


def _validated_on(data: Data, subject: Subject, *, sparse: bool) -> Any:
    if data.form in ("sequence", "generator"):
        return _source(data, subject, sparse=sparse)
    return tuple(each for each in _whole(data, subject, sparse=sparse) if each is not None)


def _source(data: Data, subject: Subject, *, sparse: bool) -> Probe:
    x, y, weights = _columns(data, subject, sparse=sparse)
    items = []
    for begin in range(0, data.samples, data.batch):
        batch = [
            {name: array[begin : begin + data.batch] for name, array in arrays.items()}
            for arrays in (x, y, weights)
            if arrays is not None
        ]
        items.append(tuple(_grouped(arrays, data.by) for arrays in batch))
    return Generator(items=items) if data.form == "generator" else SequenceOf(items=items)


def _whole(data: Data, subject: Subject, *, sparse: bool) -> tuple[Any, Any, Any]:
    x, y, weights = _columns(data, subject, sparse=sparse)
    grouped = None if weights is None else _grouped(weights, data.by)
    return _grouped(x, data.by), _grouped(y, data.by), grouped


def _grouped(arrays: Arrays, by: str) -> Any:
    if by == "dict":
        return dict(arrays)
    if by == "single" and len(arrays) == 1:
        return next(iter(arrays.values()))
    return list(arrays.values())


def _columns(data: Data, subject: Subject, *, sparse: bool) -> tuple[Arrays, Arrays, Arrays | None]:
    """Return inputs, targets and sample weights by name."""
    rows = np.arange(data.start, data.start + data.samples)
    if data.backwards:
        rows = rows[::-1]
    x = {
        name: _numbers(_FEATURES, rows, shape, 5 * place)
        for place, (name, shape) in enumerate(subject.inputs.items())
    }
    form = "sparse" if sparse else "labels" if data.labels else ""
    y = {
        name: _targets(subject, rows, shape, 4 * place, form)
        for place, (name, shape) in enumerate(subject.outputs.items())
    }
    if not data.weights:
        return x, y, None
    if data.weights == "classes":
        return x, y, {name: _by_class(subject, targets) for name, targets in y.items()}
    weights = {}
    for place, (name, shape) in enumerate(subject.outputs.items()):
        steps = shape[:1] if data.weights == "steps" and len(shape) > 1 else ()
        found = _numbers(_WEIGHTS, rows, steps, 3 * place)
        weights[name] = np.ones_like(found) if data.weights == "ones" else found
    return x, y, weights


def _numbers(table: Array, rows: Array, shape: tuple[int, ...], offset: int) -> Array:
    size = int(np.prod(shape))
    places = rows[:, None] + offset + 3 * np.arange(size)[None, :]
    return table[places % len(table)].reshape(len(rows), *shape)


def _by_class(subject: Subject, targets: Array) -> Array:
    columns = subject.targets is Targets.CLASSES and targets.shape[1] > 1
    classes = targets.argmax(axis=1) if columns else targets.reshape(-1).astype(np.int64)
    return np.asarray([WEIGHTS_OF_CLASSES[each] for each in classes], np.float32)


def _targets(
    subject: Subject, rows: Array, shape: tuple[int, ...], offset: int, form: str
) -> Array:
    if subject.targets is Targets.CLASSES:
        classes = _numbers(_CLASSES, rows, (), offset)
        if form == "sparse":
            return classes.reshape(-1, 1)
        return np.asarray(np.eye(shape[-1], dtype=np.float32)[classes])
    if subject.targets is Targets.CHANCES:
        return (_numbers(_CLASSES, rows, shape, offset) > 0).astype(np.float32)
    if form == "labels":
        return _numbers(_CLASSES, rows, shape, offset).astype(np.float32)
    return _numbers(_TARGETS, rows, shape, offset)
