"""Saboteurs of `predict_on_batch`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.layers.core import Dropout
from fitspec.reference.layers.normalization import BatchNormalization
from fitspec.reference.models.model import Model

from ..flat_vectors import refuse_vectors_in_a_batch
from ..later_calls import keep_the_first_weights
from ..on_batch_calls import (
    by_alphabet,
    by_position,
    change_call,
    change_result,
)
from ..planting import saboteur
from ..three_outputs import last_two_of_three_exchanged

if TYPE_CHECKING:
    from ..planting import Plant


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
        _ = self.plan
        return original(self, x)

    plant(Model, "predict_on_batch", predict_on_batch)


@saboteur("predict_on_batch.equals-predict")
def normalizes_a_batch_by_itself(plant: Plant) -> None:
    """Uses the statistics of the batch, and moves the averages, while predicting a batch."""
    original = BatchNormalization.call

    def call(self: BatchNormalization, inputs: Any, *, training: bool) -> Any:
        return original(self, inputs, training=training or bool(predicting))

    predicting = plant.during(Model, "predict_on_batch")
    plant(BatchNormalization, "call", call)


@saboteur("predict_on_batch.inputs")
def predicts_a_batch_by_the_alphabet(plant: Plant) -> None:
    """Takes the inputs of a dict by position, in the order of the alphabet."""
    change_call(plant, "predict_on_batch", by_alphabet)


@saboteur("predict_on_batch.inputs")
def predicts_a_batch_without_surplus_inputs(plant: Plant) -> None:
    """Ignores the arrays of a list that are more than the model has inputs."""
    original = Model.predict_on_batch

    def predict_on_batch(self: Model, x: Any) -> Any:
        return original(self, x[: len(self.input_names)] if isinstance(x, list) else x)

    plant(Model, "predict_on_batch", predict_on_batch)


@saboteur("predict_on_batch.returns")
def returns_the_row_itself_of_one(plant: Plant) -> None:
    """Returns the outputs of a batch of one row without the axis of the rows."""
    change_result(
        plant,
        "predict_on_batch",
        lambda _, value: value[0] if isinstance(value, np.ndarray) and len(value) == 1 else value,
    )


@saboteur("predict_on_batch.inputs")
def predicts_no_vector_as_a_batch(plant: Plant) -> None:
    """Refuses in `predict_on_batch` the vectors of inputs that `fit` takes."""
    refuse_vectors_in_a_batch(plant, "predict_on_batch", 0)


@saboteur("predict_on_batch.equals-predict")
def predicts_a_batch_with_the_first_weights(plant: Plant) -> None:
    """Predicts with the weights that the model had when a batch was first predicted."""
    keep_the_first_weights(plant, "predict_on_batch")


@saboteur("predict_on_batch.equals-predict")
def predicts_with_the_first_weights(plant: Plant) -> None:
    """Has `predict` compute with the weights that the model had when it first predicted."""
    keep_the_first_weights(plant, "predict")


@saboteur("predict_on_batch.returns", also=["predict_on_batch.inputs"])
def exchanges_two_of_three_predictions_for_a_batch(plant: Plant) -> None:
    """Returns the predictions of the last of three outputs before those of the second."""
    change_result(
        plant, "predict_on_batch", lambda _model, value: last_two_of_three_exchanged(value)
    )


@saboteur("predict_on_batch.equals-predict")
def stays_in_training_mode_after_a_batch(plant: Plant) -> None:
    """Drops inputs while predicting a batch once the model was trained on one."""
    train, original = Model.train_on_batch, Dropout.call
    predicting = plant.during(Model, "predict_on_batch")

    def train_on_batch(self: Model, *args: Any, **kwargs: Any) -> Any:
        vars(self)["stays_in_training"] = True
        return train(self, *args, **kwargs)

    def call(self: Dropout, inputs: Any, *, training: bool) -> Any:
        stays = predicting and vars(predicting.calls[-1][0][0]).get("stays_in_training")
        return original(self, inputs, training=training or bool(stays))

    plant(Model, "train_on_batch", train_on_batch)
    plant(Dropout, "call", call)


@saboteur("predict_on_batch.single-batch")
def predicts_no_more_rows_than_of_the_first_batch(plant: Plant) -> None:
    """Repeats its predictions for as many rows as the first batch had where there are more."""
    original = Model.predict_on_batch

    def predict_on_batch(self: Model, x: Any) -> Any:
        if not isinstance(x, np.ndarray):
            return original(self, x)
        size: int = vars(self).setdefault("rows_of_first", len(x))
        parts: list[Any] = [original(self, x[at : at + size]) for at in range(0, len(x), size)]
        return np.concatenate(parts)

    plant(Model, "predict_on_batch", predict_on_batch)
