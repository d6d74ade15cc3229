"""Gives classes what programs for Keras call, which the documented methods need not.

Inner rings do without, and a reader of theirs need not know of it.
"""

from __future__ import annotations

from typing import Any

from fitspec.reference import losses, metrics
from fitspec.reference.callbacks import Callback, CallbackList
from fitspec.reference.metrics.base import Metric
from fitspec.reference.models import architecture
from fitspec.reference.network.compiled_network import CompiledNetwork
from fitspec.reference.network.layer import Layer, Symbol
from fitspec.reference.network.network import Network
from fitspec.reference.standing_in import (
    compiled,
    hooks,
    layer_arguments,
    layer_methods,
    left_out,
    own_layers,
    symbolic,
    validation_data,
)


def attach() -> None:
    """Do so, once for all classes that there are."""
    give(Layer, **layer_methods.METHODS, **own_layers.METHODS)
    for kind in descendants(Layer):
        if "build" in vars(kind):
            give(kind, build=layer_methods.taking_batch_shapes(vars(kind)["build"]))
        if "call" in vars(kind):
            give(kind, call=own_layers.taking_tensors(vars(kind)["call"]))
        if "__init__" in vars(kind):
            give(kind, __init__=layer_arguments.checked(vars(kind)["__init__"]))
    give(CompiledNetwork, require_engine=compiled.require_engine)
    give(Network, to_yaml=architecture.to_yaml, _connect=symbolic.connect)
    give(Layer, add_loss=symbolic.add_loss)
    give(Symbol, **layer_methods.OF_SYMBOLS, **symbolic.operators())
    take_symbols()
    give(CallbackList, **{name: hooks.telling(name) for name in hooks.HOOKS})
    give(CallbackList, prepare=validation_data.prepare)
    give(Callback, validation_data=validation_data.ValidationData())
    for hook in hooks.HOOKS.values():
        hooks.without_logs(hook)
    give(Metric, __call__=hooks.call_metric)
    left_out.announce()


def take_symbols() -> None:
    """Have the functions of losses, which metrics are as well, take symbols as well."""
    taking = {function: symbolic.accepting(function) for function in losses.FUNCTIONS.values()}
    for called in taking.values():
        called.__module__ = losses.__name__  # where it is found again
    for known in (losses.FUNCTIONS, vars(losses), vars(metrics)):
        functions = [(name, value) for name, value in known.items() if callable(value)]
        known.update((name, taking[value]) for name, value in functions if value in taking)


def give(kind: type, **methods: Any) -> None:
    """Give a class methods."""
    for name, method in methods.items():
        setattr(kind, name, method)


def descendants(kind: type[Layer]) -> list[type[Layer]]:
    """Return a class, and all that are derived from it."""
    return [kind, *(one for sub in kind.__subclasses__() for one in descendants(sub))]
