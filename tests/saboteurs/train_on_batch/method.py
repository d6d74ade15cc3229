"""Saboteurs of `train_on_batch`: the call itself, and arguments with a single clause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.data import sample_weights
from fitspec.reference.models.model import Model
from fitspec.reference.network import engine
from fitspec.reference.tensor.autodiff import Tensor
from fitspec.reference.training import loop

from ..compile_arguments import keep_of_an_earlier_compile
from ..flat_vectors import refuse_vectors_in_a_batch
from ..later_calls import ignore_in_later_batches, keep
from ..on_batch_calls import (
    as_tuple,
    by_alphabet,
    by_position,
    change_call,
    change_data,
    change_result,
    losses_of_two_alone,
    repeated_to_the_length,
    update_without_weights,
    without_place,
)
from ..optimizer_memory import forget_momentum
from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur("train_on_batch.signature")
def trains_on_batches_with_running_metrics_by_default(plant: Plant) -> None:
    """Lets the metrics of `train_on_batch` accumulate by default."""
    plant.default(Model, "train_on_batch", "reset_metrics", False)


@saboteur("train_on_batch.single-update")
def splits_a_batch_into_batches_of_32(plant: Plant) -> None:
    """Makes an update for every 32 samples of the batch."""
    original = Model.train_on_batch

    def train_on_batch(self: Model, x: Any, y: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(x, np.ndarray) or not isinstance(y, np.ndarray):
            return original(self, x, y, *args, **kwargs)
        starts = range(0, len(x), 32)
        losses = [
            original(self, x[at : at + 32], y[at : at + 32], *args, **kwargs) for at in starts
        ]
        return losses[-1]

    plant(Model, "train_on_batch", train_on_batch)


@saboteur("train_on_batch.loss-before-update", also=["compile.trainable.frozen-averages"])
def returns_the_loss_after_the_update(plant: Plant) -> None:
    """Returns the loss of the updated weights where it is alone and nothing is weighted."""
    original = Model.train_on_batch

    def train_on_batch(self: Model, x: Any, y: Any, *args: Any, **kwargs: Any) -> Any:
        value = original(self, x, y, *args, **kwargs)
        # Weights and metrics are what other clauses are about.
        alone = not (args or kwargs or isinstance(value, list))
        return self.test_on_batch(x, y) if alone else value

    plant(Model, "train_on_batch", train_on_batch)


@saboteur("train_on_batch.x-y-forms")
def trains_on_the_inputs_of_a_dict_by_position(plant: Plant) -> None:
    """Takes the inputs of a dict in its own order in `train_on_batch`."""
    change_call(plant, "train_on_batch", by_position)


@saboteur("train_on_batch.class_weight")
def trains_on_a_batch_without_class_weights(plant: Plant) -> None:
    """Ignores class weights in `train_on_batch`."""
    original = Model.train_on_batch

    def train_on_batch(self: Model, *args: Any, **kwargs: Any) -> Any:
        return original(self, *args[:3], **{**kwargs, "class_weight": None})

    plant(Model, "train_on_batch", train_on_batch)


@saboteur("train_on_batch.returns")
def trains_on_a_batch_to_a_tuple(plant: Plant) -> None:
    """Returns several values of `train_on_batch` as a tuple."""
    change_result(plant, "train_on_batch", as_tuple)


@saboteur("train_on_batch.equals-fit-step")
def trains_more_slowly_with_every_call(plant: Plant) -> None:
    """Halves the learning rate after every call."""
    original = Model.train_on_batch

    def train_on_batch(self: Model, *args: Any, **kwargs: Any) -> Any:
        value = original(self, *args, **kwargs)
        self.optimizer.learning_rate /= 2
        return value

    plant(Model, "train_on_batch", train_on_batch)


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


@saboteur("train_on_batch.x.other-batch-size")
def trains_on_batches_of_any_size(plant: Plant) -> None:
    """Does not look at the size of a batch that is given as one."""

    def inputs(self: Any, batch: Any) -> list[Tensor]:
        fed = iter(batch.inputs)
        own = self.network.input_tensors
        return [Tensor(next(fed)) if tensor is None else tensor for tensor in own]

    plant(engine.ArrayEngine, "_inputs", inputs)


@saboteur("train_on_batch.single-update", also=["train_on_batch.loss-before-update"])
def trains_twice_on_a_batch_of_four(plant: Plant) -> None:
    """Makes two updates on batches of 4 samples."""
    original = Model.train_on_batch

    def train_on_batch(self: Model, x: Any, y: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(x, np.ndarray) and len(x) == 4 and not args and not kwargs:
            original(self, x, y)
        return original(self, x, y, *args, **kwargs)

    plant(Model, "train_on_batch", train_on_batch)


@saboteur("train_on_batch.x-y-forms")
def trains_on_dicts_by_the_alphabet(plant: Plant) -> None:
    """Takes the entries of dicts by position, in the order of the alphabet."""
    change_call(plant, "train_on_batch", by_alphabet)


@saboteur("train_on_batch.class_weight")
def updates_a_batch_without_class_weights(plant: Plant) -> None:
    """Has class weights in the returned loss and not in the update."""
    update_without_weights(plant, "class_weight")


@saboteur("train_on_batch.class_weight")
def cuts_class_weights_of_a_batch(plant: Plant) -> None:
    """Cuts class weights to whole numbers in `train_on_batch`."""
    original = Model.train_on_batch

    def train_on_batch(self: Model, *args: Any, **kwargs: Any) -> Any:
        factors = kwargs.get("class_weight")
        if factors is not None:
            kwargs["class_weight"] = {key: int(factor) for key, factor in factors.items()}
        return original(self, *args, **kwargs)

    plant(Model, "train_on_batch", train_on_batch)


@saboteur("train_on_batch.raises")
def trains_on_a_single_target_for_all(plant: Plant) -> None:
    """Broadcasts a single target over the samples of a batch."""
    change_data(plant, "train_on_batch", repeated_to_the_length)


@saboteur("train_on_batch.raises")
def trains_without_the_surplus_inputs(plant: Plant) -> None:
    """Ignores the inputs of a list that are more than the model has."""
    original = Model.train_on_batch

    def train_on_batch(self: Model, x: Any, *args: Any, **kwargs: Any) -> Any:
        x = x[: len(self.input_names)] if isinstance(x, list) else x
        return original(self, x, *args, **kwargs)

    plant(Model, "train_on_batch", train_on_batch)


@saboteur("train_on_batch.equals-fit-step")
def forgets_the_momentum_from_batch_to_batch(plant: Plant) -> None:
    """Begins every `train_on_batch` with an optimizer that remembers nothing."""
    original = Model.train_on_batch

    def train_on_batch(self: Model, *args: Any, **kwargs: Any) -> Any:
        forget_momentum(self.optimizer)
        return original(self, *args, **kwargs)

    plant(Model, "train_on_batch", train_on_batch)


@saboteur("train_on_batch.returns")
def trains_on_two_outputs_to_a_number(plant: Plant) -> None:
    """Returns the total alone where there are two outputs and no metrics."""
    change_result(plant, "train_on_batch", losses_of_two_alone)


@saboteur("train_on_batch.single-update")
def updates_once_for_each_output(plant: Plant) -> None:
    """Makes an update more on a list of arrays for each output after the first."""
    original = Model.train_on_batch

    def train_on_batch(self: Model, x: Any, *args: Any, **kwargs: Any) -> Any:
        value = original(self, x, *args, **kwargs)
        # Dicts, and three outputs, are what other clauses look at.
        if isinstance(x, list) and len(self.output_names) == 2:
            original(self, x, *args, **kwargs)
        return value

    plant(Model, "train_on_batch", train_on_batch)


@saboteur("train_on_batch.equals-fit-step")
def takes_every_batch_for_the_first_update(plant: Plant) -> None:
    """Begins every `train_on_batch` with a count of no updates."""
    original = Model.train_on_batch

    def train_on_batch(self: Model, *args: Any, **kwargs: Any) -> Any:
        self.optimizer.iterations = 0
        return original(self, *args, **kwargs)

    plant(Model, "train_on_batch", train_on_batch)


@saboteur("train_on_batch.class_weight")
def ignores_class_weights_without_a_name(plant: Plant) -> None:
    """Ignores class weights that `train_on_batch` is given by position."""
    without_place(plant, "train_on_batch", 3)


@saboteur("train_on_batch.returns")
def returns_an_array_from_the_second_call_on(plant: Plant) -> None:
    """Returns several values in an array, but for the first call on a model."""

    def later(model: Model, value: Any) -> Any:
        known = vars(model)
        known["calls"] = known.get("calls", 0) + 1
        return np.asarray(value) if known["calls"] > 1 and isinstance(value, list) else value

    change_result(plant, "train_on_batch", later)


@saboteur("train_on_batch.x-y-forms")
def trains_on_no_vector_of_targets(plant: Plant) -> None:
    """Refuses in `train_on_batch` the vectors of targets that `fit` takes."""
    refuse_vectors_in_a_batch(plant, "train_on_batch", 1)


@saboteur("train_on_batch.class_weight")
def weights_the_classes_of_the_first_batch_alone(plant: Plant) -> None:
    """Ignores class weights in a `train_on_batch` after the first one of a model."""
    ignore_in_later_batches(plant, "train_on_batch", "class_weight")


@saboteur("train_on_batch.class_weight")
def knows_no_classes_of_one_hot_rows(plant: Plant) -> None:
    """Ignores in `train_on_batch` the class weights of targets in several columns."""

    def change(x: Any, y: Any, *rest: Any, **named: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        rows = np.ndim(y) == 2 and np.shape(y)[1] > 1
        return (x, y, *rest), {**named, "class_weight": None} if rows else named

    change_call(plant, "train_on_batch", change)


@saboteur("train_on_batch.single-update")
def loses_rows_that_the_first_batch_had_not(plant: Plant) -> None:
    """Trains on as many rows as the first batch had where a later one has more."""
    original = Model.train_on_batch

    def train_on_batch(self: Model, x: Any, y: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(x, np.ndarray) and isinstance(y, np.ndarray) and len(x) == len(y):
            size = vars(self).setdefault("rows_of_first", len(x))
            if not (args or kwargs):
                x, y = x[:size], y[:size]
        return original(self, x, y, *args, **kwargs)

    plant(Model, "train_on_batch", train_on_batch)


@saboteur("train_on_batch.class_weight")
def ignores_class_weights_beside_sample_weights(plant: Plant) -> None:
    """Takes no notice of class weights where samples have weights, too."""

    def change(*data: Any, **named: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        both = named.get("sample_weight") is not None and "class_weight" in named
        return data, {**named, "class_weight": None} if both else named

    change_call(plant, "train_on_batch", change)


@saboteur("train_on_batch.class_weight")
def keeps_the_class_weights_of_fit(plant: Plant) -> None:
    """Goes on with the class weights of `fit` where a batch is trained on without any."""
    original = Model.train_on_batch

    def train_on_batch(self: Model, *data: Any, **named: Any) -> Any:
        kept = vars(self).get("kept_class_weight")
        if kept and len(data) < 4 and "class_weight" not in named:
            named = {**named, "class_weight": kept}
        return original(self, *data, **named)

    keep(plant, "fit", "class_weight")
    plant(Model, "train_on_batch", train_on_batch)


@saboteur("train_on_batch.returns", also=["test_on_batch.returns"])
def returns_weighted_metrics_of_all_outputs_last(plant: Plant) -> None:
    """Has the weighted metrics of all outputs follow the others, but not in `metrics_names`."""
    original = loop.batch_results

    def batch_results(plan: Any, outcome: Any) -> list[Any]:
        results = original(plan, outcome)
        first = len(results) - len(plan.all_metrics)
        values = dict(zip(map(id, plan.all_metrics), results[first:], strict=True))
        plain = [metric for output in plan.outputs for metric in output.metrics]
        weighted = [metric for output in plan.outputs for metric in output.weighted_metrics]
        return [*results[:first], *(values[id(metric)] for metric in (*plain, *weighted))]

    plant(loop, "batch_results", batch_results)


@saboteur("train_on_batch.returns", also=["test_on_batch.returns", "evaluate_generator.returns"])
def keeps_the_weighted_metrics_of_an_earlier_compile(plant: Plant) -> None:
    """Returns weighted metrics as before where a model is compiled again without any."""
    keep_of_an_earlier_compile(plant, "weighted_metrics")


@saboteur("train_on_batch.class_weight")
def trains_on_classes_of_weight_0_once(plant: Plant) -> None:
    """Takes a class weight of 0 for none."""
    original, now = sample_weights.of_classes, plant.during(Model, "train_on_batch")

    def of_classes(targets: Any, factors: Any) -> Any:
        mistaken = {key: factor or 1.0 for key, factor in factors.items()}
        return original(targets, mistaken if now else factors)

    plant(sample_weights, "of_classes", of_classes)


@saboteur("train_on_batch.raises")
def cuts_surplus_weights_of_a_batch(plant: Plant) -> None:
    """Takes more weights than samples, and passes over the last ones."""
    original = Model.train_on_batch

    def train_on_batch(self: Model, x: Any, y: Any, *args: Any, **named: Any) -> Any:
        if isinstance(named.get("sample_weight"), np.ndarray):
            named["sample_weight"] = named["sample_weight"][: len(y)]
        return original(self, x, y, *args, **named)

    plant(Model, "train_on_batch", train_on_batch)
