"""Weights that a constraint brings back to what it allows, after every update."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference import constraints
from fitspec.reference.config.configuration import argument_names, encode
from fitspec.reference.network.keras_layers import MARK
from fitspec.reference.network.layer import Layer
from fitspec.reference.optimizers import Optimizer
from fitspec.reference.tensor.autodiff import Tensor

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fitspec.reference.tensor.array_library import Array
    from fitspec.reference.tensor.variable import Variable

END = "_constraint"

_add_weight = Layer.add_weight
_get_config = Layer.get_config
_change = Optimizer.change


def taken(layer: Layer, given: Mapping[str, object]) -> dict[str, Any]:
    """Return the constraints among arguments of a layer, resolved, and None for those left out.

    Raises:
        ValueError: The layer has no such weight, or nothing is known by the name.

    """
    found = {name: constraints.resolve(value, name) for name, value in given.items()}
    for name, constraint in found.items():
        start = name.removesuffix(END)
        if constraint is not None and f"{start}_initializer" not in argument_names(type(layer)):
            raise ValueError(f"{name}: {type(layer).__name__} has no weight that it is for")
    return found


def add_weight(
    self: Layer,
    name: str,
    shape: tuple[int, ...],
    *arguments: Any,
    constraint: object = None,
    **named: Any,
) -> Variable:
    """Make one weight and add it to those of the layer.

    Args:
        self: The layer.
        name: As of `Layer.add_weight`.
        shape: The same.
        *arguments: The same.
        constraint: What it is brought back to after every update; without one, what an argument
            of the layer says, if it is not written as for Keras.
        **named: As of `Layer.add_weight`.

    """
    if constraint is None and not getattr(self, MARK, False):
        constraint = vars(self).get(name.removesuffix("_kernel") + END)
    resolved = constraints.resolve(constraint)
    weight = _add_weight(self, name, shape, *arguments, **named)
    constraints.keep(weight, resolved)
    return weight


def get_config(self: Layer) -> dict[str, Any]:
    """Return what to make another layer like this with, for JSON."""
    config = _get_config(self)
    for name, value in vars(self).items():
        if value is not None and (name.endswith(END) or name == "noise_shape"):
            config[name] = encode(value)
    return config


def change(self: Optimizer, variable: Variable, gradient: Array, memory: Sequence[Array]) -> None:
    """Move one weight, and bring it back to what its constraint allows."""
    _change(self, variable, gradient, memory)
    constraint = constraints.of(variable)
    if constraint is not None:
        allowed = constraint(Tensor(variable.data))
        variable.assign(allowed.data.astype(variable.data.dtype, copy=False))
