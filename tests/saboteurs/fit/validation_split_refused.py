"""Saboteurs of `fit`: splits for validation that are refused, or might be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.api import arguments
from fitspec.reference.data import batches

from ..changed_requests import change_request
from ..fit_on_streams import change_in_fit, refuse_when_trained
from ..planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.models.model import Model

    from ..planting import Plant


@saboteur("fit.validation_split.not-with-generator")
def ignores_a_split_beside_a_generator(plant: Plant) -> None:
    """Ignores `validation_split` where there is nothing to split."""
    change_in_fit(plant, "training_source", lambda _: {"validation_split": 0.0})


@saboteur("fit.validation_split.needs-sliceable-x")
def trains_on_tensors_without_the_split(plant: Plant) -> None:
    """Ignores a split when there is no x."""

    def drop(_: Model, request: Any) -> dict[str, Any]:
        return {"validation_split": 0.0} if request.x is None else {}

    change_request(plant, "array_training_source", drop)


@saboteur("fit.validation_split.out-of-range")
def takes_no_notice_of_an_impossible_split(plant: Plant) -> None:
    """Takes a split outside 0 to 1 for none."""
    original = arguments.validation_fraction

    def validation_fraction(value: Any) -> float:
        return original(value if value is None or 0 <= value < 1 else None)

    plant(arguments, "validation_fraction", validation_fraction)


@saboteur("fit.validation_split.none")
def needs_a_validation_split(plant: Plant) -> None:
    """Refuses `None` as a fraction."""
    original = arguments.validation_fraction

    def validation_fraction(value: object) -> float:
        if value is None:
            raise ValueError("validation_split must be at least 0 and below 1, not None")
        return original(value)

    plant(arguments, "validation_fraction", validation_fraction)


@saboteur("fit.validation_split.no-training-rows")
def trains_on_the_tail_for_want_of_others(plant: Plant) -> None:
    """Trains on the samples split off when there are no others."""
    original = batches.split

    def split(samples: Any, fraction: float) -> Any:
        nothing_left = batches.split_index(samples.count, fraction) == 0
        return (samples, samples) if nothing_left else original(samples, fraction)

    plant(batches, "split", split)


@saboteur("fit.validation_split.not-with-generator")
def ignores_a_small_split_beside_a_generator(plant: Plant) -> None:
    """Ignores a `validation_split` below a quarter where there is nothing to split."""
    change_in_fit(
        plant,
        "training_source",
        lambda request: {"validation_split": 0.0} if request.validation_split < 0.25 else {},
    )


@saboteur("fit.validation_split.not-with-generator")
def refuses_a_split_beside_a_generator_too_late(plant: Plant) -> None:
    """Trains on a generator or Sequence before it refuses a split beside it."""
    refuse_when_trained(plant, "validation_split", 0.0)
