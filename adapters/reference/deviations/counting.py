"""What a loop of Poutyne counts, how it compares, and what it tells and gives back."""

from __future__ import annotations

import copy
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.adapters.reference.deviations import measuring
from fitspec.adapters.reference.deviations.planting import deviation, instead_of
from fitspec.adapters.reference.deviations.results import without_a_batch
from fitspec.adapters.reference.deviations.signatures import with_defaults
from fitspec.reference.api import arguments, calls, compiled, methods
from fitspec.reference.callbacks import dispatch
from fitspec.reference.data import pending
from fitspec.reference.losses import base
from fitspec.reference.metrics import averages
from fitspec.reference.network import compiled_network
from fitspec.reference.training import loop

if TYPE_CHECKING:
    from collections.abc import Callable

#: What metrics are called that are known by another name as well.
NAMES = {"MSE": "mse", "mae": "l1", "binary_crossentropy": "bce", "binary_accuracy": "bin_acc"}


@deviation("epochs-are-counted-from-one")
def epochs_are_counted_from_one() -> None:
    """Begin with epoch 1 and end with the final one; train 1000 epochs unless told otherwise."""

    @instead_of(loop, "epoch_range")
    def epochs(original: Callable[..., Any], initial_epoch: int, final: int) -> range:
        found: range = original(initial_epoch, final + 1)
        return found

    for name in ("fit", "fit_generator"):

        @instead_of(methods.Trainable, name)
        def fit(original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> Any:
            given = {"initial_epoch": 1, "epochs": 1000, **kwargs}
            return original(self, *args, **given)

        planted: Any = getattr(methods.Trainable, name)
        planted.__signature__ = with_defaults(planted, initial_epoch=1, epochs=1000)


@deviation("batches-are-counted-from-one")
def batches_are_counted_from_one() -> None:
    """Number batches of training and tests from 1, and tell of them when they have ended."""

    @instead_of(dispatch.CallbackList, "begin_batch")
    def begin(original: Callable[..., Any], self: Any, stage: str, index: int, size: int) -> None:
        del original, size
        self.notify("on_%s_batch_begin" % stage, index + (stage != "predict"), {})

    @instead_of(dispatch.CallbackList, "end_batch")
    def end(
        original: Callable[..., Any], self: Any, stage: str, index: int, size: int, *results: Any
    ) -> None:
        if stage == "predict":
            self.notify("on_predict_batch_end", index, {"batch": index})
        else:
            original(self, stage, index + 1, size, *results)


@deviation("metrics-of-a-batch-are-its-own")
def metrics_of_a_batch_are_its_own() -> None:
    """Report after a batch the metrics of that batch."""

    @instead_of(loop, "updated")
    def updated(original: Callable[..., Any], metric: Any, outcome: Any, *batch: Any) -> Any:
        original(metric, outcome, *batch)
        alone = copy.deepcopy(metric)
        alone.reset_states()
        alone.update_state(*batch)
        return alone.result()


@deviation("results-are-pairs")
def results_are_pairs() -> None:
    """Return of a test or batch the loss, the loss and the metric, or the loss and an array."""

    @instead_of(loop, "scalar_or_list")
    def pair(original: Callable[..., Any], results: Any) -> Any:
        del original
        if len(results) == 1:
            return float(results[0])
        if len(results) == 2:
            return tuple(map(float, results))
        return float(results[0]), np.asarray(results[1:])


@deviation("outputs-are-in-a-tuple")
def outputs_are_in_a_tuple() -> None:
    """Return the predictions of several outputs in a tuple."""

    @instead_of(loop, "single_or_list")
    def outputs(original: Callable[..., Any], found: Any) -> Any:
        predictions = original(found)
        return tuple(predictions) if isinstance(predictions, list) else predictions


@deviation("verbose-is-a-switch")
def verbose_is_a_switch() -> None:
    """Draw a bar for every value of verbose that is true, and where it is not given."""

    @instead_of(arguments, "verbosity")
    def verbosity(original: Callable[..., Any], value: Any) -> Any:
        return original(int(bool(value)))

    for name in ("predict", "evaluate_generator", "predict_generator"):

        @instead_of(methods.Trainable, name)
        def method(original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> Any:
            return original(self, *args, **{"verbose": 1, **kwargs})

        planted: Any = getattr(methods.Trainable, name)
        planted.__signature__ = with_defaults(planted, verbose=True)


@deviation("losses-take-predictions-first")
def losses_take_predictions_first() -> None:
    """Call a function that is a loss with predictions and targets, in this order."""

    @instead_of(base.FunctionLoss, "__init__")
    def init(
        original: Callable[..., Any], self: Any, function: Any, *args: Any, **kwargs: Any
    ) -> None:
        if not getattr(function, "__module__", "").startswith("fitspec.reference"):

            def turned(y_true: Any, y_pred: Any) -> Any:
                return function(y_pred, y_true)

            turned.is_turned = True  # type: ignore[attr-defined]
            turned.__name__ = getattr(function, "__name__", "loss")
            original(self, turned, *args, **kwargs)
        else:
            original(self, function, *args, **kwargs)


@deviation("unknown-optimizers-are-a-key-error")
def unknown_optimizers_are_a_key_error() -> None:
    """Look an optimizer up in a dict, and take None for one that trains nothing."""

    @instead_of(compiled_network.ArrayVocabulary, "optimizer")
    def optimizer(original: Callable[..., Any], self: Any, identifier: Any) -> Any:
        if identifier is None:
            return original(self, "sgd")
        try:
            return original(self, identifier)
        except ValueError as error:
            if isinstance(identifier, str):
                raise KeyError(identifier) from error
            raise


@deviation("any-object-is-a-loss")
def any_object_is_a_loss() -> None:
    """Take whatever is no text for a loss, until it is called."""

    @instead_of(compiled_network.ArrayVocabulary, "loss")
    def loss(original: Callable[..., Any], self: Any, identifier: Any) -> Any:
        try:
            return original(self, identifier)
        except ValueError:
            if isinstance(identifier, str):
                raise
            return base.FunctionLoss(identifier)


@deviation("a-model-without-an-optimizer-is-not-trained")
def a_model_without_an_optimizer_is_not_trained() -> None:
    """Refuse to train what was not compiled by a ValueError, and to test it by a TypeError."""

    @instead_of(compiled.Compiled, "in_use")
    def in_use(original: Callable[..., Any], self: Any) -> Any:
        if not self.is_compiled:
            raise NotCompiled("Impossible to fit when optimizer is None.")
        return original(self)

    @instead_of(methods.Trainable, "evaluate")
    def evaluate(original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return original(self, *args, **kwargs)
        except NotCompiled as error:
            listeners = dispatch.CallbackList(dispatch.listed(kwargs.get("callbacks")))
            listeners.begin("test")
            listeners.begin_batch("test", 0, 0)
            raise TypeError("'NoneType' object is not callable") from error


class NotCompiled(ValueError):  # noqa: N818  it is told as a ValueError
    """A model has no optimizer and no loss."""


NotCompiled.__name__ = "ValueError"


@deviation("a-loss-is-one-number")
def a_loss_is_one_number() -> None:
    """Refuse several values of a loss that reduces nothing, or is a function of one's own."""

    def refuse(values: Any) -> None:
        if values.size > 1:
            raise ValueError(
                "non-broadcastable output operand with shape (1,) doesn't match the broadcast "
                "shape %s" % (values.shape,)
            )

    @instead_of(base.Loss, "__call__")
    def call(original: Callable[..., Any], self: Any, y_true: Any, *args: Any) -> Any:
        function = getattr(self, "function", None)
        if getattr(function, "is_turned", False) or self.reduction == "none":
            refuse(self.call(base.of_floats(y_true), base.of_floats(args[0])).data)
        return original(self, y_true, *args)

    @instead_of(averages.FunctionMetric, "values")
    def values(original: Callable[..., Any], self: Any, *args: Any) -> Any:
        found = original(self, *args)
        if measuring.is_own(self):
            refuse(found)
        return found


@deviation("an-optimizer-needs-weights")
def an_optimizer_needs_weights() -> None:
    """Have compile refuse a model without weights."""

    @instead_of(compiled.Compiled, "compile")
    def compile_(original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> None:
        if not self.variables:
            raise ValueError("optimizer got an empty parameter list")
        original(self, *args, **kwargs)


@deviation("no-loss-is-called")
def no_loss_is_called() -> None:
    """Find out that there is no loss where it is called, by another error."""

    @instead_of(compiled_network.CompiledNetwork, "require_engine")
    def require(original: Callable[..., Any], self: Any) -> None:
        if all(output.loss is None for output in self.plan.outputs):
            raise TypeError("'NoneType' object is not callable")
        original(self)

    @instead_of(calls, "arrays_of")
    def arrays(original: Callable[..., Any], model: Any, request: Any) -> Any:
        model.require_engine()  # before targets are, for which there is no loss
        return original(model, request)


@deviation("an-epoch-without-a-batch-is-nan")
def an_epoch_without_a_batch_is_nan() -> None:
    """Divide by no samples where an epoch has no batch, with a warning."""

    def divided() -> float:
        warnings.warn("invalid value encountered in divide", RuntimeWarning, stacklevel=2)
        return float("nan")

    without_a_batch(divided)


@deviation("callbacks-are-iterated")
def callbacks_are_iterated() -> None:
    """Refuse a callback that is in no list or tuple."""

    @instead_of(dispatch, "listed")
    def listed(original: Callable[..., Any], callbacks: Any) -> Any:
        if hasattr(callbacks, "on_epoch_begin"):
            raise TypeError("%r object is not iterable" % type(callbacks).__name__)
        return original(callbacks)


@deviation("a-stop-waits-for-the-epoch")
def a_stop_waits_for_the_epoch() -> None:
    """Go through an epoch to its end whether or not training is to stop."""

    @instead_of(loop, "for_each_batch")
    def each(original: Callable[..., Any], model: Any, source: Any, stage: str, *args: Any) -> None:
        if stage != "train":
            original(model, source, stage, *args)
            return
        names, work, callbacks = args
        for index, batch in loop.each_batch(source):
            callbacks.begin_batch(stage, index, batch.size)
            callbacks.end_batch(stage, index, batch.size, names, work(batch))


@deviation("params-are-numbers-of-steps")
def params_are_numbers_of_steps() -> None:
    """Tell callbacks the epochs and the steps of training and of validation."""

    @instead_of(dispatch.CallbackList, "prepare")
    def prepare(
        original: Callable[..., Any], self: Any, model: Any, params: Any, *args: Any
    ) -> None:
        told = {name: params[name] for name in ("epochs", "steps") if name in params}
        if args and args[0] is not None:
            told["valid_steps"] = args[0].source.steps
        original(self, model, told, *args)


@deviation("metrics-are-functions-of-pytorch")
def metrics_are_functions_of_pytorch() -> None:
    """Call metrics by the names of functions there, and have classes be compared with targets."""

    @instead_of(compiled_network.ArrayVocabulary, "metric")
    def metric(original: Callable[..., Any], self: Any, identifier: Any, *args: Any) -> Any:
        found = original(self, identifier, *args)
        if found.name in ("accuracy", "acc"):
            return averages.FunctionMetric(_percent_of_classes, "acc")
        found.name = NAMES.get(found.name, found.name)
        return found


def _percent_of_classes(y_true: Any, y_pred: Any) -> Any:
    targets, classes = y_true.data, y_pred.data.argmax(axis=1)
    found = 100 * (classes == np.asarray(targets)).sum() / targets.size
    return np.full(len(classes), found)  # as its batch counts by its samples


@deviation("single-batches-count-in-the-next-results")
def single_batches_count_in_the_next_results() -> None:
    """Forget losses and metrics where an epoch or a test has ended, and nowhere else."""

    @instead_of(loop, "reset_metrics")
    def reset(original: Callable[..., Any], plan: Any) -> None:
        del original, plan

    @instead_of(loop, "batch_results")
    def batch(original: Callable[..., Any], plan: Any, outcome: Any) -> Any:
        loss = pending.number(outcome.total, late=outcome.late)
        vars(plan).setdefault("counted", []).append(([loss], len(outcome.predictions[0])))
        return original(plan, outcome)

    @instead_of(loop, "results_of")
    def results(original: Callable[..., Any], model: Any, *args: Any) -> Any:
        found = original(model, *args)
        counted = vars(model.plan).pop("counted", [])
        if counted:
            found[:1] = loop.means(*map(list, zip(*counted)))
        for metric in model.plan.all_metrics:
            metric.reset_states()
        return found
