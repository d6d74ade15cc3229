"""What models of PyTorch and their wrappers have no place for, told as their adapters tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.adapters.adapter import NotOffered
from fitspec.adapters.forms import is_source
from fitspec.adapters.reference.deviations.planting import deviation, instead_of
from fitspec.adapters.reference.plain import Reference
from fitspec.reference.api import compiled, methods
from fitspec.reference.training import loop

if TYPE_CHECKING:
    from collections.abc import Callable

#: Kinds of layer that PyTorch has in another form only.
MISSING = {
    "masking": "a module of PyTorch hands on tensors, which have no masks",
    "simple_rnn": "a recurrent module of PyTorch keeps no state from one call to the next",
}


@deviation("modules-keep-no-state-and-no-masks")
def modules_keep_no_state_and_no_masks() -> None:
    """Have no recurrent layers that keep their state, no masks and no penalties of weights."""

    @instead_of(Reference, "_layer")
    def layer(original: Callable[..., Any], self: Any, description: Any, **more: Any) -> Any:
        kind = description["kind"]
        if kind in MISSING:
            raise NotOffered("probe", "layer " + kind, MISSING[kind])
        if "kernel_regularizer" in description.get("settings", {}):
            reason = "penalties are terms of a user's loss"
            raise NotOffered("argument", "kernel_regularizer", reason)
        return original(self, description, **more)


@deviation("inputs-have-no-tensors")
def inputs_have_no_tensors() -> None:
    """Have no input with a tensor of its own."""

    @instead_of(Reference, "_input")
    def own(original: Callable[..., Any], self: Any, description: Any) -> Any:
        if "tensor" in description.get("settings", {}):
            raise NotOffered("argument", "Input(tensor)", "a module has no inputs of its own")
        return original(self, description)


@deviation("optimizers-neither-limit-nor-count")
def optimizers_neither_limit_nor_count() -> None:
    """Have optimizers without limits of gradients and without a count of updates."""

    @instead_of(Reference, "build_limited_sgd")
    def limited(original: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        del original, args, kwargs
        raise NotOffered("probe", "limited_sgd")

    @instead_of(Reference, "iterations")
    def iterations(original: Callable[..., Any], *args: Any) -> Any:
        del original, args
        raise NotOffered("attribute", "optimizer.iterations")


@deviation("layers-have-no-switch")
def layers_have_no_switch() -> None:
    """Have no attribute of a layer that says whether it is trained."""

    @instead_of(Reference, "set_trainable")
    def trainable(original: Callable[..., Any], *args: Any) -> Any:
        del original, args
        raise NotOffered("attribute", "trainable")


@deviation("one-function-judges-all-outputs")
def one_function_judges_all_outputs() -> None:
    """Take no loss and no metrics for each output, and give those that there are lists."""

    @instead_of(Reference, "call")
    def call(original: Callable[..., Any], self: Any, target: Any, name: str, *given: Any) -> Any:
        args, kwargs = given
        if name == "compile":
            if isinstance(kwargs.get("loss", (*args, None, None)[1]), (list, dict)):
                reason = "one function judges all outputs"
                raise NotOffered("argument", "loss for each output", reason)
            if isinstance(kwargs.get("metrics"), dict):
                reason = "a metric judges all outputs"
                raise NotOffered("argument", "metrics for each output", reason)
        return original(self, target, name, args, kwargs)

    for name in ("train_step", "test_step"):

        @instead_of(loop, name)
        def step(original: Callable[..., Any], model: Any, batch: Any) -> Any:
            if len(model.plan.outputs) > 1:
                raise AttributeError("'list' object has no attribute 'size'")
            return original(model, batch)


@deviation("targets-come-with-inputs")
def targets_come_with_inputs() -> None:
    """Take arrays of inputs for training and tests with arrays of targets alone."""

    @instead_of(Reference, "call")
    def call(original: Callable[..., Any], self: Any, target: Any, name: str, *given: Any) -> Any:
        args, kwargs = given
        alone = len(args) < 2 and "y" not in kwargs
        if name in ("fit", "evaluate") and alone and not (args and is_source(args[0])):
            raise NotOffered("argument", "x alone", "%s takes x and y" % name)
        return original(self, target, name, args, kwargs)


@deviation("models-keep-no-history")
def models_keep_no_history() -> None:
    """Leave no History in the model, and return a list of the results of each epoch."""

    @instead_of(methods.Trainable, "fit")
    def fit(original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> Any:
        return Records(original(self, *args, **kwargs))

    @instead_of(compiled.Compiled, "__getattribute__")
    def attribute(original: Callable[..., Any], self: Any, name: str) -> Any:
        if name == "history":
            raise AttributeError("'Model' object has no attribute 'history'")
        return original(self, name)


class Records:
    """The results of each epoch, as a list of dicts has them."""

    def __init__(self, history: Any) -> None:
        self.epoch = history.epoch
        seconds = {"time": [0.0] * len(self.epoch)}
        values = {
            name: each if name in ("loss", "val_loss") else list(map(np.float64, each))
            for name, each in history.history.items()
        }
        self.history = {**seconds, **values} if self.epoch else {}
