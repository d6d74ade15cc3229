"""The documented Model API on NumPy: small enough to read, real enough to use.

from fitspec.reference import Sequential, layers

model = Sequential([layers.Dense(1, input_shape=(1,))])
model.compile("sgd", loss="mse")
model.fit(x, y, epochs=3)
"""

from fitspec.reference import callbacks, layers, losses, metrics, optimizers
from fitspec.reference.devices import device
from fitspec.reference.input_layer import Input
from fitspec.reference.model import Model
from fitspec.reference.randomness import set_random_seed
from fitspec.reference.sequence import Sequence
from fitspec.reference.sequential import Sequential

__all__ = [
    "Input",
    "Model",
    "Sequence",
    "Sequential",
    "callbacks",
    "device",
    "layers",
    "losses",
    "metrics",
    "optimizers",
    "set_random_seed",
]
