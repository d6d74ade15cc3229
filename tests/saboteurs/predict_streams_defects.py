"""Saboteurs of `predict` on generators and Sequences."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fitspec.reference.data import feeding, sources

from .direct_calls import called, change_calls, change_exception, end_silently, leave_thread
from .planting import saboteur

if TYPE_CHECKING:
    from .planting import Plant


@saboteur("predict.x.generator-or-sequence")
def predicts_no_items_with_weights(plant: Plant) -> None:
    """Refuses sample weights in the items that `predict` reads."""
    original, predicting = feeding.inputs_in, called(plant, "predict")

    def inputs_in(item: object) -> object:
        if predicting() and isinstance(item, tuple) and len(item) == 3:
            raise ValueError("predict has no use for sample weights")
        return original(item)

    plant(feeding, "inputs_in", inputs_in)


@saboteur("predict.steps.number-of-batches")
def predicts_all_of_a_sequence(plant: Plant) -> None:
    """Ignores the `steps` that `predict` gets with a Sequence."""

    def all_of_it(request: Any) -> dict[str, Any]:
        return {"steps": None} if sources.is_sequence(request.x) else {}

    change_calls(plant, "predict", all_of_it)


@saboteur("predict.queue-workers-processes")
def predicts_with_twice_the_queue(plant: Plant) -> None:
    """Lets twice as many items wait in `predict` as there is room for."""

    def widen(request: Any) -> dict[str, Any]:
        size = request.workers.max_queue_size
        return {"workers": replace(request.workers, max_queue_size=2 * size)}

    change_calls(plant, "predict", widen)


@saboteur("predict.generator.ends-early")
def predicts_what_a_generator_gave_before_it_ended(plant: Plant) -> None:
    """Uses what there is in `predict` when a generator ends early, without a word."""
    end_silently(plant, "predict")


@saboteur("predict.generator.exception")
def raises_another_exception_in_predict(plant: Plant) -> None:
    """Has `predict` raise RuntimeError with the message of what a generator raised."""
    change_exception(plant, "predict")


@saboteur("predict.workers.left-behind")
def leaves_a_thread_behind_in_predict(plant: Plant) -> None:
    """Leaves a thread behind in `predict`."""
    leave_thread(plant, "predict")


@saboteur("predict.generator.second-call")
def predicts_no_more_items_than_it_uses(plant: Plant) -> None:
    """Draws no more items of a generator than `predict` uses."""

    def limited(request: Any) -> dict[str, Any]:
        if request.steps is None or not hasattr(request.x, "__next__"):
            return {}
        return {"x": itertools.islice(request.x, request.steps)}

    change_calls(plant, "predict", limited)
