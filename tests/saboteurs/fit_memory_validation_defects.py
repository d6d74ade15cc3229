"""Saboteurs of `fit` on data in memory: validation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import arguments, calls
from fitspec.reference.callbacks import History
from fitspec.reference.data import batches
from fitspec.reference.data.sources import ArrayBatches
from fitspec.reference.training import loop

from .changed_requests import change_request
from .planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.models.model import Model

    from .planting import Plant


@saboteur("fit.validation_split.multi-input-output")
def sets_the_head_of_a_second_array_apart(plant: Plant) -> None:
    """Takes the validation part of every input but the first from its head."""
    original = batches.Samples.cut

    def cut(self: batches.Samples, boundary: int) -> Any:
        rolled = [np.roll(column, boundary, axis=0) for column in self.inputs[1:]]
        return original(replace(self, inputs=[*self.inputs[:1], *rolled]), boundary)

    plant(batches.Samples, "cut", cut)


@saboteur("fit.validation_split.needs-sliceable-x")
def trains_on_tensors_without_the_split(plant: Plant) -> None:
    """Ignores a split when there is no x."""

    def drop(_: Model, request: Any) -> dict[str, Any]:
        return {"validation_split": 0.0} if request.x is None else {}

    change_request(plant, "array_training_source", drop)


@saboteur("fit.validation_data.list-form")
def takes_validation_data_in_a_tuple_only(plant: Plant) -> None:
    """Refuses validation data in a list."""
    original = calls.validation_arrays

    def validation_arrays(given: Any) -> Any:
        if isinstance(given, list):
            raise ValueError("validation_data must be a tuple, got a list")  # noqa: TRY004  as for other forms
        return original(given)

    plant(calls, "validation_arrays", validation_arrays)


@saboteur("fit.validation_data.inference-mode")
def validates_in_training_mode(plant: Plant) -> None:
    """Computes validation as training does, short of the updates."""
    validating = plant.during(loop, "validate")
    original = loop.test_step

    def test_step(model: Model, batch: batches.Batch) -> list[float]:
        if not validating:
            return original(model, batch)
        outcome = model.engine.forward(batch, model.plan.outputs, training=True)
        return loop.batch_results(model.plan, outcome)

    plant(loop, "test_step", test_step)


@saboteur(
    "fit.validation_data.batched-with-batch_size",
    also=[
        "fit.validation_split.hdf5",
        "fit_generator.validation_data.tuple-batch-size",
    ],
)
def shuffles_validation_data(plant: Plant) -> None:
    """Shuffles validation arrays as training arrays are."""
    original = calls.validation_source

    def validation_source(model: Model, request: Any, tail: Any) -> Any:
        source = original(model, request, tail)
        return replace(source, shuffle=True) if isinstance(source, ArrayBatches) else source

    plant(calls, "validation_source", validation_source)


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


@saboteur("fit.validation_freq.irrelevant-without-validation")
def looks_at_the_frequency_of_no_validation(plant: Plant) -> None:
    """Refuses an odd `validation_freq` even if nothing is validated on."""
    original = calls.validation_of

    def validation_of(model: Model, request: Any, tail: Any) -> Any:
        arguments.frequency(request.validation_freq)
        return original(model, request, tail)

    plant(calls, "validation_of", validation_of)


@saboteur("fit.validation_freq.invalid")
def never_validates_by_a_senseless_frequency(plant: Plant) -> None:
    """Takes a `validation_freq` that makes no sense for no epoch at all."""
    original = arguments.frequency

    def frequency(value: object) -> Any:
        try:
            return original(value)
        except ValueError:
            return ()

    plant(arguments, "frequency", frequency)


@saboteur("fit.validation_freq.history-has-only-run-epochs")
def repeats_validation_values_in_the_history(plant: Plant) -> None:
    """Writes the last validation values again for an epoch without validation."""
    original = History.on_epoch_end

    def on_epoch_end(self: History, epoch: int, logs: Any) -> None:
        known = {name: values[-1] for name, values in self.history.items()}
        original(self, epoch, {**known, **logs})

    plant(History, "on_epoch_end", on_epoch_end)
