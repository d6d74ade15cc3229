"""What every layer can be given."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.tensor.array_library import Array, Shape


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
