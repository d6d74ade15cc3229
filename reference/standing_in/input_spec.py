"""What a layer of one's own says of its inputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fitspec.reference.network.layer import Symbol, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fitspec.reference.network.layer import Layer
    from fitspec.reference.tensor.array_library import Shape

__all__ = ["InputSpec"]


@dataclass
class InputSpec:
    """What a batch of an input has to be; a layer has one for each input as its `input_spec`.

    Attributes:
        dtype: Ignored: everything is computed in single precision.
        shape: Its shape, with None for lengths that do not matter.
        ndim: How many axes it has.
        max_ndim: How many it has at most.
        min_ndim: How many it has at least.
        axes: The lengths of some axes, by the axis.

    """

    dtype: object = None
    shape: Shape | None = None
    ndim: int | None = None
    max_ndim: int | None = None
    min_ndim: int | None = None
    axes: Mapping[int, int | None] | None = None

    def missing(self, shape: Shape) -> str:
        """Return what a batch of a shape is not; nothing if it is as expected."""
        axes = self.ndim if self.shape is None else len(self.shape)
        least, most = self.min_ndim or axes or 0, self.max_ndim or axes or len(shape)
        if not least <= len(shape) <= most:
            return f"{least} to {most} axes" if least < most else f"{least} axes"
        for axis, length in {**dict(enumerate(self.shape or ())), **(self.axes or {})}.items():
            if None not in {length, shape[axis]} and length != shape[axis]:
                return f"length {length} along axis {axis}"
        return ""


def check(layer: Layer, inputs: Symbol | Sequence[Symbol]) -> None:
    """Refuse inputs that a layer says it does not take.

    Raises:
        ValueError: They are too few, too many, or of another shape.

    """
    given = vars(layer).get("input_spec")
    if given is None:
        return
    specs = list(given) if isinstance(given, (list, tuple)) else [given]
    symbols = listed(inputs)
    if len(specs) != len(symbols):
        raise ValueError(f"layer {layer.name!r} takes {len(specs)} inputs, got {len(symbols)}")
    for spec, symbol in zip(specs, symbols, strict=True):
        shape = (None, *symbol.shape)
        if spec is not None and (missing := spec.missing(shape)):
            raise ValueError(f"layer {layer.name!r} needs {missing}, got a batch of shape {shape}")
