"""Defects of `fit` on generators and Sequences that `fit_generator` does not share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.api import calls
from fitspec.reference.data import sources
from fitspec.reference.data.sources import IteratorBatches
from fitspec.reference.models.model import Model
from fitspec.reference.training import loop

from .changed_requests import change_request

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from fitspec.reference.data.batches import Batch

    from .planting import Plant


class Fitting:
    """Whether `fit` is at work by itself, not for `fit_generator`."""

    def __init__(self, plant: Plant) -> None:
        self._fit = plant.during(calls, "fit")
        self._for_generator = plant.during(Model, "fit_generator")

    def __bool__(self) -> bool:
        return bool(self._fit) and not self._for_generator

    def stop(self) -> None:
        """Ask for the end of the training."""
        ((model, _), _) = self._fit.calls[-1]
        model.stop_training = True


def change_in_fit(plant: Plant, step: str, change: Callable[[Any], dict[str, Any]]) -> None:
    """Have one step of `fit` see other arguments than the user gave, where x is no arrays."""
    now = Fitting(plant)

    def changed(_: Model, request: Any) -> dict[str, Any]:
        return change(request) if now and sources.yields_batches(request.x) else {}

    change_request(plant, step, changed)


def change_epochs(
    plant: Plant, change: Callable[[Any, Callable[[Any], Any]], Generator[Batch]]
) -> None:
    """Have an epoch of `fit` on a generator give other batches.

    Args:
        plant: plants the epochs.
        change: gives them, told the source and what they would be.
    """
    original = IteratorBatches.epoch
    now, in_training = Fitting(plant), plant.during(loop, "train_epoch")

    def epoch(self: Any) -> Generator[Batch]:
        return change(self, original) if now and in_training else original(self)

    plant(IteratorBatches, "epoch", epoch)


def refuse_when_trained(plant: Plant, argument: str, none: object) -> None:
    """Have `fit` train on a generator or Sequence before it refuses an argument beside it.

    Args:
        plant: plants the step of the reference.
        argument: that is refused.
        none: its value where it is not given.
    """
    original = calls.fit

    def fit(model: Model, request: Any) -> Any:
        given = getattr(request, argument)
        if not sources.yields_batches(request.x) or given is None or given is none:
            return original(model, request)
        history = original(model, request.but(**{argument: none}))
        if given == none:
            return history
        raise ValueError(f"{argument} cannot be given when x is a generator or Sequence")

    plant(calls, "fit", fit)
