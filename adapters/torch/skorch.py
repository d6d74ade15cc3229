"""The adapter of skorch, whose `NeuralNet` takes in its constructor what the documents give `fit`.

So one is made for every call. What a net is scored with comes from scikit-learn.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import skorch as library
import torch
from sklearn import metrics as scores
from skorch.callbacks import EpochScoring
from skorch.dataset import Dataset, ValidSplit
from skorch.helper import predefined_split
from skorch.scoring import loss_scoring

from fitspec.adapters.adapter import NotOffered
from fitspec.adapters.forms import refuse_metrics_by_output
from fitspec.adapters.torch_style import (
    Network,
    Records,
    TorchStyle,
    criterion_of,
    dealt,
    tensors,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


FIT = (
    "max_epochs",
    "batch_size",
    "callbacks",
    "verbose",
    "iterator_train__shuffle",
    "iterator_train__num_workers",
)
TEST = ("batch_size", "callbacks", "verbose", "iterator_valid__num_workers")

#: Documented name of a metric -> scikit-learn's.
METRICS = {
    "mse": scores.mean_squared_error,
    "mae": scores.mean_absolute_error,
}


class Nets:
    """A network, and the NeuralNets of it."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.settings: dict[str, Any] = {}
        self.scorings: list[Any] = []
        self.stepped: Any = None

    def compile(self, optimizer: Any, criterion: Any = None, metrics: Any = None) -> None:
        """Keep what every NeuralNet is made with."""
        if not isinstance(optimizer, dict):
            raise NotOffered("argument", "optimizer by name", "NeuralNet takes a class of PyTorch")
        criterion = criterion_of(criterion)
        if callable(criterion) and not isinstance(criterion, torch.nn.Module):
            raise NotOffered("argument", "loss as a function", "a criterion is a module of PyTorch")
        self.settings = dict(optimizer, criterion=criterion)
        self.scorings = scorings(metrics or ())
        self.stepped = None

    def net(self, callbacks: Any = None, **options: Any) -> Any:
        """Return a new NeuralNet."""
        settings = dict(self.settings, **options)
        called = [*self.scorings, *(callbacks or ())]
        return library.NeuralNet(self.network, callbacks=called, **settings)

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        validation_split: Any = None,
        validation_data: Any = None,
        **options: Any,
    ) -> Any:
        """Fit a NeuralNet; how it is validated is a part of it."""
        (options,) = dealt(options, FIT)
        if validation_split is not None:
            # To skorch no split is None.
            options["train_split"] = ValidSplit(validation_split) if validation_split else None
        if validation_data is not None:
            if len(validation_data) > 2:  # x and y
                raise NotOffered("argument", "validation weights", "a Dataset has X and y")
            options["train_split"] = predefined_split(Dataset(*validation_data))
        return Records(self.net(**options).fit(x, y).history, Skorch.logs, "epoch")

    def evaluate(self, x: Any = None, y: Any = None, **options: Any) -> Any:
        """Score a NeuralNet with its criterion."""
        (options,) = dealt(options, TEST)
        if self.scorings:
            raise NotOffered("argument", "metrics of evaluate", "loss_scoring returns the loss")
        return loss_scoring(self.net(**options).initialize(), x, y)

    def predict(self, x: Any = None, **options: Any) -> Any:
        """Predict with a NeuralNet."""
        (options,) = dealt(options, TEST)
        return self.predictor(**options).predict(x)

    def predictor(self, **options: Any) -> Any:
        """Return a new NeuralNet to predict with, which must have a criterion all the same."""
        criterion = self.settings.get("criterion", torch.nn.MSELoss)
        return self.net(**dict(options, criterion=criterion)).initialize()

    def on_batches(self) -> Any:
        """Return the NeuralNet for single batches, which keeps its optimizer among them."""
        if self.stepped is None:
            self.stepped = self.net().initialize()
        return self.stepped

    def train_on_batch(self, x: Any, y: Any) -> Any:
        """Take a step of training, and return the loss."""
        return self.on_batches().train_step(tensors((x, y)))["loss"]

    def test_on_batch(self, x: Any, y: Any) -> Any:
        """Take a step of validation, and return the loss."""
        return self.on_batches().validation_step(tensors((x, y)))["loss"]

    def predict_on_batch(self, x: Any) -> Any:
        """Take a step of evaluation, which returns the predictions."""
        return self.predictor().evaluation_step(tensors((x, None)))


def scorings(metrics: Any) -> list[Any]:
    """Return skorch's callbacks that score each epoch, in training and in validation.

    Raises:
        NotOffered: there is no such metric, or they are for each output.
    """
    refuse_metrics_by_output(metrics, "a score judges one prediction")
    unknown = [item for item in metrics if item not in METRICS]
    if unknown:
        raise NotOffered("argument", "metric %r" % (unknown[0],), "scikit-learn's are translated")
    return [
        EpochScoring(METRICS[name], lower_is_better=None, on_train=on_train, name=label)
        for name in metrics
        for label, on_train in ((name, True), ("val_%s" % name, False))
    ]


class Skorch(TorchStyle):
    """skorch."""

    model_class = Nets
    package = ("skorch", library.__version__)
    metrics_of = staticmethod(lambda net: net.history[-1])
    callback_class = library.callbacks.Callback
    #: Key of skorch's history -> documented key of logs and History.
    logs: Mapping[str, str] = {"train_loss": "loss", "valid_loss": "val_loss"}

    divided = "NeuralNet, whose constructor takes what a call is to do, and to its methods"
    signatures: Mapping[str, Any] = {"compile": library.NeuralNet}

    arguments: Mapping[tuple[str, str], str] = {
        ("compile", "loss"): "criterion",
        ("fit", "epochs"): "max_epochs",
        ("fit", "shuffle"): "iterator_train__shuffle",
        ("fit", "workers"): "iterator_train__num_workers",
        ("evaluate", "workers"): "iterator_valid__num_workers",
        ("predict", "workers"): "iterator_valid__num_workers",
    }
    hooks: Mapping[str, str] = {
        "train_batch_begin": "on_batch_begin",
        "train_batch_end": "on_batch_end",
    }

    def build_sgd(self, rate: float, momentum: float = 0.0) -> Any:
        """Return the arguments of a NeuralNet that ask for SGD."""
        return {"optimizer": torch.optim.SGD, "lr": rate, "optimizer__momentum": momentum}

    def told(
        self, callback: Any, hook: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> tuple[str, Any, Any]:
        """Read what skorch tells: the net, of which the history tells the epoch but no batch."""
        net = args[0]
        callback.model = SimpleNamespace(network=net.module_)
        if hook.startswith("train_batch") and not kwargs["training"]:
            hook = hook.replace("train", "test")
        rows = net.history if hook in ("epoch_begin", "epoch_end") else None
        if not rows:
            return hook, None, None
        logs = {self.logs.get(key, key): value for key, value in rows[-1].items()}
        return hook, rows[-1]["epoch"], logs

    def stop(self, model: Any) -> None:  # noqa: ARG002  an exception needs no model
        """Ask for the end of training, as skorch's own callbacks do."""
        raise KeyboardInterrupt
