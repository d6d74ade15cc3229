"""The adapter of Poutyne, whose `Model` has the documented methods under nearly the same names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import poutyne as library
import torch

from fitspec.adapters.adapter import NotOffered
from fitspec.adapters.torch_style import Network, Records, TorchStyle, tensors

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

    def compile(self, optimizer: Any, loss: Any = None, metrics: Any = None) -> None:
        """Make the Model, whose constructor takes what the documents give to `compile`."""
        if callable(optimizer):
            optimizer = optimizer(self.network.parameters())
        if isinstance(loss, (list, tuple, dict)):
            raise NotOffered("argument", "loss for each output", "one function judges all outputs")
        if isinstance(metrics, dict):
            raise NotOffered("argument", "metrics for each output", "a metric judges all outputs")
        self.model = library.Model(
            self.network,
            optimizer,
            Poutyne.losses.get(loss, loss) if isinstance(loss, str) else loss,
            batch_metrics=[Poutyne.losses.get(item, item) for item in metrics or ()],
        )


class Poutyne(TorchStyle):
    """Poutyne."""

    model_class = Bundle
    callback_class = Callback
    # Any object with a length and items will do.
    sequence_class = object
    #: Documented name of a loss or metric -> Poutyne's; it has its own for the others.
    losses: Mapping[str, str] = {"mae": "l1", "binary_crossentropy": "bce"}

    methods: Mapping[str, str] = {"test_on_batch": "evaluate_on_batch"}
    arguments: Mapping[tuple[str, str], str] = {
        ("fit_generator", "generator"): "train_generator",
        ("fit_generator", "validation_data"): "valid_generator",
        ("fit", "workers"): "num_workers",
    }

    def versions(self) -> dict[str, str]:
        """Return the versions of Poutyne, PyTorch and NumPy."""
        return {
            "poutyne": library.__version__,
            "torch": torch.__version__,
            "numpy": np.__version__,
        }

    def method(self, target: Any, name: str) -> Any:
        """Return the method of the Model; `compile` is its constructor."""
        return super().method(target if name == "compile" else target.model, name)

    def call(self, target: Any, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Call a method with tensors in place of arrays, and read a history that it returns."""
        if name in ("fit", "evaluate") and len(args) < 2 and "y" not in kwargs:  # x, then y
            raise NotOffered("argument", "x alone", "%s_generator takes batches" % name)
        if name != "compile":
            args = [tensors(item) for item in args]
            kwargs = {key: tensors(item) for key, item in kwargs.items()}
        value = super().call(target, name, args, kwargs)
        return Records(value, {}, "epoch") if name.startswith("fit") else value
