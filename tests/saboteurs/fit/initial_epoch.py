"""Saboteurs of `fit`: where epochs are counted from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.api import arguments, calls
from fitspec.reference.callbacks import CallbackList
from fitspec.reference.training import loop

from ..fit_on_streams import Fitting
from ..on_sequences import OnSequence
from ..optimizer_memory import forget_momentum
from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur(
    "fit.initial_epoch.default-0",
    also=[
        "fit.initial_epoch.hook-index",
        "fit.callbacks.stop-in-epoch",
        "fit.verbose.1-header",
        "fit_generator.epochs.final-epoch",
        "fit_generator.initial_epoch",
    ],
)
def begins_epochs_by_their_number(plant: Plant) -> None:
    """Tells callbacks the number of an epoch that begins, from 1, instead of its index."""
    original = CallbackList.begin_epoch
    plant(CallbackList, "begin_epoch", lambda self, epoch: original(self, epoch + 1))


@saboteur(
    "fit.initial_epoch.hook-index",
    also=[
        "fit_generator.epochs.final-epoch",
        "fit_generator.initial_epoch",
    ],
)
def counts_epochs_of_this_call(plant: Plant) -> None:
    """Tells callbacks the index of an epoch that begins among those of this `fit`."""
    original = CallbackList.begin_epoch

    def begin_epoch(self: Any, epoch: int) -> None:
        first = self.__dict__.setdefault("first_epoch", epoch)
        original(self, epoch - first)

    plant(CallbackList, "begin_epoch", begin_epoch)


@saboteur(
    "fit.initial_epoch.resume-equivalence",
    also=["compile.recompile.optimizer-state", "fit.again.continues"],
)
def forgets_momentum_between_calls(plant: Plant) -> None:
    """Starts every `fit` without the velocity that the optimizer has gained."""
    original = loop.train

    def train(model: Any, *args: Any) -> None:
        forget_momentum(model.optimizer)
        original(model, *args)

    plant(loop, "train", train)


@saboteur("fit.initial_epoch.negative")
def trains_epochs_with_negative_numbers(plant: Plant) -> None:
    """Begins with an epoch of a negative number if told to."""
    original = arguments.whole_number

    def whole_number(value: Any, what: str, minimum: int | None = None) -> int:
        return original(value, what, None if what == "initial_epoch" else minimum)

    plant(arguments, "whole_number", whole_number)


@saboteur("fit.initial_epoch.hook-index")
def numbers_epochs_of_a_sequence_anew(plant: Plant) -> None:
    """Numbers the epochs of a Sequence from 0 whatever `initial_epoch` says."""
    original, on_sequence = CallbackList.begin_epoch, OnSequence(plant, "fit")

    def begin_epoch(self: CallbackList, epoch: int) -> None:
        original(self, epoch - on_sequence.request.initial_epoch if on_sequence else epoch)

    plant(CallbackList, "begin_epoch", begin_epoch)


@saboteur("fit.initial_epoch.resume-equivalence")
def begins_with_a_count_of_no_updates(plant: Plant) -> None:
    """Has the optimizer count updates from 0 at the beginning of a `fit` that is resumed."""
    original = loop.train

    def train(model: Any, source: Any, validation: Any, epochs: range, callbacks: Any) -> None:
        if epochs.start:
            model.optimizer.iterations = 0
        original(model, source, validation, epochs, callbacks)

    plant(loop, "train", train)


@saboteur("fit.initial_epoch.default-0")
def tells_epochs_on_a_generator_from_1(plant: Plant) -> None:
    """Tells callbacks that the first epoch on a generator has the index 1, for `fit`."""
    original, fitting = CallbackList.begin_epoch, Fitting(plant)
    fits = plant.during(calls, "fit")

    def begin_epoch(self: CallbackList, epoch: int) -> None:
        later = 0
        if fitting:
            request = fits.calls[-1][0][1]
            later = hasattr(request.x, "__next__") and not request.initial_epoch
        original(self, epoch + later)

    plant(CallbackList, "begin_epoch", begin_epoch)


@saboteur(
    "fit.initial_epoch.hook-index",
    also=["fit_generator.epochs.final-epoch", "fit_generator.initial_epoch"],
)
def counts_the_epochs_of_a_generator_from_0(plant: Plant) -> None:
    """Tells of the epochs of a generator as if it were not resumed."""
    original, fits = CallbackList.begin_epoch, plant.during(calls, "fit")

    def begin_epoch(self: CallbackList, epoch: int) -> None:
        request = fits.calls[-1][0][1]
        of_generator = hasattr(request.x, "__next__")
        original(self, epoch - request.initial_epoch if of_generator else epoch)

    plant(CallbackList, "begin_epoch", begin_epoch)


@saboteur(
    "fit.initial_epoch.hook-index",
    also=["fit_generator.epochs.final-epoch", "fit_generator.initial_epoch"],
)
def trains_so_many_epochs_of_steps(plant: Plant) -> None:
    """Takes `epochs` for a number of epochs where these have a number of steps."""
    original = calls.fit

    def fit(model: Any, request: Any) -> Any:
        more = request.initial_epoch if request.steps_per_epoch else 0
        return original(model, request.but(epochs=request.epochs + more))

    plant(calls, "fit", fit)
