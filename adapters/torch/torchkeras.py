"""The adapter of torchkeras, whose `KerasModel` is made of a network, a loss and an optimizer.

Batches are made by PyTorch's DataLoader, as in torchkeras's own introduction, or by any object with
a length. The picture of each epoch, for notebooks, is switched off.
"""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import torch
import torchkeras as library

from fitspec.adapters.adapter import NotOffered
from fitspec.adapters.forms import by_place, is_source, refuse_metrics_by_output
from fitspec.adapters.torch_style import (
    Network,
    Records,
    TorchStyle,
    counted,
    criterion_of,
    dealt,
    loader_of,
    optimizer_of,
    validation_loader,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

ONE_TENSOR = "a batch is a pair of tensors"
ASKED = "fit and evaluate ask for it"
LOADER = ("batch_size", "shuffle", "num_workers")
FIT = ("epochs", "callbacks")


def documented(name: str) -> str:
    """Return the documented name of the number `name` of a history."""
    return re.sub("^train_", "", name)


class Bundle:
    """A network, and the `KerasModel` of it once `compile` has said what else it is made of."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.made: Any = None

    @property
    def history(self) -> Any:
        """What the KerasModel keeps of its last training."""
        return self.model.history

    @property
    def model(self) -> Any:
        """The KerasModel."""
        if self.made is None:
            raise NotOffered("argument", "model without compile", "a KerasModel has a loss")
        return self.made

    def compile(self, optimizer: Any, loss_fn: Any = None, metrics_dict: Any = None) -> None:
        """Make the KerasModel, whose constructor demands a loss."""
        refuse_metrics_by_output(metrics_dict)
        for metric in metrics_dict or ():
            if not isinstance(metric, torch.nn.Module):
                raise NotOffered("argument", "metric that is no object", "a metric is a module")
        self.made = library.KerasModel(
            self.network,
            metrics_dict={type(one).__name__.lower(): one for one in metrics_dict or ()},
            optimizer=optimizer_of(optimizer, self.network),
            **({} if loss_fn is None else {"loss_fn": criterion_of(loss_fn)}),
        )

    def fit(self, x: Any = None, y: Any = None, val_data: Any = None, **options: Any) -> Any:
        """Fit the KerasModel on a DataLoader, and return what it returns."""
        if is_source(x, y):
            return self.fit_generator(x, val_data, **options)
        form, run = dealt(options, LOADER, (*FIT, "size"))
        data = loader_of(x, y, ONE_TENSOR, **form)
        if val_data is not None:
            val_data = validation_loader(val_data, ONE_TENSOR, **form)
        return self.fit_generator(data, val_data, **run)

    def fit_generator(self, train_data: Any, val_data: Any = None, **options: Any) -> Any:
        """Fit the KerasModel on a source of batches with a length."""
        run, steps = dealt(options, FIT, ("size",))
        counted(train_data, ASKED)
        for name, number in steps.items():
            setattr(train_data, name, number)
        if val_data is None:
            # What is watched is `val_loss` if nothing is said.
            run["monitor"] = "train_loss"
        else:
            run["val_data"] = counted(validation_loader(val_data, ONE_TENSOR), ASKED)
        return self.model.fit(train_data, plot=False, **run)

    def evaluate(self, x: Any = None, y: Any = None, **options: Any) -> Any:
        """Evaluate the KerasModel on a DataLoader, and return its numbers."""
        if is_source(x, y):
            return self.evaluate_generator(x, **options)
        form, run = dealt(options, LOADER, ("verbose",))
        return self.evaluate_generator(loader_of(x, y, ONE_TENSOR, **form), **run)

    def evaluate_generator(self, val_data: Any, **options: Any) -> Any:
        """Evaluate the KerasModel on a source of batches with a length."""
        (run,) = dealt(options, ("verbose",))
        quiet = {"quiet": run["verbose"] == 0} if run else {}
        return by_place(self.model.evaluate(counted(val_data, ASKED), **quiet))


class Torchkeras(TorchStyle):
    """torchkeras."""

    model_class = Bundle
    package = ("torchkeras", library.__version__)
    # Any object with methods of these names will do, and any with a length and items.
    callback_class = object
    sequence_class = object
    one_number = True
    divided = "a KerasModel, its calls and a DataLoader"
    signatures: Mapping[str, Any] = {"compile": library.KerasModel}

    arguments: Mapping[tuple[str, str], str] = {
        ("compile", "loss"): "loss_fn",
        ("compile", "metrics"): "metrics_dict",
        ("fit", "validation_data"): "val_data",
        ("fit", "workers"): "num_workers",
        ("fit", "steps_per_epoch"): "size",
        ("fit_generator", "generator"): "train_data",
        ("fit_generator", "validation_data"): "val_data",
        ("fit_generator", "steps_per_epoch"): "size",
        ("evaluate", "workers"): "num_workers",
        ("evaluate_generator", "generator"): "val_data",
    }
    hooks: Mapping[str, str] = {
        "train_begin": "on_fit_start",
        "epoch_end": "on_validation_epoch_end",
        "train_end": "on_fit_end",
    }

    def call(self, target: Any, name: str, args: Any, kwargs: Mapping[str, Any]) -> Any:
        """Call a method, and read the table of epochs that `fit` returns."""
        value = super().call(target, name, args, kwargs)
        if not name.startswith("fit"):
            return value
        names = {key: documented(key) for key in value}
        return Records(value.to_dict("records"), names, "epoch")

    def build_metric(self, name: str) -> Any:
        """No metric of torchkeras's is the documented one of that name.

        Raises:
            NotOffered: always.
        """
        raise NotOffered("probe", "metric %s" % name, "metrics take predictions for logits")

    def told(
        self,
        callback: Any,
        hook: str,
        args: tuple[Any, ...],  # noqa: ARG002  none: the KerasModel is named
        kwargs: Mapping[str, Any],
    ) -> tuple[str, Any, Any]:
        """Read the index and the logs from the history of the KerasModel."""
        model = kwargs["model"]
        callback.model = SimpleNamespace(network=model.net)
        last = {documented(key): values[-1] for key, values in model.history.items()}
        return hook, last.pop("epoch", None) if hook == "epoch_end" else None, last

    def stop(self, model: Any) -> None:  # noqa: ARG002  there is nothing to ask
        """A callback has no way to end training.

        Raises:
            NotOffered: always.
        """
        raise NotOffered("attribute", "stop_training", "training ends early by `patience` alone")
