"""The adapter of Poutyne, whose `Model` has the documented methods under nearly the same names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import poutyne as library

from fitspec.adapters.adapter import NotOffered
from fitspec.adapters.forms import is_source
from fitspec.adapters.torch_style import (
    Network,
    Records,
    TorchStyle,
    tensors,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Callback(library.Callback):  # Poutyne is here only when it is run
    """Poutyne calls other hooks for a validation within `fit` than for `evaluate`."""

    def on_valid_begin(self, logs: Any) -> None:
        """Take it for the documented hook."""
        self.on_test_begin(logs)

    def on_valid_batch_begin(self, batch_number: int, logs: Any) -> None:
        """Take it for the documented hook."""
        self.on_test_batch_begin(batch_number, logs)

    def on_valid_batch_end(self, batch_number: int, logs: Any) -> None:
        """Take it for the documented hook."""
        self.on_test_batch_end(batch_number, logs)

    def on_valid_end(self, logs: Any) -> None:
        """Take it for the documented hook."""
        self.on_test_end(logs)


class Bundle:
    """A network, and the `poutyne.Model` of it: one to predict with until `compile` says more."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.model = library.Model(network, None, None)

    @property
    def metrics_names(self) -> Any:
        """What the Model calls its metrics."""
        return self.model.metrics_names

    def compile(self, optimizer: Any, loss_function: Any = None, batch_metrics: Any = None) -> None:
        """Make the Model, whose constructor takes what the documents give to `compile`."""
        if callable(optimizer):
            optimizer = optimizer(self.network.parameters())
        if isinstance(loss_function, (list, tuple, dict)):
            raise NotOffered("argument", "loss for each output", "one function judges all outputs")
        if isinstance(batch_metrics, dict):
            raise NotOffered("argument", "metrics for each output", "a metric judges all outputs")
        self.model = library.Model(
            self.network,
            optimizer,
            Poutyne.losses.get(loss_function, loss_function)
            if isinstance(loss_function, str)
            else loss_function,
            batch_metrics=[Poutyne.losses.get(item, item) for item in batch_metrics or ()],
        )


class Poutyne(TorchStyle):
    """Poutyne."""

    model_class = Bundle
    package = ("poutyne", library.__version__)
    callback_class = Callback
    # Any object with a length and items will do.
    sequence_class = object
    #: Documented name of a loss or metric -> Poutyne's; it has its own for the others.
    losses: Mapping[str, str] = {"mae": "l1", "binary_crossentropy": "bce"}

    methods: Mapping[str, str] = {"test_on_batch": "evaluate_on_batch"}
    arguments: Mapping[tuple[str, str], str] = {
        ("compile", "loss"): "loss_function",
        ("compile", "metrics"): "batch_metrics",
        ("fit_generator", "generator"): "train_generator",
        ("fit_generator", "validation_data"): "valid_generator",
    }
    #: Documented arguments of methods that take arrays -> in the `dataloader_kwargs` of these.
    loader: Mapping[str, Mapping[str, str]] = {
        "fit": {"shuffle": "shuffle", "workers": "num_workers"},
        "evaluate": {"workers": "num_workers"},
        "predict": {"workers": "num_workers"},
    }
    signatures: Mapping[str, Any] = {"compile": library.Model}

    def build_metric(self, name: str) -> Any:
        """Build a metric object."""
        return {"precision": library.BinaryPrecision}[name]()

    def method(self, target: Any, name: str) -> Any:
        """Return the method of the Model; `compile` is its constructor."""
        return super().method(target if name == "compile" else target.model, name)

    def call(self, target: Any, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Call a method with tensors in place of arrays, and read a history that it returns."""
        if name in self.loader and len(args) == 1 and is_source(args[0], kwargs.get("y")):
            name = "%s_generator" % name
        form = {own: kwargs[key] for key, own in self.loader.get(name, {}).items() if key in kwargs}
        if form:
            kwargs = {key: item for key, item in kwargs.items() if key not in self.loader[name]}
            kwargs["dataloader_kwargs"] = form
        if name in ("fit", "evaluate") and len(args) < 2 and "y" not in kwargs:  # x, then y
            raise NotOffered("argument", "x alone", "%s takes x and y" % name)
        if name != "compile":
            args = [tensors(item) for item in args]
            kwargs = {key: tensors(item) for key, item in kwargs.items()}
        value = super().call(target, name, args, kwargs)
        return Records(value, {}, "epoch") if name.startswith("fit") else value
