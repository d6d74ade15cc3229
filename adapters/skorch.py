"""The adapter of skorch, whose `NeuralNet` takes in its constructor what the documents give `fit`.

So one is made for every call. What a net is scored with comes from scikit-learn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import skorch as library
import torch
from skorch.dataset import Dataset, ValidSplit
from skorch.helper import predefined_split

from fitspec.adapters.adapter import NotOffered
from fitspec.adapters.torch_style import Network, Records, TorchStyle, criterion_of, dealt

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
PREDICT = ("batch_size", "callbacks", "iterator_valid__num_workers")


class Nets:
    """A network, and the NeuralNets of it."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.settings: dict[str, Any] = {}

    def compile(self, optimizer: Any, loss: Any = None) -> None:
        """Keep what every NeuralNet is made with."""
        if not isinstance(optimizer, dict):
            raise NotOffered("argument", "optimizer by name", "NeuralNet takes a class of PyTorch")
        criterion = criterion_of(loss)
        if callable(criterion) and not isinstance(criterion, torch.nn.Module):
            raise NotOffered("argument", "loss as a function", "a criterion is a module of PyTorch")
        self.settings = dict(optimizer, criterion=criterion)

    def fit(
        self,
        x: Any,
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
        net = library.NeuralNet(self.network, **dict(self.settings, **options))
        return Records(net.fit(x, y).history, Skorch.logs, "epoch")

    def predict(self, x: Any, **options: Any) -> Any:
        """Predict with a NeuralNet; one that was not compiled has some criterion, as it must."""
        (options,) = dealt(options, PREDICT)
        settings = dict({"criterion": torch.nn.MSELoss}, **self.settings)
        net = library.NeuralNet(self.network, **dict(settings, **options))
        return net.initialize().predict(x)


class Skorch(TorchStyle):
    """skorch."""

    model_class = Nets
    callback_class = library.callbacks.Callback
    #: Key of skorch's history -> documented key of logs and History.
    logs: Mapping[str, str] = {"train_loss": "loss", "valid_loss": "val_loss"}

    arguments: Mapping[tuple[str, str], str] = {
        ("fit", "epochs"): "max_epochs",
        ("fit", "shuffle"): "iterator_train__shuffle",
        ("fit", "workers"): "iterator_train__num_workers",
        ("predict", "workers"): "iterator_valid__num_workers",
    }
    hooks: Mapping[str, str] = {
        "train_batch_begin": "on_batch_begin",
        "train_batch_end": "on_batch_end",
    }

    def versions(self) -> dict[str, str]:
        """Return the versions of skorch, PyTorch and NumPy."""
        return {
            "skorch": library.__version__,
            "torch": torch.__version__,
            "numpy": np.__version__,
        }

    def build_sgd(self, rate: float, momentum: float = 0.0) -> Any:
        """Return the arguments of a NeuralNet that ask for SGD."""
        return {"optimizer": torch.optim.SGD, "lr": rate, "optimizer__momentum": momentum}

    def told(
        self, callback: Any, hook: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> tuple[str, Any, Any]:
        """Read what skorch tells: the net, of which the history tells the epoch but no batch."""
        net = args[0]
        callback.model = Running(net)
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


class Running:
    """What a callback knows of a NeuralNet that is fitted."""

    def __init__(self, net: Any) -> None:
        self.network = net.module_
