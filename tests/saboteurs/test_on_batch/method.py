"""Saboteurs of `test_on_batch`: the call itself, and arguments with a single clause."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.models.model import Model
from fitspec.reference.training import loop

from ..flat_vectors import refuse_vectors_in_a_batch
from ..later_calls import keep_the_first_weights
from ..on_batch_calls import (
    as_tuple,
    by_alphabet,
    by_position,
    change_call,
    change_default,
    change_result,
    losses_of_two_alone,
    reset_afterwards,
    update_with_two_outputs,
    without_place,
)
from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur("test_on_batch.signature", also=["test_on_batch.reset_metrics"])
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


@saboteur("test_on_batch.reset_metrics")
def forgets_metrics_after_testing_a_batch(plant: Plant) -> None:
    """Resets metrics after `test_on_batch` and not before it."""
    reset_afterwards(plant, "test_on_batch")


@saboteur("test_on_batch.reset_metrics-after-training")
def forgets_training_before_a_batch_is_tested(plant: Plant) -> None:
    """Resets the metrics whenever training and testing of batches take turns."""
    original = loop.single_step
    before: list[Any] = []

    def single_step(model: Any, step: Any, batch: Any, *, reset: bool) -> list[float]:
        turned = before != [step]
        before[:] = [step]
        return original(model, step, batch, reset=reset or turned)

    plant(loop, "single_step", single_step)


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


@saboteur("test_on_batch.no-update", also=["test_on_batch.test-mode"])
def trains_after_it_tested_a_batch(plant: Plant) -> None:
    """Makes an update once the loss of a tested batch is known."""
    original = Model.test_on_batch

    def test_on_batch(self: Model, x: Any, y: Any, *args: Any, **kwargs: Any) -> Any:
        value = original(self, x, y, *args, **kwargs)
        if not args and not kwargs:
            self.train_on_batch(x, y)
        return value

    plant(Model, "test_on_batch", test_on_batch)


@saboteur("test_on_batch.forms")
def tests_dicts_by_the_alphabet(plant: Plant) -> None:
    """Takes the entries of dicts by position, in the order of the alphabet."""
    change_call(plant, "test_on_batch", by_alphabet)


@saboteur("test_on_batch.reset_metrics")
def never_resets_metrics_in_a_test(plant: Plant) -> None:
    """Lets the metrics of `test_on_batch` go on, whatever it is told."""

    def going_on(*args: Any, **named: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return args, {**named, "reset_metrics": False}

    change_call(plant, "test_on_batch", going_on)


@saboteur("test_on_batch.returns")
def tests_two_outputs_to_a_number(plant: Plant) -> None:
    """Returns the total alone where there are two outputs and no metrics."""
    change_result(plant, "test_on_batch", losses_of_two_alone)


@saboteur("test_on_batch.reset_metrics")
def tests_on_with_metrics_unless_told_otherwise(plant: Plant) -> None:
    """Lets the metrics of `test_on_batch` go on where nothing is said, whatever it shows."""
    change_default(plant, "test_on_batch", reset_metrics=False)


@saboteur("test_on_batch.no-update")
def trains_on_weighted_batches_that_it_tests(plant: Plant) -> None:
    """Makes an update on a batch that is tested with weights of one sample."""
    original = Model.test_on_batch

    def test_on_batch(self: Model, x: Any, y: Any, *args: Any, **kwargs: Any) -> Any:
        value = original(self, x, y, *args, **kwargs)
        if np.size(kwargs.get("sample_weight", ())) == 1:
            self.train_on_batch(x, y)
        return value

    plant(Model, "test_on_batch", test_on_batch)


@saboteur("test_on_batch.reset_metrics")
def always_resets_tested_metrics_without_a_name(plant: Plant) -> None:
    """Ignores `reset_metrics` that `test_on_batch` is given by position."""
    without_place(plant, "test_on_batch", 3, default=True)


@saboteur("test_on_batch.no-update")
def trains_two_outputs_that_are_tested(plant: Plant) -> None:
    """Makes an update in `test_on_batch` of a model with two outputs."""
    update_with_two_outputs(plant, "single_step")


@saboteur("test_on_batch.equals-evaluate")
def weights_by_the_share_of_a_sample(plant: Plant) -> None:
    """Weights three samples in `test_on_batch` so that they add up to three."""
    original = loop.single_step

    def single_step(model: Any, step: Any, batch: Any, *, reset: bool) -> Any:
        if step is loop.test_step and batch.size == 3 and batch.weights[0] is not None:
            (weights,) = batch.weights
            batch = replace(batch, weights=[weights * (3 / weights.sum())])
        return original(model, step, batch, reset=reset)

    plant(loop, "single_step", single_step)


@saboteur("test_on_batch.forms")
def tests_no_vector_of_targets(plant: Plant) -> None:
    """Refuses in `test_on_batch` the vectors of targets that `fit` takes."""
    refuse_vectors_in_a_batch(plant, "test_on_batch", 1)


@saboteur("test_on_batch.no-update")
def tests_with_the_first_weights(plant: Plant) -> None:
    """Tests with the weights that the model had when a batch was first tested."""
    keep_the_first_weights(plant, "test_on_batch")


@saboteur("test_on_batch.reset_metrics")
def starts_weighted_metrics_anew_with_every_tested_batch(plant: Plant) -> None:
    """Never goes on with metrics that weights act on."""
    original, now = loop.single_step, plant.during(Model, "test_on_batch")

    def single_step(model: Model, *args: Any, **named: Any) -> list[float]:
        if now:
            for metric in (one for plan in model.plan.outputs for one in plan.weighted_metrics):
                metric.reset_states()
        return original(model, *args, **named)

    plant(loop, "single_step", single_step)
