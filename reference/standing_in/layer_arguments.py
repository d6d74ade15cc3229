"""Arguments of layers that Keras takes and the reference does not, each with a sentence."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from fitspec.reference.config.configuration import argument_names

if TYPE_CHECKING:
    from collections.abc import Callable

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
#: What may only be left out, or be None; and whatever ends as a constraint does.
NOTHING_ELSE = ("noise_shape", "seed")


def checked(init: Callable[..., None]) -> Callable[..., None]:
    """Return the constructor of a class of layers, which says what it has not.

    What stands for nothing is taken: `kernel_constraint=None`.
    """

    @functools.wraps(init)
    def made(self: Any, *arguments: Any, **named: Any) -> None:
        unknown = named.keys() - argument_names(type(self)) if named else ()
        for name in sorted(unknown):
            if name in KERAS_1:
                raise TypeError(
                    f"{type(self).__name__}: {name!r} is an argument of Keras 1, which is called "
                    f"{KERAS_1[name]!r} since Keras 2"
                )
            if not (name.endswith("_constraint") or name in NOTHING_ELSE):
                continue
            if named.pop(name) is not None:
                raise ValueError(
                    f"{type(self).__name__}: {name} must be None, as it is left out of the "
                    "reference"
                )
        init(self, *arguments, **named)

    return made
