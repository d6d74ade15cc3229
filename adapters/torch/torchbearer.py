"""The adapter of torchbearer, whose `Trial` takes in its constructor what the documents give `fit`.

So one is made for every call. The loss is a metric to torchbearer, which has to be asked for.
"""

from __future__ import annotations

import weakref
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import torchbearer as library
from torchbearer.cv_utils import get_train_valid_sets

from fitspec.adapters.adapter import NotOffered
from fitspec.adapters.forms import by_place, is_source
from fitspec.adapters.probes import HOOKS
from fitspec.adapters.torch_style import (
    Network,
    Records,
    TorchStyle,
    criterion_of,
    dealt,
    optimizer_of,
    pair_of,
    single,
    tensors,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

ONE_TENSOR = "a Trial takes one tensor"
DATA = ("batch_size", "shuffle", "num_workers")
RUN = ("epochs", "verbose")


class Trials:
    """A network, and the Trials of it."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.settings: dict[str, Any] = {}

    def compile(self, optimizer: Any, criterion: Any = None, metrics: Any = None) -> None:
        """Keep what every Trial is made with."""
        if isinstance(metrics, dict):
            raise NotOffered("argument", "metrics for each output", "a metric judges all outputs")
        try:
            library.metrics.MetricList(metrics or ())
        except KeyError as error:
            why = "torchbearer knows no metric by that name"
            raise NotOffered("argument", "metric %s" % error, why) from error
        self.settings = {
            "optimizer": optimizer_of(optimizer, self.network),
            "criterion": criterion_of(criterion),
            "metrics": ["loss", *(metrics or ())],
        }

    def trial(self, callbacks: Any = None) -> Any:
        """Return a new Trial."""
        return library.Trial(self.network, callbacks=callbacks or [], **self.settings)

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        callbacks: Any = None,
        validation_split: Any = None,
        validation_data: Any = None,
        **options: Any,
    ) -> Any:
        """Run a Trial with training data, of which torchbearer's splitter sets some aside."""
        if is_source(x, y):
            if validation_split is not None:
                raise NotOffered("argument", "validation_split of batches", "it splits tensors")
            return self.fit_generator(x, callbacks, validation_data, **options)
        data, steps, run = dealt(options, DATA, ("train_steps", "val_steps"), RUN)
        trial = self.trial(callbacks)
        x, y = single("x", x, ONE_TENSOR), single("y", y, ONE_TENSOR)
        if validation_split is not None:
            order = {key: item for key, item in data.items() if key == "shuffle"}
            validation_data = tensors(validation_data)
            kept, held = get_train_valid_sets(x, y, validation_data, validation_split, **order)
            x, y = kept.tensors
            validation_data = None if held is None else held.tensors
        trial.with_train_data(x, y, **data)
        return self._run(trial, validation_data, data, steps, run)

    def fit_generator(
        self,
        generator: Any,
        callbacks: Any = None,
        validation_data: Any = None,
        **options: Any,
    ) -> Any:
        """Run a Trial with a generator of batches."""
        steps, run = dealt(options, ("train_steps", "val_steps"), RUN)
        trial = self.trial(callbacks).with_train_generator(generator, steps.get("train_steps"))
        return self._run(trial, validation_data, {}, steps, run)

    def _run(self, trial: Any, validation_data: Any, data: Any, steps: Any, run: Any) -> Any:
        if isinstance(validation_data, (list, tuple)):
            trial.with_val_data(*pair_of("validation_data", validation_data, ONE_TENSOR), **data)
        elif validation_data is not None:
            trial.with_val_generator(validation_data, steps.get("val_steps"))
        # Steps are of the Trial and not of its data: they may come without.
        return Records(trial.for_steps(**steps).run(**run), {})

    def evaluate(self, x: Any = None, y: Any = None, callbacks: Any = None, **options: Any) -> Any:
        """Evaluate a Trial on validation data."""
        if is_source(x, y):
            return self.evaluate_generator(x, callbacks, **options)
        data, run = dealt(options, (*DATA, "steps"), ("verbose",))
        trial = self.trial(callbacks).with_val_data(
            single("x", x, ONE_TENSOR), single("y", y, ONE_TENSOR), **data
        )
        return by_place(trial.evaluate(**run))

    def evaluate_generator(self, generator: Any, callbacks: Any = None, **options: Any) -> Any:
        """Evaluate a Trial on a generator of batches."""
        data, run = dealt(options, ("steps",), ("verbose",))
        trial = self.trial(callbacks).with_val_generator(generator, **data)
        return by_place(trial.evaluate(**run))

    def predict(self, x: Any = None, callbacks: Any = None, **options: Any) -> Any:
        """Predict with a Trial on test data."""
        if is_source(x):
            return self.predict_generator(x, callbacks, **options)
        data, run = dealt(options, (*DATA, "steps"), ("verbose",))
        trial = self.trial(callbacks).with_test_data(single("x", x, ONE_TENSOR), **data)
        return trial.predict(**run)

    def predict_generator(self, generator: Any, callbacks: Any = None, **options: Any) -> Any:
        """Predict with a Trial on a generator of batches."""
        data, run = dealt(options, ("steps",), ("verbose",))
        return self.trial(callbacks).with_test_generator(generator, **data).predict(**run)


class Torchbearer(TorchStyle):
    """torchbearer."""

    model_class = Trials
    package = ("torchbearer", library.__version__)
    metrics_of = staticmethod(lambda state: state.get(library.METRICS))
    callback_class = library.callbacks.Callback
    # Whatever can be iterated and has a length.
    sequence_class = object

    divided = "a Trial, to its with_ methods and to what runs it"
    signatures: Mapping[str, Any] = {"compile": library.Trial}

    arguments: Mapping[tuple[str, str], str] = {
        ("compile", "loss"): "criterion",
        ("fit", "steps_per_epoch"): "train_steps",
        ("fit", "validation_steps"): "val_steps",
        ("fit", "workers"): "num_workers",
        ("fit_generator", "steps_per_epoch"): "train_steps",
        ("fit_generator", "validation_steps"): "val_steps",
        ("evaluate", "workers"): "num_workers",
        ("predict", "workers"): "num_workers",
    }
    hooks: Mapping[str, str] = {
        "train_begin": "on_start",
        "epoch_begin": "on_start_epoch",
        "train_batch_begin": "on_sample",
        "train_batch_end": "on_step_training",
        "test_begin": "on_start_validation",
        "test_batch_begin": "on_sample_validation",
        "test_batch_end": "on_step_validation",
        "test_end": "on_end_validation",
        "epoch_end": "on_end_epoch",
        "train_end": "on_end",
    }

    def told(
        self,
        callback: Any,
        hook: str,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],  # noqa: ARG002  torchbearer calls with one dict of all there is
    ) -> tuple[str, Any, Any]:
        """Read the index and the logs from torchbearer's state."""
        (state,) = args
        # The state holds the callbacks as well: were it held by them, it would be in a cycle, and
        # PyTorch waits 5 s for each process of a DataLoader that the garbage collector finds.
        callback.model = SimpleNamespace(state=weakref.ref(state), network=state[library.MODEL])
        number = {"epoch": library.EPOCH, "batch": library.BATCH}.get(HOOKS[hook] or "")
        return hook, state[number] if number else None, state.get(library.METRICS)

    def stop(self, model: Any) -> None:
        """Ask for the end of training, as torchbearer's own callbacks do."""
        model.state()[library.STOP_TRAINING] = True
