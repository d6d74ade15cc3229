"""Metrics of one's own that keep what they count in weights, as for Keras."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference import initializers
from fitspec.reference.metrics.base import Metric
from fitspec.reference.tensor import array_library
from fitspec.reference.tensor.autodiff import Tensor, as_tensor
from fitspec.reference.tensor.variable import Variable

if TYPE_CHECKING:
    from collections.abc import Callable

_init_subclass = vars(Metric)["__init_subclass__"].__func__
_reset_states = Metric.reset_states


def init_subclass(cls: type[Metric], /, **arguments: Any) -> None:
    """Have the `result` of a class be numbers, which stay what they are when weights change."""
    _init_subclass(cls, **arguments)
    if "result" in vars(cls):
        setattr(cls, "result", as_numbers(vars(cls)["result"]))  # noqa: B010 - as a checker sees it


def as_numbers(result: Callable[[Metric], Any]) -> Callable[[Metric], Any]:
    """Return a method `result` that returns a number, or an array of several, not a tensor."""

    @functools.wraps(result)
    def called(self: Metric) -> Any:
        value = result(self)
        if not isinstance(value, Tensor):
            return value
        numbers = value.numpy()
        return numbers if numbers.ndim else float(numbers)

    return called


def add_weight(
    self: Metric,
    name: str,
    shape: tuple[int, ...] = (),
    initializer: object = "zeros",
    dtype: object = None,
) -> Variable:
    """Make a weight, which is 0 again after a reset.

    Args:
        self: The metric.
        name: Its name.
        shape: Its shape.
        initializer: What it starts as, until the first reset.
        dtype: Ignored: weights are in single precision.

    """
    del dtype
    value = np.array(initializers.resolve(initializer)(tuple(shape)), array_library.FLOAT)
    array = array_library.current().asarray(value)
    weight = Variable(array, f"{self.name}/{name}", trainable=False)
    vars(self).setdefault("weights", []).append(weight)
    return weight


def reset_states(self: Metric) -> None:
    """Forget all batches."""
    _reset_states(self)
    for weight in vars(self).get("weights", ()):
        weight.assign(0)


def add_update(self: Metric, updates: object, inputs: object = None) -> None:
    """Do nothing: what updates a weight, such as `K.update_add`, has done it by then."""
    del self, updates, inputs


def assign_add(self: Variable, delta: Any) -> Variable:
    """Add to a weight, at once, and return it."""
    self.assign(self.data + as_tensor(delta).data)
    return self


def assign_sub(self: Variable, delta: Any) -> Variable:
    """Subtract from a weight, at once, and return it."""
    self.assign(self.data - as_tensor(delta).data)
    return self


METHODS: dict[str, Any] = {
    "__init_subclass__": classmethod(init_subclass),
    "add_update": add_update,
    "add_weight": add_weight,
    "reset_states": reset_states,
}
"""By name, what all metrics have."""
