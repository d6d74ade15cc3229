"""The documented Model API on NumPy: small enough to read, real enough to use.

from fitspec.reference import Sequential, layers

model = Sequential([layers.Dense(1, input_shape=(1,))])
model.compile("sgd", loss="mse")
model.fit(x, y, epochs=3)

It is read from the inside out, in three rings of folders. What the documents say of the methods is
the first: `api`, `data`, `training` and `callbacks`. What they train is the second: `network`,
`layers`, `losses`, `metrics`, `optimizers`, and `tensor` below them. Whatever makes it faster, or
stands in Keras's place, is the third. The first lines of a folder say what is in it.
"""

import importlib
from functools import partial
from typing import TYPE_CHECKING, Any

from fitspec.reference import (
    activations,
    callbacks,
    constraints,
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
from fitspec.reference.standing_in import left_out
from fitspec.reference.standing_in.attach import attach
from fitspec.reference.standing_in.written_forms import WrittenForms, classes_of, serialize
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
    "constraints",
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
    summary=partial(_called, "standing_in.compiled", "summarize"),
)
attach()
for _module in (
    *(layers, models, initializers, regularizers, constraints, optimizers, losses, metrics),
):
    configuration.namespaces[_module.__name__.rpartition(".")[2]] = classes_of(_module)
for _forms, _module, _names in (
    (WrittenForms("activations", nothing=activations.linear), activations, activations.NAMES),
    (WrittenForms("constraints", made=True), constraints, constraints.NAMES),
    (WrittenForms("initializers", made=True, none=False), initializers, initializers.NAMES),
    (WrittenForms("losses"), losses, losses.FUNCTIONS),
    (WrittenForms("metrics", none=False), metrics, {**losses.FUNCTIONS, **metrics.FUNCTIONS}),
    (WrittenForms("optimizers", made=True, none=False), optimizers, optimizers.NAMES),
    (WrittenForms("regularizers", made=True), regularizers, regularizers.NAMES),
):
    _known = {**_names, **configuration.namespaces.get(_forms.module, {})}
    configuration.namespaces[_forms.module] = _known
    vars(_module).update(get=_forms.get, serialize=serialize, deserialize=_forms.deserialize)
for _module in (callbacks, layers):
    vars(_module)["__getattr__"] = partial(left_out.missing, _module.__name__.rpartition(".")[2])


def __getattr__(name: str) -> Any:
    """Import a module that a first training does not need, when it is asked for."""
    if name in ("backend", "engine", "utils"):
        return importlib.import_module(f"{__name__}.{name}")
    if name == "autodiff":  # by its old place, in scripts of older reports
        return importlib.import_module(f"{__name__}.tensor.autodiff")
    if name in left_out.MODULES:
        raise AttributeError(left_out.sentence(left_out.MODULES[name]))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
