"""Masks by `compute_mask`, which layers of one's own have, and ask provided layers for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.network.keras_layers import one_or_list
from fitspec.reference.network.layer import Layer, Symbol
from fitspec.reference.tensor import operations
from fitspec.reference.tensor.autodiff import as_tensor

if TYPE_CHECKING:
    from fitspec.reference.tensor.autodiff import Tensor

PACKAGE = Layer.__module__.partition(".network")[0]


def compute_mask(self: Layer, inputs: Any, mask: Any = None) -> Any:
    """Return the mask of the output, None without any; a list of those of several outputs.

    Args:
        self: The layer.
        inputs: A batch, or a list of one for each input.
        mask: The mask of the input, or a list of one for each, some of which may be None.

    Raises:
        TypeError: There is a mask, and the layer does not say what masks mean to it; or an input is
            a symbol.

    """
    for each in several(inputs):
        if isinstance(each, Symbol):
            raise TypeError(f"inputs: masks are computed of batches, not of {each!r}")
    given = [operations.same(as_tensor(each)) for each in several(inputs)]
    for tensor, own in zip(given, several(mask), strict=False):
        tensor.mask = counting(own)
    # A class that has one of its own calls that of its base.
    base: Any = next(kind for kind in type(self).__mro__ if kind.__module__.startswith(PACKAGE))
    outputs = given[:1]
    if base.run is not Layer.run:
        self.build_once([tensor.shape[1:] for tensor in given])
        outputs = base.run(self, given, training=False)
    elif base.pass_mask is not Layer.pass_mask:
        self.build_once([tensor.shape[1:] for tensor in given])
        outputs = [base.call(self, given, training=False)]
    if base.run is Layer.run and any(tensor.mask is not None for tensor in given):
        outputs = [base.pass_mask(self, given, outputs[0])]
    return one_or_list([output.mask for output in outputs])


def counting(mask: Any) -> Any:
    """Return a mask, which may be one of numbers, as an array of what counts."""
    return None if mask is None else as_tensor(mask).data != 0


def several(values: Any) -> list[Any]:
    """Return one of something or several as a list."""
    return list(values) if isinstance(values, (list, tuple)) else [values]


def with_own_masks(layer: Layer, inputs: list[Tensor], outputs: list[Tensor]) -> list[Tensor]:
    """Return outputs with the masks that a `compute_mask` written as for Keras gives them."""
    given = one_or_list(inputs), one_or_list([tensor.mask for tensor in inputs])
    masks = several(layer.compute_mask(*given))  # type: ignore[attr-defined]  # given
    # An output that is an input has another mask as that.
    masked = [operations.same(output) for output in outputs]
    for output, mask in zip(masked, masks * (len(outputs) // len(masks)), strict=True):
        output.mask = counting(mask)
    return masked
