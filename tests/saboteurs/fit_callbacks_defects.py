"""Saboteurs of `fit`: callbacks."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from fitspec.reference import callbacks
from fitspec.reference.api import calls
from fitspec.reference.callbacks import CallbackList
from fitspec.reference.training import loop

from .changed_requests import change_request
from .planting import saboteur

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .planting import Plant


@saboteur(
    "fit.callbacks.called-in-training",
    also=[
        "fit.callbacks.added-logs",
        "fit_generator.callbacks",
    ],
)
def calls_the_first_callback_only(plant: Plant) -> None:
    """Calls only the first callback of a list."""
    original = callbacks.listed
    plant(callbacks, "listed", lambda given: original(given)[:1])


@saboteur("fit.callbacks.called-in-validation")
def validates_without_callbacks(plant: Plant) -> None:
    """Calls no hook while `fit` validates."""
    original = loop.test

    def test(model: Any, source: Any, listeners: Any) -> Any:
        return original(model, source, CallbackList([]) if fitted else listeners)

    fitted = plant.during(calls, "fit")
    plant(loop, "test", test)


@saboteur("fit.callbacks.hook-order")
def tells_of_validation_after_the_end_of_the_epoch(plant: Plant) -> None:
    """Calls the hooks of validation, in their order, once the hook of the epoch's end was."""
    original = CallbackList.notify

    def notify(self: Any, hook: str, *args: Any) -> None:
        waiting = self.__dict__.setdefault("waiting", [])
        if hook.startswith("on_test") and fitted:
            waiting.append((hook, *args))
            return
        original(self, hook, *args)
        if hook == "on_epoch_end":
            for late in waiting:
                original(self, *late)
            waiting.clear()

    fitted = plant.during(calls, "fit")
    plant(CallbackList, "notify", notify)


@saboteur("fit.callbacks.batch-index-resets")
def counts_batches_through_all_epochs(plant: Plant) -> None:
    """Goes on counting batches from epoch to epoch."""
    original = loop.each_batch

    def each_batch(source: Any) -> Iterator[Any]:
        counter = source.__dict__.setdefault("counter", itertools.count())
        for _, batch in original(source):
            yield next(counter), batch

    plant(loop, "each_batch", each_batch)


@saboteur("fit.callbacks.none-or-empty")
def keeps_the_callbacks_of_the_call_before(plant: Plant) -> None:
    """Calls the callbacks of an earlier `fit` of the model when none are given."""

    def keep(model: Any, request: Any) -> dict[str, Any]:
        model.kept_callbacks = request.callbacks or vars(model).get("kept_callbacks")
        return {"callbacks": model.kept_callbacks}

    change_request(plant, "fit", keep)
