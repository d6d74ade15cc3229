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
from fitspec.reference.compute.cuda.devices import device
from fitspec.reference.data.random_source import set_random_seed
from fitspec.reference.data.sequence import Sequence
from fitspec.reference.models.model import Model
from fitspec.reference.models.sequential import Sequential
from fitspec.reference.network.input_layer import Input
from fitspec.reference.strict.strictness import strict

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
    if name == "autodiff":  # by its old place, in scripts of older reports
        return importlib.import_module(f"{__name__}.tensor.autodiff")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
