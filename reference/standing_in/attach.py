"""Gives classes what programs for Keras call, which the documented methods need not.

Inner rings do without, and a reader of theirs need not know of it.
"""

from __future__ import annotations

from typing import Any

from fitspec.reference import callbacks, engine, layers, losses, metrics
from fitspec.reference.api import compiling
from fitspec.reference.callbacks import Callback, CallbackList
from fitspec.reference.compute.engine import RecordedEngine
from fitspec.reference.compute.remembered import remembering
from fitspec.reference.layers.core import Dropout
from fitspec.reference.layers.recurrent import Recurrent
from fitspec.reference.losses.base import Loss
from fitspec.reference.metrics.base import Metric
from fitspec.reference.models import architecture
from fitspec.reference.network.compiled_network import CompiledNetwork
from fitspec.reference.network.graph import Graph
from fitspec.reference.network.layer import Layer, Symbol
from fitspec.reference.network.network import Network
from fitspec.reference.optimizers import Adam, Optimizer
from fitspec.reference.standing_in import (
    added_metrics,
    closed_over,
    compiled,
    constrained,
    epoch_lengths,
    given_weights,
    hooks,
    input_spec,
    layer_arguments,
    layer_methods,
    left_out,
    module_names,
    moving_factors,
    own_layers,
    own_metrics,
    own_models,
    remote_monitor,
    states,
    symbolic,
    validation_data,
)
from fitspec.reference.tensor.autodiff import Tensor
from fitspec.reference.tensor.variable import Variable


def attach() -> None:
    """Do so, once for all classes that there are."""
    give(Layer, **layer_methods.METHODS, **own_layers.METHODS)
    give(Network, **own_models.METHODS)
    give(Dropout, call=layer_arguments.drop_out)
    for kind in descendants(Layer):
        if "build" in vars(kind):
            give(kind, build=layer_methods.taking_batch_shapes(vars(kind)["build"]))
        if "call" in vars(kind):
            give(kind, call=own_layers.taking_tensors(vars(kind)["call"]))
        if "__init__" in vars(kind):
            give(kind, __init__=layer_arguments.checked(vars(kind)["__init__"]))
    give(Layer, add_weight=constrained.add_weight, get_config=constrained.get_config)
    give(Recurrent, reset_states=states.reset_states, states=property(states.states_of))
    give(Optimizer, change=constrained.change, __new__=left_out.new_optimizer)
    give(CompiledNetwork, require_engine=compiled.require_engine)
    give(CompiledNetwork, feed=remembering(own_models.feed), tentatively=own_models.tentatively)
    give(CompiledNetwork, users=property(remembering(vars(CompiledNetwork)["users"].fget)))
    give(Network, to_yaml=architecture.to_yaml, _connect=symbolic.connect)
    give(Layer, add_loss=symbolic.add_loss)
    give(Symbol, **layer_methods.OF_SYMBOLS, **symbolic.operators())
    take_symbols()
    give(CallbackList, **{name: hooks.telling(name) for name in hooks.HOOKS})
    give(CallbackList, prepare=validation_data.prepare, begin_epoch=epoch_lengths.begin_epoch)
    give(Callback, validation_data=validation_data.ValidationData())
    for hook in hooks.HOOKS.values():
        hooks.without_logs(hook)
    give(Metric, __call__=symbolic.accepting(added_metrics.call_metric), **own_metrics.METHODS)
    give(Variable, assign_add=own_metrics.assign_add, assign_sub=own_metrics.assign_sub)
    give(Layer, add_metric=added_metrics.add_metric)
    give(CompiledNetwork, was_compiled=added_metrics.was_compiled)
    for name, counted in {"compute": True, "_predicted": False}.items():
        method = added_metrics.counting(vars(RecordedEngine)[name], counted)
        give(RecordedEngine, **{name: method})
    give(RecordedEngine, compute=closed_over.knowing(vars(RecordedEngine)["compute"]))
    give(Loss, __call__=closed_over.comparing(vars(Loss)["__call__"]))
    for name in (f"__{one}__" for one in closed_over.OPERATORS):
        give(Tensor, **{name: closed_over.operator_of(vars(Tensor)[name])})
    for owner in (Layer, Optimizer, Adam):
        give(owner, set_weights=given_weights.listed(vars(owner)["set_weights"]))
    give(Symbol, __array__=closed_over.as_array)
    give(Graph, values_of=staticmethod(closed_over.kept))
    vars(compiling)["loss_weights_per_output"] = moving_factors.loss_weights_per_output
    vars(layers)["InputSpec"] = vars(engine)["InputSpec"] = input_spec.InputSpec
    vars(callbacks)["RemoteMonitor"] = remote_monitor.RemoteMonitor
    callbacks.__all__.append("RemoteMonitor")
    left_out.announce()
    module_names.find(layers, engine)


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
