"""Saboteurs of `predict`: the call itself, and arguments with a single clause."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import calls
from fitspec.reference.callbacks import CallbackList
from fitspec.reference.compute.engine import RecordedEngine
from fitspec.reference.data import batch_order, prefetch, sources, worker_processes
from fitspec.reference.layers.core import Dropout
from fitspec.reference.layers.normalization import BatchNormalization
from fitspec.reference.models.model import Model
from fitspec.reference.training import loop

from ..changed_requests import change_request
from ..changed_steps import break_when_refusing
from ..changed_streams import change_indices, given_a
from ..direct_calls import change_calls, leave_thread
from ..planting import saboteur
from ..training_modes import stay_in_it_after_a_break, stay_in_training_mode

if TYPE_CHECKING:
    from fitspec.reference.data.batches import Batch

    from ..planting import Plant


@saboteur("predict.signature.defaults")
def shares_a_list_of_callbacks_in_predict(plant: Plant) -> None:
    """Has a list in the place of None for the callbacks of `predict`."""
    plant.default(Model, "predict", "callbacks", [])


@saboteur(
    "predict.order",
    also=[
        "predict.signature.defaults",
        "predict.returns.numpy-list",
        "predict.batched",
        "predict.batch_size.default-32",
        "predict.callbacks.applied",
        "predict.returns.numpy-single",
        "predict.steps.number-of-batches",
    ],
)
def predicts_the_last_batch_first(plant: Plant) -> None:
    """Puts the predictions for later batches before those for earlier ones."""
    original = batch_order.rows_of_batches

    def rows_of_batches(*args: Any) -> Any:
        rows = original(*args)
        return rows[::-1] if predicting else rows

    predicting = plant.during(calls, "predict")
    plant(batch_order, "rows_of_batches", rows_of_batches)


@saboteur("predict.batched")
def predicts_a_batch_sample_by_sample(plant: Plant) -> None:
    """Computes each sample of a batch of its own, where `predict` is given a batch size."""
    original = RecordedEngine.predict

    def predict(self: RecordedEngine, batch: Batch) -> Any:
        # A stateful model cannot do otherwise than take its batches whole.
        if not predicting or self.network.is_stateful:
            return original(self, batch)
        _model, request = predicting.calls[-1][0]
        if request.batch_size is None:
            return original(self, batch)
        singles = [
            original(
                self, replace(batch, inputs=[one[at : at + 1] for one in batch.inputs], size=1)
            )
            for at in range(batch.size)
        ]
        return [np.concatenate(parts) for parts in zip(*singles, strict=True)]

    predicting = plant.during(calls, "predict")
    plant(RecordedEngine, "predict", predict)


@saboteur("predict.batch_size.default-32")
def predicts_64_samples_at_a_time(plant: Plant) -> None:
    """Takes 64 samples for a batch of `predict` when nothing else is said."""

    def widen(_model: Model, request: Any) -> dict[str, Any]:
        if sources.yields_batches(request.x):
            return {}
        return {"batch_size": 64} if request.batch_size is None and request.steps is None else {}

    change_request(plant, "predict", widen)


@saboteur("predict.verbose.levels", also=["predict.signature.defaults"])
def draws_a_bar_for_predictions_by_default(plant: Plant) -> None:
    """Draws a progress bar in `predict` when nothing else is said."""
    plant.default(Model, "predict", "verbose", 1)


@saboteur("predict.callbacks.applied")
def predicts_arrays_without_callbacks(plant: Plant) -> None:
    """Calls no callback when `predict` is given arrays."""

    def alone(_model: Model, request: Any) -> dict[str, Any]:
        return {} if sources.yields_batches(request.x) else {"callbacks": None}

    change_request(plant, "predict", alone)


@saboteur("predict.queue-workers-processes")
def predicts_with_twice_the_queue(plant: Plant) -> None:
    """Lets twice as many items wait in `predict` as there is room for."""

    def widen(request: Any) -> dict[str, Any]:
        size = request.workers.max_queue_size
        return {"workers": replace(request.workers, max_queue_size=2 * size)}

    change_calls(plant, "predict", widen)


@saboteur("predict.workers.left-behind")
def leaves_a_thread_behind_in_predict(plant: Plant) -> None:
    """Leaves a thread behind in `predict`."""
    leave_thread(plant, "predict")


@saboteur("predict.test-mode", also=["predict_on_batch.equals-predict"])
def predicts_in_training_mode(plant: Plant) -> None:
    """Drops inputs while predicting as while training."""
    original = Dropout.call

    def call(self: Dropout, inputs: Any, *, training: bool) -> Any:
        return original(self, inputs, training=training or bool(predicting))

    predicting = plant.during(calls, "predict")
    plant(Dropout, "call", call)


@saboteur("predict.again.after-refusal")
def breaks_when_it_refuses_to_predict(plant: Plant) -> None:
    """Cannot predict any more once it refused data."""
    break_when_refusing(plant, "predict")


@saboteur("predict.stateful.state-persists")
def starts_every_batch_anew(plant: Plant) -> None:
    """Forgets the state of a stateful model before every batch of `predict`."""
    original = RecordedEngine.predict

    def predict(self: RecordedEngine, batch: Batch) -> Any:
        self.network.reset_states()
        return original(self, batch)

    plant(RecordedEngine, "predict", predict)


@saboteur("predict.test-mode", also=["predict_on_batch.equals-predict"])
def normalizes_predictions_by_the_batch(plant: Plant) -> None:
    """Uses the statistics of the batch, and moves the averages, while predicting."""
    original = BatchNormalization.call

    def call(self: BatchNormalization, inputs: Any, *, training: bool) -> Any:
        return original(self, inputs, training=training or bool(predicting))

    predicting = plant.during(calls, "predict")
    plant(BatchNormalization, "call", call)


@saboteur(
    "predict.callbacks.applied",
    also=[
        "predict_generator.queue-and-workers",
        "predict.queue-workers-processes",
        "predict_generator.callbacks",
    ],
)
def predicts_with_steps_without_callbacks(plant: Plant) -> None:
    """Calls no callback when `predict` is given `steps`."""

    def alone(_model: Model, request: Any) -> dict[str, Any]:
        return {} if request.steps is None else {"callbacks": None}

    change_request(plant, "predict", alone)


@saboteur(
    "predict.callbacks.applied",
    also=[
        "predict.generator.second-call",
        "predict.verbose.levels",
        "predict_generator.queue-and-workers",
        "predict_generator.verbose",
        "predict.queue-workers-processes",
        "predict_generator.callbacks",
    ],
)
def tells_nothing_of_predictions(plant: Plant) -> None:
    """Hands callbacks empty logs in prediction."""
    original = CallbackList.end_batch

    def end_batch(self: CallbackList, stage: str, *told: Any) -> None:
        if stage == "predict":
            index, size, *_ = told
            original(self, stage, index, size, [], [])
        else:
            original(self, stage, *told)

    plant(CallbackList, "end_batch", end_batch)


@saboteur("predict.signature.defaults")
def takes_arguments_of_predict_by_name_alone(plant: Plant) -> None:
    """Refuses arguments of `predict` after the inputs that come by position."""
    original = Model.predict

    def predict(self: Model, x: Any, *others: Any, **named: Any) -> Any:
        if others:
            raise TypeError("predict() takes the other arguments by name")
        return original(self, x, **named)

    plant(Model, "predict", predict)


@saboteur("predict.batched")
def predicts_the_rest_with_the_batch_before(plant: Plant) -> None:
    """Joins the samples that fill no batch to the last batch that is full."""
    original, predicting = batch_order.rows_of_batches, plant.during(calls, "predict")

    def rows_of_batches(count: int, batch_size: int, shuffle: Any) -> list[Any]:
        rows = original(count, batch_size, shuffle)
        if not (predicting and len(rows) > 1 and count % batch_size):
            return rows
        return [*rows[:-2], slice(count - count % batch_size - batch_size, count)]

    plant(batch_order, "rows_of_batches", rows_of_batches)


@saboteur("predict.verbose.levels")
def draws_a_bar_for_predicted_streams(plant: Plant) -> None:
    """Draws a progress bar for Sequences though `predict` shall be silent."""
    change_calls(
        plant, "predict", lambda request: {"verbose": 1} if sources.is_sequence(request.x) else {}
    )


@saboteur("predict.verbose.levels")
def is_silent_about_predicted_streams(plant: Plant) -> None:
    """Draws no progress bar for Sequences in `predict`."""
    change_calls(
        plant, "predict", lambda request: {"verbose": 0} if sources.is_sequence(request.x) else {}
    )


@saboteur("predict.test-mode")
def predicts_sequences_in_training_mode(plant: Plant) -> None:
    """Computes the predictions for a Sequence as in training."""
    original, predicting = RecordedEngine.predict, plant.during(calls, "predict")

    def predict(self: RecordedEngine, batch: Batch) -> list[Any]:
        if not (predicting and sources.is_sequence(predicting.calls[-1][0][1].x)):
            return original(self, batch)
        outputs = self.network.run(self._inputs(batch), training=True)
        return [output.data.copy() for output in outputs]

    plant(RecordedEngine, "predict", predict)


@saboteur("predict.stateful.state-persists")
def starts_a_sequence_anew(plant: Plant) -> None:
    """Forgets the state of a model before it predicts a Sequence."""
    original = calls.predict

    def predict(model: Any, request: Any) -> Any:
        if sources.is_sequence(request.x):
            model.reset_states()
        return original(model, request)

    plant(calls, "predict", predict)


@saboteur("predict.verbose.levels")
def draws_no_bar_of_a_generator_in_predict(plant: Plant) -> None:
    """Prints nothing while `predict` reads a generator."""
    change_calls(
        plant,
        "predict",
        lambda request: {"verbose": 0} if hasattr(request.x, "__next__") else {},
    )


@saboteur("predict.batch_size.default-32")
def predicts_lists_in_batches_of_64_by_default(plant: Plant) -> None:
    """Takes 64 samples for a batch of `predict` by default, of arrays in a list."""
    change_calls(
        plant,
        "predict",
        lambda request: (
            {"batch_size": 64}
            if isinstance(request.x, list) and request.batch_size is None and request.steps is None
            else {}
        ),
    )


@saboteur("predict.batched")
def predicts_a_list_as_one_batch(plant: Plant) -> None:
    """Takes all samples for one batch of `predict` if they are in a list."""
    change_calls(
        plant,
        "predict",
        lambda request: (
            {"batch_size": 1000} if isinstance(request.x, list) and request.batch_size == 3 else {}
        ),
    )


@saboteur("predict.order", also=["predict.returns.numpy-list"])
def turns_the_predictions_of_a_second_output_round(plant: Plant) -> None:
    """Puts the rows of a second output in reverse, where there are several batches of arrays."""
    original = loop.predict

    def predict(model: Any, source: Any, callbacks: Any) -> Any:
        first, *others = original(model, source, callbacks)
        several = getattr(source, "batch_size", len(first)) < len(first)
        return [first, *(rows[::-1] if several else rows for rows in others)]

    plant(loop, "predict", predict)


@saboteur("predict.order")
def predicts_in_reverse_by_several_threads(plant: Plant) -> None:
    """Predicts the batches of a Sequence that several threads read in reverse."""
    change_indices(plant, "predict", lambda indices: indices[::-1], prefetch)


@saboteur("predict.order")
def predicts_in_reverse_by_several_processes(plant: Plant) -> None:
    """Predicts the batches of a Sequence that several processes read in reverse."""
    change_indices(plant, "predict", lambda indices: indices[::-1], worker_processes)


@saboteur("predict.batch_size.default-32")
def goes_on_with_the_batch_size_given_before(plant: Plant) -> None:
    """Predicts in batches as large as in an earlier call where no size is given."""

    def change(model: Model, request: Any) -> dict[str, Any]:
        if request.batch_size or request.steps or not isinstance(request.x, np.ndarray):
            vars(model)["last_size"] = request.batch_size
            return {}
        return {"batch_size": vars(model).get("last_size")}

    change_request(plant, "predict", change)


@saboteur("predict.batched", also=("predict.callbacks.applied",))
def predicts_an_input_by_name_in_one_batch(plant: Plant) -> None:
    """Predicts all samples at once where a dict holds the only input."""

    def change(_: Model, request: Any) -> dict[str, Any]:
        by_name = isinstance(request.x, dict) and len(request.x) == 1 and request.steps is None
        return {"batch_size": 10**6} if by_name else {}

    change_request(plant, "predict", change)


@saboteur("predict.callbacks.applied")
def tells_callbacks_nothing_of_lists_and_dicts(plant: Plant) -> None:
    """Leaves callbacks out where inputs come in a list or a dict."""
    change_request(
        plant,
        "predict",
        lambda _, request: {"callbacks": None} if isinstance(request.x, (list, dict)) else {},
    )


@saboteur("predict.test-mode")
def predicts_generators_in_training_mode(plant: Plant) -> None:
    """Computes as in training where `predict` is given a generator."""
    stay_in_training_mode(plant, given_a(plant, "predict", "generator"), predicts=True)


@saboteur("predict.test-mode")
def predicts_as_a_training_that_broke_off_left_it(plant: Plant) -> None:
    """Stays in training mode, in `predict`, once a training broke off."""
    stay_in_it_after_a_break(plant, "predict")
