"""Layers of one's own that are written as for Keras.

There, `call` takes a tensor, or a list of several, and need not know of training; shapes begin with
the number of samples, which is None. A class whose `call` has no `training` that has to be given,
and by name alone, is taken to be written so, and made to work as the layers here do.
"""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fitspec.reference.tensor.array_library import Shape
    from fitspec.reference.tensor.autodiff import Tensor

MARK = "is_written_as_for_keras"


def adapt(layer: type) -> None:
    """Have a class of layers work here if it, or what it is derived from, is written as for Keras.

    Args:
        layer: A new class; its methods are replaced.

    """
    own = dict(vars(layer))
    if "call" in own:
        setattr(layer, MARK, not _is_written_as_here(own["call"]))
    if not getattr(layer, MARK, False):
        return
    for name, adapted in ADAPTED.items():
        if name in own:
            there, method = adapted(own[name])
            setattr(layer, there, method)


def _is_written_as_here(call: Callable[..., object]) -> bool:
    training = inspect.signature(call).parameters.get("training")
    by_name = training is not None and training.kind is inspect.Parameter.KEYWORD_ONLY
    return training is not None and by_name and training.default is inspect.Parameter.empty


def _call(written: Callable[..., Any]) -> tuple[str, Callable[..., Tensor]]:
    known = inspect.signature(written).parameters

    @functools.wraps(written)
    def call(self: Any, inputs: Any, **settings: Any) -> Tensor:
        if not isinstance(inputs, list):  # called by a class that is derived from this one
            direct: Tensor = written(self, inputs, **settings)
            return direct
        given = {"training": settings.get("training"), "mask": one_or_list(_masks(inputs))}
        taken = {name: value for name, value in given.items() if name in known}
        output: Tensor = written(self, one_or_list(inputs), **taken)
        return output

    return "call", call


def _build(written: Callable[..., Any]) -> tuple[str, Callable[..., None]]:
    @functools.wraps(written)
    def build(self: Any, shapes: Any) -> None:
        written(self, with_samples(shapes) if isinstance(shapes, list) else shapes)

    return "build", build


def _shape_of_output(written: Callable[..., Any]) -> tuple[str, Callable[..., Shape]]:
    @functools.wraps(written)
    def shape_of_output(self: Any, shapes: list[Shape]) -> Shape:
        return tuple(written(self, with_samples(shapes))[1:])

    return "shape_of_output", shape_of_output


ADAPTED = {
    "call": _call,
    "build": _build,
    "compute_output_shape": _shape_of_output,
}
"""For each method of Keras, what makes of it a method of the layers here, with its name."""


def with_samples(shapes: Sequence[Shape], number: int | None = None) -> Any:
    """Return the shape of a batch for each of a sample: one by itself, or a list of several."""
    return one_or_list([(number, *shape) for shape in shapes])


def one_or_list(values: Sequence[Any]) -> Any:
    """Return what there is of one input by itself, and of several as a list."""
    return values[0] if len(values) == 1 else list(values)


def _masks(inputs: Sequence[Tensor]) -> list[Any]:
    return [each.mask for each in inputs]
