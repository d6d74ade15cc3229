"""The adapter of Argus, whose `Model` is made of a network, an optimizer and a loss.

Batches are made by PyTorch's DataLoader, as in Argus's own introduction. Metrics and callbacks
belong to a call there, and callbacks of validation are given beside those of training.
"""

from __future__ import annotations

import itertools
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import argus as library
import torch

from fitspec.adapters.adapter import NotOffered
from fitspec.adapters.forms import by_place, is_source, refuse_metrics_by_output
from fitspec.adapters.probes import HOOKS
from fitspec.adapters.torch_style import (
    Network,
    TorchStyle,
    criterion_of,
    dealt,
    loader_of,
    pair_of,
    single,
    validation_loader,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

ONE_TENSOR = "a batch is a pair of tensors"
LOADER = ("batch_size", "shuffle", "num_workers")
FIT = ("num_epochs",)

#: Documented name of an optimizer -> Argus's, which are PyTorch's.
OPTIMIZERS = {"sgd": "SGD", "rmsprop": "RMSprop", "adam": "Adam"}

#: Argus keeps a register of the models by the names of their classes.
NUMBERS = itertools.count()


class Validating(library.callbacks.Callback):  # Argus is here only when it is run
    """Hears of a validation for a callback, whose own methods Argus calls for training.

    Args:
        callback: has a method for each hook of a test.
    """

    def __init__(self, callback: Any) -> None:
        self.callback = callback

    def start(self, state: Any) -> None:
        """Take it for the documented hook."""
        self.callback.on_test_begin(state)

    def iteration_start(self, state: Any) -> None:
        """Take it for the documented hook."""
        self.callback.on_test_batch_begin(state)

    def iteration_complete(self, state: Any) -> None:
        """Take it for the documented hook."""
        self.callback.on_test_batch_end(state)

    def complete(self, state: Any) -> None:
        """Take it for the documented hook."""
        self.callback.on_test_end(state)


class Bundle:
    """A network, and the `argus.Model` of it: one to predict with until `compile` says more."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.metrics: list[Any] = []
        self.model = self.made()

    def made(self, **parts: Any) -> Any:
        """Return a Model of the network and `parts`; what has none is told to be missing."""
        attributes = dict(parts, nn_module=lambda: self.network)
        kind = type("Model%d" % next(NUMBERS), (library.Model,), attributes)
        missing = [name for name in ("optimizer", "loss") if name not in parts]
        return kind(dict.fromkeys(missing))

    def compile(self, optimizer: Any, loss: Any = None, metrics: Any = None) -> None:
        """Make the Model, and keep the metrics for the calls that take them."""
        criterion = criterion_of(loss)
        if callable(criterion) and not isinstance(criterion, torch.nn.Module):
            raise NotOffered("argument", "loss as a function", "a loss is a module of PyTorch")
        refuse_metrics_by_output(metrics)
        for one in metrics or ():
            if isinstance(one, str) and one in ("mse", "mae"):
                raise NotOffered("argument", "metric %r" % one, "Argus has accuracy alone")
        self.metrics = list(metrics or ())
        parts = {"optimizer": OPTIMIZERS.get(optimizer, optimizer)}
        if loss is not None:
            # A part is what makes it, or the name of it.
            parts["loss"] = (lambda: criterion) if callable(criterion) else criterion
        self.model = self.made(**parts)

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        callbacks: Any = None,
        val_loader: Any = None,
        **options: Any,
    ) -> Any:
        """Fit the Model on a DataLoader, and return what it returns."""
        if is_source(x, y):
            return self.fit_generator(x, callbacks, val_loader, **options)
        form, run = dealt(options, LOADER, FIT)
        data = loader_of(x, y, ONE_TENSOR, **form)
        val_loader = validation_loader(val_loader, ONE_TENSOR, **form)
        return self.fit_generator(data, callbacks, val_loader, **run)

    def fit_generator(
        self, train_loader: Any, callbacks: Any = None, val_loader: Any = None, **options: Any
    ) -> Any:
        """Fit the Model on an iterable of batches, and return what it returns."""
        (run,) = dealt(options, FIT)
        val_loader = validation_loader(val_loader, ONE_TENSOR)
        if val_loader is not None:
            run["val_callbacks"] = [Validating(one) for one in callbacks or ()]
        return self.model.fit(
            train_loader, val_loader, metrics=self.metrics, callbacks=callbacks, **run
        )

    def evaluate(self, x: Any = None, y: Any = None, callbacks: Any = None, **options: Any) -> Any:
        """Validate the Model on a DataLoader, and return its metrics."""
        if is_source(x, y):
            return self.evaluate_generator(x, callbacks, **options)
        (form,) = dealt(options, LOADER)
        data = loader_of(x, y, ONE_TENSOR, **form)
        return self.evaluate_generator(data, callbacks)

    def evaluate_generator(self, val_loader: Any, callbacks: Any = None) -> Any:
        """Validate the Model on an iterable of batches, and return its metrics."""
        watching = [Validating(one) for one in callbacks or ()]
        return by_place(self.model.validate(val_loader, self.metrics, watching))

    def predict(self, input: Any) -> Any:  # noqa: A002  Argus's name for it
        """Predict what the Model predicts for all of an array at once."""
        return self.model.predict(single("x", input, "the input is one tensor"))

    def train_on_batch(self, x: Any, y: Any) -> Any:
        """Take a step of training, and return the loss."""
        return self.model.train_step(pair_of("x, y", (x, y), ONE_TENSOR), None)["loss"]

    def test_on_batch(self, x: Any, y: Any) -> Any:
        """Take a step of validation, and return the loss."""
        return self.model.val_step(pair_of("x, y", (x, y), ONE_TENSOR), None)["loss"]


class Argus(TorchStyle):
    """Argus."""

    model_class = Bundle
    package = ("pytorch-argus", library.__version__)
    metrics_of = staticmethod(lambda state: state.metrics)
    callback_class = library.callbacks.Callback
    # Any object with a length and items is iterated.
    sequence_class = object
    divided = "a Model, its calls and a DataLoader"

    arguments: Mapping[tuple[str, str], str] = {
        ("fit", "epochs"): "num_epochs",
        ("fit", "validation_data"): "val_loader",
        ("fit", "workers"): "num_workers",
        ("fit_generator", "generator"): "train_loader",
        ("fit_generator", "epochs"): "num_epochs",
        ("fit_generator", "validation_data"): "val_loader",
        ("evaluate", "workers"): "num_workers",
        ("evaluate_generator", "generator"): "val_loader",
        ("predict", "x"): "input",
    }
    hooks: Mapping[str, str] = {
        "train_begin": "start",
        "epoch_begin": "epoch_start",
        "train_batch_begin": "iteration_start",
        "train_batch_end": "iteration_complete",
        "epoch_end": "epoch_complete",
        "train_end": "complete",
    }
    #: What a state calls a number -> the documented name of it.
    logs: Mapping[str, str] = {"train_loss": "loss", "train_accuracy": "accuracy"}

    def told(
        self,
        callback: Any,
        hook: str,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],  # noqa: ARG002  Argus calls with a state alone
    ) -> tuple[str, Any, Any]:
        """Read the index and the logs from the state of what runs."""
        (state,) = args
        callback.model = SimpleNamespace(state=state, network=state.model.nn_module)
        number = {"epoch": state.epoch, "batch": state.iteration}.get(HOOKS[hook] or "")
        logs = {self.logs.get(name, name): value for name, value in state.metrics.items()}
        if hook.endswith("batch_end"):
            logs["loss"] = state.step_output["loss"]
        return hook, number, logs

    def stop(self, model: Any) -> None:
        """Ask for the end of training."""
        model.state.stopped = True
