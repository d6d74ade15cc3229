"""Saboteurs of `train_on_batch`, `test_on_batch` and `predict_on_batch`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.layers.core import Dropout
from fitspec.reference.models.model import Model
from fitspec.reference.training import loop

from .planting import saboteur

if TYPE_CHECKING:
    from collections.abc import Callable

    from .planting import Plant


def change_call(
    plant: Plant, method: str, change: Callable[..., tuple[tuple[Any, ...], dict[str, Any]]]
) -> None:
    """Have a method of the reference see other arguments than the user gave.

    Args:
        plant: plants the method.
        method: a method of `Model`.
        change: takes the arguments of a call and returns those that the method sees.
    """
    original = getattr(Model, method)

    def changed(self: Model, *args: Any, **kwargs: Any) -> Any:
        args, kwargs = change(*args, **kwargs)
        return original(self, *args, **kwargs)

    plant(Model, method, changed)


def change_result(plant: Plant, method: str, change: Callable[[Model, Any], Any]) -> None:
    """Have a method of the reference return something else.

    Args:
        plant: plants the method.
        method: a method of `Model`.
        change: takes the model and what the method returned, and returns what the user gets.
    """
    original = getattr(Model, method)

    def changed(self: Model, *args: Any, **kwargs: Any) -> Any:
        return change(self, original(self, *args, **kwargs))

    plant(Model, method, changed)


def by_position(x: Any, *others: Any, **named: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Take the inputs of a dict in its own order."""
    return (list(x.values()) if isinstance(x, dict) else x, *others), named


def ignore_weights(plant: Plant, method: str, rank: int) -> None:
    """Have a method take no notice of sample weights of one rank: 1 by sample, 2 by time step."""

    def change(*args: Any, **named: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        weights = named.get("sample_weight")
        ignored = weights is not None and np.ndim(weights) == rank
        return args, {**named, "sample_weight": None} if ignored else named

    change_call(plant, method, change)


def as_tuple(_model: Model, value: Any) -> Any:
    """Return several values as a tuple."""
    return tuple(value) if isinstance(value, list) else value


def reset_afterwards(plant: Plant, method: str) -> None:
    """Forget the metrics after a call, not before it."""
    original = getattr(Model, method)

    def changed(self: Model, *args: Any, reset_metrics: bool = True, **kwargs: Any) -> Any:
        value = original(self, *args, **kwargs, reset_metrics=False)
        if reset_metrics:
            loop.reset_metrics(self.plan)
        return value

    plant(Model, method, changed)


# --- train_on_batch ---------------------------------------------------------------------------


@saboteur("train_on_batch.signature")
def trains_on_batches_with_running_metrics_by_default(plant: Plant) -> None:
    """Lets the metrics of `train_on_batch` accumulate by default."""
    plant.default(Model, "train_on_batch", "reset_metrics", False)


@saboteur("train_on_batch.x-y-forms")
def trains_on_the_inputs_of_a_dict_by_position(plant: Plant) -> None:
    """Takes the inputs of a dict in its own order in `train_on_batch`."""
    change_call(plant, "train_on_batch", by_position)


@saboteur("train_on_batch.sample_weight.flat", also=["compile.weighted_metrics.by-sample-weight"])
def trains_on_a_batch_without_sample_weights(plant: Plant) -> None:
    """Ignores the weights of samples in `train_on_batch`."""
    ignore_weights(plant, "train_on_batch", 1)


@saboteur("train_on_batch.sample_weight.temporal")
def trains_on_a_batch_without_weights_of_time_steps(plant: Plant) -> None:
    """Ignores the weights of time steps in `train_on_batch`."""
    ignore_weights(plant, "train_on_batch", 2)


@saboteur("train_on_batch.reset_metrics.true")
def forgets_metrics_after_training_on_a_batch(plant: Plant) -> None:
    """Resets metrics after `train_on_batch` and not before it."""
    reset_afterwards(plant, "train_on_batch")


@saboteur("train_on_batch.reset_metrics.false")
def forgets_metrics_whenever_it_trains_on_a_batch(plant: Plant) -> None:
    """Resets metrics in `train_on_batch` though it was told not to."""

    def reset(*args: Any, **named: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return args, {**named, "reset_metrics": True}

    change_call(plant, "train_on_batch", reset)


@saboteur("train_on_batch.returns")
def trains_on_a_batch_to_a_tuple(plant: Plant) -> None:
    """Returns several values of `train_on_batch` as a tuple."""
    change_result(plant, "train_on_batch", as_tuple)


@saboteur("train_on_batch.raises")
def says_ValueError_when_training_on_a_batch_is_not_compiled(plant: Plant) -> None:  # noqa: N802  an exception's name
    """Raises a ValueError when a model is trained on a batch that was never compiled."""
    original = Model.train_on_batch

    def train_on_batch(self: Model, *args: Any, **kwargs: Any) -> Any:
        try:
            return original(self, *args, **kwargs)
        except RuntimeError as error:
            raise ValueError(str(error)) from error

    plant(Model, "train_on_batch", train_on_batch)


# --- test_on_batch ----------------------------------------------------------------------------


@saboteur("test_on_batch.signature")
def tests_batches_with_running_metrics_by_default(plant: Plant) -> None:
    """Lets the metrics of `test_on_batch` accumulate by default."""
    plant.default(Model, "test_on_batch", "reset_metrics", False)


@saboteur("test_on_batch.no-update")
def counts_a_test_as_an_update(plant: Plant) -> None:
    """Adds a call of `test_on_batch` to the count of updates."""

    def count(model: Model, value: Any) -> Any:
        model.optimizer.iterations += 1
        return value

    change_result(plant, "test_on_batch", count)


@saboteur("test_on_batch.test-mode")
def tests_a_batch_in_training_mode(plant: Plant) -> None:
    """Computes in training mode in `test_on_batch`."""
    original = loop.test_step

    def test_step(model: Model, batch: Any) -> list[float]:
        if not testing:
            return original(model, batch)
        outcome = model.engine.forward(batch, model.plan.outputs, training=True)
        return loop.batch_results(model.plan, outcome)

    testing = plant.during(Model, "test_on_batch")
    plant(loop, "test_step", test_step)


@saboteur("test_on_batch.forms")
def tests_the_inputs_of_a_dict_by_position(plant: Plant) -> None:
    """Takes the inputs of a dict in its own order in `test_on_batch`."""
    change_call(plant, "test_on_batch", by_position)


@saboteur("test_on_batch.sample_weight.flat")
def tests_a_batch_without_sample_weights(plant: Plant) -> None:
    """Ignores the weights of samples in `test_on_batch`."""
    ignore_weights(plant, "test_on_batch", 1)


@saboteur("test_on_batch.sample_weight.temporal")
def tests_a_batch_without_weights_of_time_steps(plant: Plant) -> None:
    """Ignores the weights of time steps in `test_on_batch`."""
    ignore_weights(plant, "test_on_batch", 2)


@saboteur("test_on_batch.reset_metrics")
def forgets_metrics_after_testing_a_batch(plant: Plant) -> None:
    """Resets metrics after `test_on_batch` and not before it."""
    reset_afterwards(plant, "test_on_batch")


@saboteur("test_on_batch.returns")
def tests_a_batch_to_a_tuple(plant: Plant) -> None:
    """Returns several values of `test_on_batch` as a tuple."""
    change_result(plant, "test_on_batch", as_tuple)


@saboteur("test_on_batch.equals-evaluate")
def adds_up_the_columns_of_a_tested_batch(plant: Plant) -> None:
    """Adds the losses of an output's columns in `test_on_batch`, where others average them."""

    def added(model: Model, value: Any) -> Any:
        (shape,) = {symbol.shape for symbol in model.graph.outputs}
        return value if isinstance(value, list) else value * shape[-1]

    change_result(plant, "test_on_batch", added)


# --- predict_on_batch -------------------------------------------------------------------------


@saboteur("predict_on_batch.returns")
def stacks_the_predictions_for_a_batch(plant: Plant) -> None:
    """Returns the predictions of several outputs for a batch as one array."""
    change_result(
        plant,
        "predict_on_batch",
        lambda _model, value: np.stack(value) if isinstance(value, list) else value,
    )


@saboteur("predict_on_batch.single-batch")
def predicts_a_batch_in_batches_of_32(plant: Plant) -> None:
    """Computes 32 rows of a batch at a time."""
    original = Model.predict_on_batch

    def predict_on_batch(self: Model, x: Any) -> Any:
        if not isinstance(x, np.ndarray):
            return original(self, x)
        parts: list[Any] = [original(self, x[at : at + 32]) for at in range(0, len(x), 32)]
        return np.concatenate(parts)

    plant(Model, "predict_on_batch", predict_on_batch)


@saboteur("predict_on_batch.equals-predict")
def predicts_a_batch_in_training_mode(plant: Plant) -> None:
    """Drops inputs while predicting a batch as while training."""
    original = Dropout.call

    def call(self: Dropout, inputs: Any, *, training: bool) -> Any:
        return original(self, inputs, training=training or bool(predicting))

    predicting = plant.during(Model, "predict_on_batch")
    plant(Dropout, "call", call)


@saboteur("predict_on_batch.inputs")
def predicts_a_batch_from_a_dict_by_position(plant: Plant) -> None:
    """Takes the inputs of a dict in its own order in `predict_on_batch`."""
    change_call(plant, "predict_on_batch", by_position)


@saboteur("predict_on_batch.no-compile-needed")
def demands_compile_before_a_batch_is_predicted(plant: Plant) -> None:
    """Refuses to predict a batch with a model that was never compiled."""
    original = Model.predict_on_batch

    def predict_on_batch(self: Model, x: Any) -> Any:
        self.require_compiled()
        return original(self, x)

    plant(Model, "predict_on_batch", predict_on_batch)
