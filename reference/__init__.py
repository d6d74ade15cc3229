"""The documented Model API on NumPy: small enough to read, real enough to use.

from fitspec.reference import Sequential, layers

model = Sequential([layers.Dense(1, input_shape=(1,))])
model.compile("sgd", loss="mse")
model.fit(x, y, epochs=3)
"""

import importlib
from typing import TYPE_CHECKING, Any

from fitspec.reference import (
    activations,
    callbacks,
    initializers,
    layers,
    losses,
    metrics,
    optimizers,
    regularizers,
)
from fitspec.reference.devices import device
from fitspec.reference.input_layer import Input
from fitspec.reference.model import Model
from fitspec.reference.randomness import set_random_seed
from fitspec.reference.sequence import Sequence
from fitspec.reference.sequential import Sequential
from fitspec.reference.strictness import strict

if TYPE_CHECKING:
    from fitspec.reference import backend, engine, models, utils

__all__ = [
    "Input",
    "Model",
    "Sequence",
    "Sequential",
    "activations",
    "backend",
    "callbacks",
    "device",
    "engine",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "optimizers",
    "regularizers",
    "set_random_seed",
    "strict",
    "utils",
]


def __getattr__(name: str) -> Any:
    """Import a module that a first training does not need, when it is asked for."""
    if name in ("backend", "engine", "models", "utils"):
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
