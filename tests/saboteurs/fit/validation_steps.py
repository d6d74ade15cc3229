"""Saboteurs of `fit`: how many batches make a validation."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fitspec.reference.api import arguments, calls
from fitspec.reference.data import iterable_batches, sources
from fitspec.reference.training import loop

from ..changed_requests import change_request
from ..fit_on_streams import Fitting, change_in_fit
from ..later_calls import keep_of_the_first_call
from ..planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.models.model import Model

    from ..planting import Plant


@saboteur("fit.validation_steps.needs-steps_per_epoch")
def stops_validation_after_the_steps_given(plant: Plant) -> None:
    """Validates on as many batches of arrays as `validation_steps` says, without other steps."""

    def shorten(_: Model, request: Any) -> dict[str, Any]:
        if request.validation_steps is None or request.steps_per_epoch is not None:
            return {}
        if not isinstance(request.validation_data, tuple):
            return {}
        samples = request.validation_steps * arguments.batch_size_of(request.batch_size)
        shortened = tuple(part[:samples] for part in request.validation_data)
        return {"validation_data": shortened, "validation_steps": None}

    change_request(plant, "validation_source", shorten)


@saboteur(
    "fit.validation_steps.required-with-steps_per_epoch",
    also=[
        "fit.validation_freq.history-has-only-run-epochs",
        "fit_generator.class_weight",
        "fit_generator.returns.history",
        "fit_generator.validation_data.bad-tuple",
        "fit_generator.validation_data.tuple",
        "fit_generator.validation_data.tuple-batch-size",
    ],
)
def passes_over_validation_without_its_steps(plant: Plant) -> None:
    """Does not validate on arrays when only the training steps are given."""

    def drop(_: Model, request: Any) -> dict[str, Any]:
        needed = request.steps_per_epoch is not None and request.validation_steps is None
        is_arrays = isinstance(request.validation_data, tuple)
        return {"validation_data": None} if needed and is_arrays else {}

    change_request(plant, "validation_source", drop)


@saboteur("fit.validation_steps.with-arrays")
def cuts_validation_arrays_into_steps(plant: Plant) -> None:
    """Cuts validation arrays into as many batches as there are steps."""
    original = calls.array_source

    def array_source(samples: Any, model: Any, request: Any, what: str, *shuffle: Any) -> Any:
        if what == "validation_steps" and request.validation_steps is not None:
            steps = request.validation_steps
            return sources.ArrayBatches(samples, math.ceil(samples.count / steps), shuffle=False)
        return original(samples, model, request, what, *shuffle)

    plant(calls, "array_source", array_source)


@saboteur("fit.validation_steps.iterable")
def goes_on_in_every_validation(plant: Plant) -> None:
    """Begins a validation of some steps where the one before it ended."""
    original = iterable_batches.iterable_source

    def iterable_source(*args: Any, anew: bool) -> Any:
        del anew
        return original(*args, anew=False)

    plant(iterable_batches, "iterable_source", iterable_source)


@saboteur("fit.validation_steps.sequence")
def goes_on_in_the_sequence_that_it_validates_on(plant: Plant) -> None:
    """Begins a validation of some steps in a Sequence where the one before it ended."""
    fitting, validating = Fitting(plant), plant.during(loop, "validate")
    original = sources.continued_indices

    def continued_indices(position: int, steps: int, length: int) -> list[int]:
        if fitting and validating:
            (_, validation, *_), _ = validating.calls[-1]
            position = vars(validation).get("done", 0)
            vars(validation)["done"] = position + steps
        return original(position, steps, length)

    plant(sources, "continued_indices", continued_indices)


@saboteur("fit.validation_steps.number-of-batches")
def validates_one_step_more(plant: Plant) -> None:
    """Draws one batch more from a validation generator than `validation_steps` says."""

    def more(request: Any) -> dict[str, Any]:
        counted = request.validation_steps and hasattr(request.validation_data, "__next__")
        return {"validation_steps": request.validation_steps + 1} if counted else {}

    change_in_fit(plant, "validation_source", more)


@saboteur("fit.validation_steps.number-of-batches")
def draws_one_more_for_validation_beside_arrays(plant: Plant) -> None:
    """Draws a third batch from a validation generator, for two, where arrays are trained on."""

    def more(_: Model, request: Any) -> dict[str, Any]:
        beside = hasattr(request.validation_data, "__next__") and request.epochs == 3
        arrays = not sources.yields_batches(request.x)
        return {"validation_steps": 3} if beside and arrays and request.validation_steps else {}

    change_request(plant, "validation_source", more)


@saboteur("fit.validation_steps.needs-steps_per_epoch")
def shortens_the_validation_of_a_split(plant: Plant) -> None:
    """Validates on one batch of what was set apart, where `validation_steps` is 1."""
    original = calls.validation_source

    def validation_source(model: Model, request: Any, tail: Any) -> Any:
        if tail is not None and request.validation_steps == 1:
            request = request.but(validation_steps=None)
            tail = replace(tail, count=1)
        return original(model, request, tail)

    plant(calls, "validation_source", validation_source)


@saboteur("fit.validation_steps.number-of-batches")
def validates_in_as_many_steps_as_in_the_first_call(plant: Plant) -> None:
    """Draws as many batches for a validation as the model's first call was told to."""
    keep_of_the_first_call(plant, "fit", "validation_steps")
