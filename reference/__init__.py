"""The documented Model API on NumPy: small enough to read, real enough to use.

from fitspec.reference import Sequential, layers

model = Sequential([layers.Dense(1, input_shape=(1,))])
model.compile("sgd", loss="mse")
model.fit(x, y, epochs=3)
"""

import importlib
from functools import partial
from typing import TYPE_CHECKING, Any

from fitspec.reference import (
    activations,
    callbacks,
    initializers,
    layers,
    losses,
    metrics,
    models,
    optimizers,
    regularizers,
)
from fitspec.reference.compute.cuda.devices import device
from fitspec.reference.compute.engine import RecordedEngine
from fitspec.reference.config import configuration
from fitspec.reference.data.random_source import set_random_seed
from fitspec.reference.data.sequence import Sequence
from fitspec.reference.models import Input, Model, Sequential, architecture
from fitspec.reference.strict.strictness import strict

if TYPE_CHECKING:
    from fitspec.reference import backend, engine, utils

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


def _called(module: str, name: str, *arguments: Any, **named: Any) -> Any:
    """Call a function of a module that is imported only for that."""
    found = importlib.import_module(f"{__name__}.{module}")
    return getattr(found, name)(*arguments, **named)


# What a network of layers does not have by itself.
Model.engine_class = RecordedEngine
Model.asked.update(
    explain_step=partial(_called, "compute.explaining", "explain_step"),
    from_config=architecture.from_config,
    get_config=architecture.get_config,
    load_model=partial(_called, "files.models", "load_model"),
    load_weights=partial(_called, "files.models", "load_weights"),
    save=partial(_called, "files.models", "save_model"),
    save_weights=partial(_called, "files.models", "save_weights"),
    summary=partial(_called, "network.summary", "summarize"),
)
for _module in (layers, models, initializers, regularizers, optimizers, losses, metrics):
    configuration.namespaces[_module.__name__.rpartition(".")[2]] = vars(_module)


def __getattr__(name: str) -> Any:
    """Import a module that a first training does not need, when it is asked for."""
    if name in ("backend", "engine", "utils"):
        return importlib.import_module(f"{__name__}.{name}")
    if name == "autodiff":  # by its old place, in scripts of older reports
        return importlib.import_module(f"{__name__}.tensor.autodiff")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
