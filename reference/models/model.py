"""A model: a network of layers that can be trained, tested and used in all documented ways."""

from __future__ import annotations

from fitspec.reference.api.methods import Trainable
from fitspec.reference.network.compiled_network import CompiledNetwork


class Model(CompiledNetwork, Trainable):
    """A network that can be trained, tested and used.

    Example:
        >>> x = Input(shape=(1,))
        >>> model = Model(x, layers.Dense(1)(x))
        >>> model.compile("sgd", loss="mse")

    Attributes:
        history: The History of the last `fit`, None before.
        stop_training: Set it to True in a callback to end training after the current batch.

    """
