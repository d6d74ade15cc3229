"""Saboteurs of `fit`: a second call."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from fitspec.reference.api import calls
from fitspec.reference.training import loop

from ..changed_requests import change_request
from ..changed_steps import after, break_when_refusing
from ..on_sequences import OnSequence
from ..optimizer_memory import forget_momentum
from ..planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.models.model import Model

    from ..planting import Plant


@saboteur(
    "fit.again.continues",
    also=["compile.recompile.optimizer-state", "fit.initial_epoch.resume-equivalence"],
)
def begins_with_a_new_state_of_the_optimizer(plant: Plant) -> None:
    """Has the optimizer forget its momentum at the beginning of `fit`."""
    original = calls.fit

    def fit(model: Model, request: Any) -> Any:
        forget_momentum(model.optimizer)
        return original(model, request)

    plant(calls, "fit", fit)


@saboteur("fit.again.epoch-numbers")
def goes_on_counting_epochs(plant: Plant) -> None:
    """Numbers the epochs of a second `fit` from where the first one ended."""

    def go_on(model: Any, request: Any) -> dict[str, Any]:
        if request.initial_epoch:
            return {}
        # Only a call like an earlier one: the law about final epochs makes many different ones.
        counts = vars(model).setdefault("epochs_done", Counter())
        done = counts[request.epochs]
        counts[request.epochs] += request.epochs
        return {"initial_epoch": done, "epochs": request.epochs + done}

    change_request(plant, "fit", go_on)


@saboteur("fit.again.history")
def returns_the_history_of_the_first_call(plant: Plant) -> None:
    """Returns the History of the first call, started anew."""

    def first(model: Any, history: Any) -> Any:
        kept = vars(model).setdefault("first_history", history)
        kept.epoch, kept.history = history.epoch, history.history
        return kept

    after(plant, "fit", first)


@saboteur("fit.again.after-stop")
def stays_stopped(plant: Plant) -> None:
    """Ends a `fit` after its first batch, where an earlier one was stopped."""
    original = loop.train

    def train(model: Any, source: Any, validation: Any, epochs: Any, callbacks: Any) -> None:
        stopped = model.stop_training

        def begin_epoch(epoch: int) -> None:
            model.stop_training = stopped
            type(callbacks).begin_epoch(callbacks, epoch)

        callbacks.begin_epoch = begin_epoch
        original(model, source, validation, epochs, callbacks)

    plant(loop, "train", train)


@saboteur("fit.again.after-refusal")
def breaks_when_it_refuses_to_fit(plant: Plant) -> None:
    """Cannot be trained any more once it refused data."""
    break_when_refusing(plant, "fit")


@saboteur("fit.again.after-stop")
def ends_the_training_on_a_sequence_after_an_earlier_stop(plant: Plant) -> None:
    """Makes one epoch on a Sequence, where an earlier `fit` was stopped."""
    original, on_sequence = loop.train, OnSequence(plant, "fit")

    def train(model: Any, source: Any, validation: Any, epochs: range, callbacks: Any) -> None:
        stopped = on_sequence and vars(model).get("stop_training")
        original(model, source, validation, epochs[:1] if stopped else epochs, callbacks)

    plant(loop, "train", train)
