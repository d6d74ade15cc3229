"""What a layer's constructor was given, kept under the names that it was given by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from fitspec.reference import activations, initializers, regularizers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fitspec.reference.network.layer import Layer
    from fitspec.reference.tensor.array_library import Array, Shape
    from fitspec.reference.tensor.variable import Variable


class CommonArguments(TypedDict, total=False):
    """The keyword arguments that every layer passes on to `Layer`."""

    name: str | None
    trainable: bool
    input_shape: Shape | None
    batch_input_shape: Shape | None
    batch_size: int | None
    dtype: object
    weights: Sequence[Array] | None


class LayerArguments(CommonArguments, total=False):
    """Those of layers that have no `input_dim` of their own."""

    input_dim: int | None


def keep(layer: Layer, given: Mapping[str, Any]) -> None:
    """Keep every argument of a constructor as an attribute of the same name, and settle the layer.

    Activations, initializers and regularizers are told by the ends of their names, and resolved.

    Args:
        layer: The layer, after `Layer.__init__`.
        given: The constructor's `locals()`.

    Raises:
        ValueError: Nothing is known by one of the names that are given.

    """
    for name, value in given.items():
        if name in ("self", "arguments", "__class__"):
            continue
        if name.endswith("activation"):
            value = activations.resolve(value)  # noqa: PLW2901  what is kept is what it names
        elif name.endswith("_initializer"):
            value = initializers.resolve(value)  # noqa: PLW2901
        elif name.endswith("_regularizer"):
            value = regularizers.resolve(value, name)  # noqa: PLW2901
        setattr(layer, name, value)
    layer.settle()


def weight(
    layer: Layer,
    name: str,
    shape: tuple[int, ...],
    *,
    arguments: str | None = None,
    trainable: bool = True,
) -> Variable:
    """Make a weight as the layer's initializer and regularizer of its name say.

    Args:
        layer: The layer.
        name: The weight's name.
        shape: Its shape.
        arguments: What the names of the two arguments begin with, if not with `name`.
        trainable: Whether training changes it.

    """
    start = arguments or name
    return layer.add_weight(
        name,
        shape,
        getattr(layer, f"{start}_initializer"),
        trainable=trainable,
        regularizer=getattr(layer, f"{start}_regularizer", None),
    )
