"""The adapter of Ignite, whose `Engine` runs any step over the batches of so many epochs.

There is one for training and one for evaluation, made as Ignite's documentation makes them, and
run one from a handler of the other for validation, as in Ignite's own introduction. Batches are
made by PyTorch's DataLoader. A callback is whatever is attached to an Engine's events.
"""

from __future__ import annotations

import collections.abc
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import ignite as library
from ignite.engine import Events, create_supervised_evaluator, create_supervised_trainer
from ignite.metrics import Accuracy, Loss, MeanAbsoluteError, MeanSquaredError, Precision

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
    validation_loader,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

ONE_TENSOR = "a batch of a supervised Engine is a pair of tensors"
LOADER = ("batch_size", "shuffle", "num_workers")
RUN = ("max_epochs", "epoch_length")
#: Of the handler that validates: how often, and on how many batches.
VALIDATION = ("every", "validation_steps")

#: Documented name of a metric -> Ignite's class.
METRICS = {
    "mse": MeanSquaredError,
    "mae": MeanAbsoluteError,
    "accuracy": Accuracy,
    "acc": Accuracy,
}

#: Documented hooks of training and of evaluation, and the event of an Engine that they are.
TRAINING = {
    "train_begin": Events.STARTED,
    "epoch_begin": Events.EPOCH_STARTED,
    "train_batch_begin": Events.ITERATION_STARTED,
    "train_batch_end": Events.ITERATION_COMPLETED,
    "epoch_end": Events.EPOCH_COMPLETED,
    "train_end": Events.COMPLETED,
}
EVALUATION = {
    "test_begin": Events.STARTED,
    "test_batch_begin": Events.ITERATION_STARTED,
    "test_batch_end": Events.ITERATION_COMPLETED,
    "test_end": Events.COMPLETED,
}


class Handlers:
    """An object with a method for each hook, which are attached to the events of an Engine."""

    def __init__(self) -> None:
        self.network: Any = None

    def attach(self, engine: Any, network: Network, events: Mapping[str, Any]) -> None:
        """Have `engine` call the method for each hook of `events`."""
        self.network = network
        for hook, event in events.items():
            engine.add_event_handler(event, getattr(self, "on_" + hook))


class Engines:
    """A network, and the Engines of it."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.optimizer: Any = None
        self.criterion: Any = None
        self.metrics: dict[str, Any] = {}

    def compile(self, optimizer: Any, loss: Any = None, metrics: Any = None) -> None:
        """Keep what the Engines are made with; the loss is one metric of the evaluator."""
        self.optimizer = optimizer_of(optimizer, self.network)
        self.criterion = criterion_of(loss)
        self.metrics = dict({"loss": Loss(self.criterion)}, **named(metrics or ()))

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        callbacks: Any = None,
        validation_data: Any = None,
        **options: Any,
    ) -> Any:
        """Run a supervised trainer over a DataLoader, and return its State."""
        if is_source(x, y):
            return self.fit_generator(x, callbacks, validation_data, **options)
        form, run, often = dealt(options, LOADER, RUN, VALIDATION)
        data = loader_of(x, y, ONE_TENSOR, **form)
        validation_data = validation_loader(validation_data, ONE_TENSOR, **form)
        return self.fit_generator(data, callbacks, validation_data, **run, **often)

    def fit_generator(
        self, generator: Any, callbacks: Any = None, validation_data: Any = None, **options: Any
    ) -> Any:
        """Run a supervised trainer over an iterable of batches, and return its State."""
        run, often = dealt(options, RUN, VALIDATION)
        validation_data = validation_loader(validation_data, ONE_TENSOR)
        return self.trainer(callbacks, validation_data, **often).run(generator, **run)

    def evaluate(self, x: Any = None, y: Any = None, callbacks: Any = None, **options: Any) -> Any:
        """Run a supervised evaluator over a DataLoader, and return its metrics."""
        if is_source(x, y):
            return self.evaluate_generator(x, callbacks, **options)
        form, run = dealt(options, LOADER, RUN)
        data = loader_of(x, y, ONE_TENSOR, **form)
        return self.evaluate_generator(data, callbacks, **run)

    def evaluate_generator(self, generator: Any, callbacks: Any = None, **options: Any) -> Any:
        """Run a supervised evaluator over an iterable of batches, and return its metrics."""
        (run,) = dealt(options, RUN)
        return by_place(self.evaluator(callbacks).run(generator, **run).metrics)

    def trainer(
        self,
        callbacks: Any,
        validation_data: Any,
        every: int = 1,
        validation_steps: Any = None,
    ) -> Any:
        """Return a new Engine that trains, and has one that evaluates run after epochs."""
        engine = create_supervised_trainer(self.network, self.optimizer, self.criterion)
        if validation_data is not None:
            evaluator = self.evaluator(callbacks)
            engine.add_event_handler(
                Events.EPOCH_COMPLETED(every=every),
                lambda: evaluator.run(validation_data, epoch_length=validation_steps),
            )
        for callback in callbacks or ():
            callback.attach(engine, self.network, TRAINING)
        return engine

    def evaluator(self, callbacks: Any) -> Any:
        """Return a new Engine that evaluates."""
        engine = create_supervised_evaluator(self.network, self.metrics)
        for callback in callbacks or ():
            callback.attach(engine, self.network, EVALUATION)
        return engine


def named(metrics: Any) -> dict[str, Any]:
    """Return Ignite's objects for documented names of metrics; objects are as they are.

    Raises:
        NotOffered: it has none of that name, or they are for each output.
    """
    refuse_metrics_by_output(metrics)
    unknown = [item for item in metrics if isinstance(item, str) and item not in METRICS]
    if unknown:
        raise NotOffered("argument", "metric %r" % unknown[0], "a metric of Ignite is an object")
    return {str(item): METRICS[item]() if isinstance(item, str) else item for item in metrics}


class Ignite(TorchStyle):
    """Ignite."""

    model_class = Engines
    package = ("pytorch-ignite", library.__version__)
    metrics_of = staticmethod(lambda engine: engine.state.metrics)
    callback_class = Handlers
    # An Engine runs over what says that it can be iterated; this does, by its length and items.
    sequence_class = collections.abc.Sequence
    divided = "the making of Engines, to their run and to a DataLoader"

    arguments: Mapping[tuple[str, str], str] = {
        ("fit", "epochs"): "max_epochs",
        ("fit", "steps_per_epoch"): "epoch_length",
        ("fit", "validation_freq"): "every",
        ("fit_generator", "validation_freq"): "every",
        ("fit", "workers"): "num_workers",
        ("fit_generator", "epochs"): "max_epochs",
        ("fit_generator", "steps_per_epoch"): "epoch_length",
        ("evaluate", "steps"): "epoch_length",
        ("evaluate", "workers"): "num_workers",
        ("evaluate_generator", "steps"): "epoch_length",
    }

    def build_metric(self, name: str) -> Any:
        """Build a metric object."""
        return {"precision": Precision}[name]()

    def told(
        self,
        callback: Any,
        hook: str,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],  # noqa: ARG002  an Engine calls with itself
    ) -> tuple[str, Any, Any]:
        """Read the index and the logs from the state of the Engine."""
        (engine,) = args
        callback.model = SimpleNamespace(engine=engine, network=callback.network)
        state = engine.state
        number = {"epoch": state.epoch, "batch": state.iteration}.get(HOOKS[hook] or "")
        logs = {"loss": state.output} if hook == "train_batch_end" else dict(state.metrics)
        return hook, number, logs

    def stop(self, model: Any) -> None:
        """Ask for the end of training."""
        model.engine.terminate()
