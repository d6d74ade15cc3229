"""Arguments of layers that Keras takes and the reference does not, each with a sentence."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from fitspec.reference.config.configuration import argument_names
from fitspec.reference.layers.core import Dropout
from fitspec.reference.standing_in import constrained
from fitspec.reference.tensor import random

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.tensor.array_library import Array
    from fitspec.reference.tensor.autodiff import Tensor

#: Arguments of Keras 1, with what they are called since Keras 2.
KERAS_1 = {
    "W_regularizer": "kernel_regularizer", "b_regularizer": "bias_regularizer",
    "bias": "use_bias", "border_mode": "padding", "dim_ordering": "data_format",
    "dropout_U": "recurrent_dropout", "dropout_W": "dropout", "filter_length": "kernel_size",
    "init": "kernel_initializer", "inner_activation": "recurrent_activation",
    "inner_init": "recurrent_initializer", "input": "inputs", "nb_col": "kernel_size",
    "nb_filter": "filters", "nb_row": "kernel_size", "output": "outputs", "output_dim": "units",
    "p": "rate", "pool_length": "pool_size", "sigma": "stddev", "subsample": "strides",
    "subsample_length": "strides",
}  # fmt: skip
#: What may only be left out, or be None.
NOTHING_ELSE = "seed"


def checked(init: Callable[..., None]) -> Callable[..., None]:
    """Return the constructor of a class of layers, which says what it has not.

    What stands for nothing is taken: `seed=None`. Constraints, and the `noise_shape` of `Dropout`,
    are kept under their names.
    """

    @functools.wraps(init)
    def made(self: Any, *arguments: Any, **named: Any) -> None:
        unknown = named.keys() - argument_names(type(self)) if named else set()
        limits = {name: named.pop(name) for name in unknown if name.endswith(constrained.END)}
        found = constrained.taken(self, limits)
        if "noise_shape" in unknown and isinstance(self, Dropout):
            found["noise_shape"] = named.pop("noise_shape")
        for name in sorted(unknown - found.keys()):
            if name in KERAS_1:
                raise TypeError(
                    f"{type(self).__name__}: {name!r} is an argument of Keras 1, which is called "
                    f"{KERAS_1[name]!r} since Keras 2"
                )
            if name != NOTHING_ELSE:
                continue
            if named.pop(name) is not None:
                raise ValueError(
                    f"{type(self).__name__}: {name} must be None, as it is left out of the "
                    "reference"
                )
        init(self, *arguments, **named)
        vars(self).update(found)

    return made


_dropped_out = Dropout.call


def drop_out(self: Dropout, inputs: list[Tensor], *, training: bool) -> Tensor:
    """Compute the output of a `Dropout`, whose zeros may be the same along axes of length 1.

    Raises:
        ValueError: The `noise_shape` of the layer has other lengths than the batch, or is not as
            long as its shape.

    """
    asked = vars(self).get("noise_shape")
    if asked is None or not training or not self.rate:
        return _dropped_out(self, inputs, training=training)
    (x,) = inputs
    lengths = tuple(length if n is None else n for n, length in zip(asked, x.shape, strict=False))
    if len(asked) != x.ndim or any(n not in {1, m} for n, m in zip(lengths, x.shape, strict=True)):
        raise ValueError(f"noise_shape: {asked!r} of {self.name!r} is not for shape {x.shape}")
    alike = tuple(slice(length) for length in lengths)
    factors: Array = random.dropout(x.data[alike], self.rate)
    return x * factors
