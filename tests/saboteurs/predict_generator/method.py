"""Saboteurs of `predict_generator`: the call itself, and arguments with a single clause."""

from __future__ import annotations

import queue
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fitspec.reference.api import calls
from fitspec.reference.data import prefetch, sources
from fitspec.reference.models.model import Model
from fitspec.reference.training import loop

from ..changed_streams import change_pairs
from ..direct_calls import (
    called,
    change_calls,
    drop_last_hook,
    leave_process,
    leave_thread,
    skip_nothing,
)
from ..planting import saboteur

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..planting import Plant


@saboteur("predict_generator.signature.defaults")
def shares_a_list_of_callbacks_in_predict_generator(plant: Plant) -> None:
    """Has a list in the place of None for the callbacks of `predict_generator`."""
    plant.default(Model, "predict_generator", "callbacks", [])


@saboteur("predict_generator.steps")
def predicts_one_batch_of_a_generator_by_default(plant: Plant) -> None:
    """Predicts one batch of a generator when no number is given."""

    def one(request: Any) -> dict[str, Any]:
        missing = request.steps is None and not sources.is_sequence(request.x)
        return {"steps": 1} if missing else {}

    change_calls(plant, "predict_generator", one)


@saboteur(
    "predict_generator.order-and-concatenation",
    also=["predict_generator.queue-and-workers"],
)
def predicts_items_as_they_become_ready(plant: Plant) -> None:
    """Has `predict_generator` take the items of a Sequence in the order they become ready."""
    original, predicting = prefetch.items_in_order, called(plant, "predict_generator")

    def items_in_order(sequence: Any, indices: list[int], workers: int, size: int) -> Iterator[Any]:
        if not predicting():
            yield from original(sequence, indices, workers, size)
            return
        ready: queue.SimpleQueue[prefetch.Prefetched] = queue.SimpleQueue()
        with ThreadPoolExecutor(workers) as pool:
            for index in indices:
                pool.submit(
                    lambda i: ready.put(prefetch.prefetched(sequence.__getitem__, i)), index
                )
            for _ in indices:
                outcome = ready.get()
                if outcome.failure is not None:
                    raise outcome.failure
                yield outcome.item

    plant(prefetch, "items_in_order", items_in_order)


@saboteur("predict_generator.returns")
def returns_a_tuple_of_predictions(plant: Plant) -> None:
    """Returns the predictions of several outputs from `predict_generator` in a tuple."""
    original, predicting = loop.single_or_list, called(plant, "predict_generator")

    def single_or_list(outputs: list[Any]) -> Any:
        found = original(outputs)
        return tuple(found) if predicting() and isinstance(found, list) else found

    plant(loop, "single_or_list", single_or_list)


@saboteur("predict_generator.callbacks")
def does_not_tell_of_the_end_of_predict_generator(plant: Plant) -> None:
    """Calls no hook at the end of `predict_generator`."""
    drop_last_hook(plant, "predict_generator")


@saboteur("predict_generator.queue-and-workers")
def predicts_items_with_twice_the_queue(plant: Plant) -> None:
    """Lets twice as many items wait in `predict_generator` as there is room for."""

    def widen(request: Any) -> dict[str, Any]:
        size = request.workers.max_queue_size
        return {"workers": replace(request.workers, max_queue_size=2 * size)}

    change_calls(plant, "predict_generator", widen)


@saboteur(
    "predict_generator.workers.left-behind",
    also=["predict_generator.use_multiprocessing.left-behind"],
)
def leaves_a_thread_behind_in_predict_generator(plant: Plant) -> None:
    """Leaves a thread behind in `predict_generator`."""
    leave_thread(plant, "predict_generator")


@saboteur("predict_generator.use_multiprocessing.left-behind")
def leaves_a_process_behind_in_predict_generator(plant: Plant) -> None:
    """Leaves a process behind in `predict_generator`."""
    leave_process(plant, "predict_generator")


@saboteur("predict_generator.verbose")
def draws_a_bar_for_every_predicted_generator(plant: Plant) -> None:
    """Draws a progress bar though `predict_generator` shall be silent."""
    change_calls(plant, "predict_generator", lambda _: {"verbose": 1})


@saboteur("predict_generator.raises.bad-format")
def leaves_out_inputs_that_are_nothing(plant: Plant) -> None:
    """Leaves out what is None among the items that `predict_generator` reads."""
    skip_nothing(plant, "predict_generator")


@saboteur("predict_generator.verbose")
def is_silent_about_sequences_that_it_predicts(plant: Plant) -> None:
    """Draws no progress bar for Sequences in `predict_generator`."""
    change_calls(
        plant,
        "predict_generator",
        lambda request: {"verbose": 0} if sources.is_sequence(request.x) else {},
    )


@saboteur("predict_generator.returns", also=["predict_generator.items.tuples-ignored-targets"])
def predicts_sequences_to_lists(plant: Plant) -> None:
    """Returns a list of one array for a Sequence in `predict_generator`."""
    original, applies = calls.predict, called(plant, "predict_generator")

    def predict(model: Any, request: Any) -> Any:
        value = original(model, request)
        alone = applies() and sources.is_sequence(request.x) and not isinstance(value, list)
        return [value] if alone else value

    plant(calls, "predict", predict)


@saboteur("predict_generator.order-and-concatenation")
def predicts_pairs_of_four_processes_the_wrong_way_round(plant: Plant) -> None:
    """Has items that four processes make change places two by two, in `predict_generator`."""
    change_pairs(plant, "predict_generator", 4)
