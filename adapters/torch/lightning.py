"""The adapter of Lightning, whose `Trainer` takes in its constructor what the documents give `fit`.

So one is made for every call. What a step does, and what of it is logged, is in a LightningModule,
which is the user's: the one here is as in Lightning's own introduction. Batches are made by
PyTorch's DataLoader. Lightning's files, logs and checkpoints, are switched off.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import lightning as library
import torch
import torchmetrics

from fitspec.adapters.adapter import NotOffered
from fitspec.adapters.forms import by_place, is_source, refuse_metrics_by_output
from fitspec.adapters.probes import HOOKS
from fitspec.adapters.torch_style import (
    Network,
    TorchStyle,
    criterion_of,
    dealt,
    loader_of,
    optimizer_of,
    single,
    validation_loader,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

ONE_TENSOR = "a batch of the LightningModule is a pair of tensors"
LOADER = ("batch_size", "shuffle", "num_workers")
TRAINER = (
    "max_epochs",
    "limit_train_batches",
    "limit_val_batches",
    "check_val_every_n_epoch",
    "enable_progress_bar",
)


#: Documented name of a metric -> the class of TorchMetrics, which comes with Lightning.
METRICS = {
    "mse": torchmetrics.MeanSquaredError,
    "mae": torchmetrics.MeanAbsoluteError,
}


class Module(library.LightningModule):  # Lightning is here only when it is run
    """What a user of Lightning writes: one step of training, of validation and of prediction."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network
        self.optimizer: Any = None
        self.criterion: Any = None
        self.metrics = torch.nn.ModuleDict()
        self.val_metrics = torch.nn.ModuleDict()

    def forward(self, x: Any) -> Any:
        """Predict."""
        return self.network(x)

    def training_step(self, batch: Any) -> Any:
        """Return the loss of a batch, which Lightning minimizes."""
        x, y = batch
        predicted = self(x)
        loss = self.criterion(predicted, y)
        self.log("loss", loss, on_step=False, on_epoch=True)
        for name, metric in self.metrics.items():
            metric(predicted, y)
            self.log(name, metric, on_step=False, on_epoch=True)
        return loss

    def validation_step(self, batch: Any) -> None:
        """Log the loss of a batch, and the metrics."""
        x, y = batch
        predicted = self(x)
        self.log("val_loss", self.criterion(predicted, y))
        for name, metric in self.val_metrics.items():
            metric(predicted, y)
            self.log("val_" + name, metric)

    def configure_optimizers(self) -> Any:
        """Return the optimizer."""
        return self.optimizer


class Trainers:
    """A network, its LightningModule, and the Trainers of it."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.module = Module(network)

    def compile(self, optimizer: Any, loss: Any = None, metrics: Any = None) -> None:
        """Give the module what its steps need."""
        self.module.optimizer = optimizer_of(optimizer, self.network)
        self.module.criterion = criterion_of(loss)
        self.module.metrics = named(metrics or ())
        self.module.val_metrics = named(metrics or ())

    @staticmethod
    def trainer(**options: Any) -> Any:
        """Return a new Trainer that writes no files."""
        return library.Trainer(logger=False, enable_checkpointing=False, **options)

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        callbacks: Any = None,
        validation_data: Any = None,
        **options: Any,
    ) -> Any:
        """Fit with a Trainer."""
        if is_source(x, y):
            return self.fit_generator(x, callbacks, validation_data, **options)
        form, settings = dealt(options, LOADER, TRAINER)
        data = loader_of(x, y, ONE_TENSOR, **form)
        validation_data = validation_loader(validation_data, ONE_TENSOR, **form)
        return self.fit_generator(data, callbacks, validation_data, **settings)

    def fit_generator(
        self,
        generator: Any,
        callbacks: Any = None,
        validation_data: Any = None,
        **options: Any,
    ) -> Any:
        """Fit with a Trainer on an iterable of batches."""
        (settings,) = dealt(options, TRAINER)
        validation_data = validation_loader(validation_data, ONE_TENSOR)
        trainer = self.trainer(callbacks=callbacks, **settings)
        return trainer.fit(self.module, generator, validation_data)

    def evaluate(self, x: Any = None, y: Any = None, callbacks: Any = None, **options: Any) -> Any:
        """Validate with a Trainer; it returns a dict for each DataLoader."""
        if is_source(x, y):
            return self.evaluate_generator(x, callbacks, **options)
        form, settings = dealt(options, LOADER, TRAINER)
        data = loader_of(x, y, ONE_TENSOR, **form)
        return self.evaluate_generator(data, callbacks, **settings)

    def evaluate_generator(self, generator: Any, callbacks: Any = None, **options: Any) -> Any:
        """Validate with a Trainer on an iterable of batches."""
        (settings,) = dealt(options, TRAINER)
        trainer = self.trainer(callbacks=callbacks, **settings)
        (results,) = trainer.validate(self.module, generator)
        return by_place(results)

    def predict(self, x: Any = None, callbacks: Any = None, **options: Any) -> Any:
        """Predict with a Trainer; it returns a list with the predictions of each batch."""
        if is_source(x):
            return self.predict_generator(x, callbacks, **options)
        form, settings = dealt(options, LOADER, (*TRAINER, "limit_predict_batches"))
        # Of bare tensors: a batch of a TensorDataset is a list.
        data = torch.utils.data.DataLoader(single("x", x, ONE_TENSOR), **form)
        return self.predict_generator(data, callbacks, **settings)

    def predict_generator(self, generator: Any, callbacks: Any = None, **options: Any) -> Any:
        """Predict with a Trainer on an iterable of batches."""
        (settings,) = dealt(options, (*TRAINER, "limit_predict_batches"))
        return self.trainer(callbacks=callbacks, **settings).predict(self.module, generator)


def named(metrics: Any) -> Any:
    """Return the objects of TorchMetrics for documented names of metrics.

    Raises:
        NotOffered: there is none of that name, or they are for each output.
    """
    refuse_metrics_by_output(metrics)
    unknown = [item for item in metrics if item not in METRICS]
    if unknown:
        raise NotOffered("argument", "metric %r" % (unknown[0],), "TorchMetrics has objects")
    return torch.nn.ModuleDict({name: METRICS[name]() for name in metrics})


class Lightning(TorchStyle):
    """Lightning."""

    model_class = Trainers
    package = ("lightning", library.__version__)
    metrics_of = staticmethod(lambda trainer: trainer.callback_metrics)
    callback_class = library.Callback
    sequence_class = object

    divided = "a LightningModule, a Trainer, its methods and a DataLoader"

    arguments: Mapping[tuple[str, str], str] = {
        ("fit", "epochs"): "max_epochs",
        ("fit", "steps_per_epoch"): "limit_train_batches",
        ("fit", "validation_steps"): "limit_val_batches",
        ("fit", "validation_freq"): "check_val_every_n_epoch",
        ("fit", "verbose"): "enable_progress_bar",
        ("fit", "workers"): "num_workers",
        ("fit_generator", "epochs"): "max_epochs",
        ("fit_generator", "steps_per_epoch"): "limit_train_batches",
        ("fit_generator", "validation_steps"): "limit_val_batches",
        ("fit_generator", "validation_freq"): "check_val_every_n_epoch",
        ("fit_generator", "verbose"): "enable_progress_bar",
        ("evaluate", "steps"): "limit_val_batches",
        ("evaluate", "verbose"): "enable_progress_bar",
        ("evaluate", "workers"): "num_workers",
        ("evaluate_generator", "steps"): "limit_val_batches",
        ("evaluate_generator", "verbose"): "enable_progress_bar",
        ("predict", "steps"): "limit_predict_batches",
        ("predict", "verbose"): "enable_progress_bar",
        ("predict", "workers"): "num_workers",
        ("predict_generator", "steps"): "limit_predict_batches",
        ("predict_generator", "verbose"): "enable_progress_bar",
    }
    hooks: Mapping[str, str] = {
        "train_begin": "on_train_start",
        "epoch_begin": "on_train_epoch_start",
        "train_batch_begin": "on_train_batch_start",
        "train_batch_end": "on_train_batch_end",
        "test_begin": "on_validation_start",
        "test_batch_begin": "on_validation_batch_start",
        "test_batch_end": "on_validation_batch_end",
        "test_end": "on_validation_end",
        "epoch_end": "on_train_epoch_end",
        "train_end": "on_train_end",
        "predict_begin": "on_predict_start",
        "predict_batch_begin": "on_predict_batch_start",
        "predict_batch_end": "on_predict_batch_end",
        "predict_end": "on_predict_end",
    }

    def told(
        self,
        callback: Any,
        hook: str,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],  # noqa: ARG002  Lightning calls by position
    ) -> tuple[str, Any, Any]:
        """Read the index and the logs from what Lightning calls with: the Trainer first."""
        trainer, module, *more = args
        callback.model = SimpleNamespace(trainer=trainer, network=module.network)
        if HOOKS[hook] == "batch":
            numbers = [item for item in more if isinstance(item, int)]
            if hook == "predict_batch_end":
                return hook, numbers[0], {"outputs": more[0]}
            return hook, numbers[0], trainer.callback_metrics
        return hook, trainer.current_epoch if HOOKS[hook] else None, trainer.callback_metrics

    def stop(self, model: Any) -> None:
        """Ask for the end of training, as Lightning's own callbacks do."""
        model.trainer.should_stop = True
