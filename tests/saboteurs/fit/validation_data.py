"""Saboteurs of `fit`: the data that it validates on."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import calls
from fitspec.reference.data import batches, sources
from fitspec.reference.data.sources import ArrayBatches
from fitspec.reference.training import loop

from ..changed_requests import change_request
from ..changed_streams import validates_on_a_stream
from ..dicts_by_alphabet import take_dicts_by_alphabet
from ..fit_on_streams import Fitting
from ..planting import saboteur

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.models.model import Model

    from ..planting import Plant


@saboteur(
    "fit.validation_data.pair",
    also=[
        "fit.raises.dict-names",
        "fit.raises.unequal-sample-counts",
        "fit.returns.history-val-keys",
        "fit.validation_data.batched-with-batch_size",
        "fit.verbose.metrics-shown",
        "compile.metrics.train-and-test",
        "compile.weighted_metrics.by-class-weight",
        "fit.validation_data.dataset-or-iterator",
        "fit.validation_data.inference-mode",
        "fit.validation_data.no-rows",
        "fit.validation_steps.number-of-batches",
        "fit_generator.class_weight",
        "fit_generator.returns.history",
        "fit_generator.validation_data.bad-tuple",
        "fit_generator.validation_data.generator",
        "fit_generator.validation_data.loss-of-batches",
        "fit_generator.validation_data.not-trained",
        "fit_generator.validation_data.tuple",
        "fit_generator.validation_data.tuple-batch-size",
        "fit_generator.validation_freq",
        "fit_generator.validation_steps.required-for-generator",
    ],
)
def validates_on_the_training_data(plant: Plant) -> None:
    """Validates on the training data when validation data without weights are given."""

    def replace_pair(_: Model, request: Any) -> dict[str, Any]:
        is_pair = request.validation_data is not None and len(request.validation_data) == 2
        return {"validation_data": (request.x, request.y)} if is_pair else {}

    change_request(plant, "validation_source", replace_pair)


@saboteur("fit.validation_data.list-form")
def takes_validation_data_in_a_tuple_only(plant: Plant) -> None:
    """Refuses validation data in a list."""
    original = calls.validation_arrays

    def validation_arrays(given: Any) -> Any:
        if isinstance(given, list):
            raise ValueError("validation_data must be a tuple, got a list")  # noqa: TRY004  as for other forms
        return original(given)

    plant(calls, "validation_arrays", validation_arrays)


@saboteur("fit.validation_data.overrides-split")
def splits_in_spite_of_validation_data(plant: Plant) -> None:
    """Sets a part of the training data apart although there are validation data."""
    change_request(plant, "array_training_source", lambda *_: {"validation_data": None})


@saboteur(
    "fit.validation_data.not-trained",
    also=[
        "fit.validation_data.inference-mode",
        "fit_generator.initial_epoch",
        "fit_generator.validation_data.not-trained",
    ],
)
def trains_on_validation_data_in_the_end(plant: Plant) -> None:
    """Makes a last update on the validation data, once all epochs are trained."""
    original = calls.fit

    def fit(model: Model, request: Any) -> Any:
        history = original(model, request)
        if isinstance(request.validation_data, tuple):
            model.train_on_batch(*request.validation_data)
        return history

    plant(calls, "fit", fit)


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


@saboteur(
    "fit.validation_data.bad-length-ValueError",
    also=[
        "fit_generator.validation_data.bad-tuple",
    ],
)
def ignores_what_follows_the_weights(plant: Plant) -> None:
    """Ignores a fourth element of validation data."""
    original = calls.validation_arrays
    plant(calls, "validation_arrays", lambda given: original(given[:3]))


@saboteur(
    "fit.validation_data.dataset-or-iterator",
    also=("fit.validation_steps.iterable",),
)
def validates_on_arrays_beside_arrays(plant: Plant) -> None:
    """Wants arrays to validate on where arrays are trained on."""
    original = calls.validation_source

    def validation_source(model: Model, request: Any, tail: Any) -> Any:
        streamed = sources.yields_batches(request.validation_data)
        if streamed and not sources.yields_batches(request.x):
            calls.validation_arrays(request.validation_data)
        return original(model, request, tail)

    plant(calls, "validation_source", validation_source)


@saboteur("fit.validation_data.no-rows")
def does_not_validate_on_nothing(plant: Plant) -> None:
    """Takes validation data without rows for none."""

    def without(_: Model, request: Any) -> dict[str, Any]:
        validation = request.validation_data
        empty = isinstance(validation, tuple) and not np.size(validation[0])
        return {"validation_data": None} if empty else {}

    change_request(plant, "fit", without)


@saboteur("fit.validation_data.sequence-on_epoch_end")
def keeps_the_end_of_epochs_from_a_validation_sequence(plant: Plant) -> None:
    """Does not call the `on_epoch_end` of a Sequence after a validation on it."""
    original = loop.validate

    def validate(model: Any, validation: Any, *more: Any) -> dict[str, float]:
        source = copy.copy(validation.source)
        source.end_epoch = lambda: None
        return original(model, replace(validation, source=source), *more)

    plant(loop, "validate", validate)


@saboteur("fit.validation_data.bad-length-ValueError")
def ignores_what_follows_in_a_list(plant: Plant) -> None:
    """Ignores what follows the weights where validation data come in a list."""
    original = calls.validation_arrays
    plant(
        calls,
        "validation_arrays",
        lambda given: original(given[:3] if isinstance(given, list) else given),
    )


@saboteur("fit.validation_data.list-form")
def drops_the_weights_in_a_list(plant: Plant) -> None:
    """Leaves out the weights of validation data that come in a list."""
    original = calls.validation_arrays

    def validation_arrays(given: Any) -> Any:
        found = original(given)
        return (*found[:2], None) if isinstance(given, list) else found

    plant(calls, "validation_arrays", validation_arrays)


@saboteur("fit.validation_data.inference-mode")
def validates_streams_in_training_mode(plant: Plant) -> None:
    """Computes the validation of streams as training does, in `fit`, short of the updates."""
    original = loop.test_step
    validates = validating_a_stream(plant)

    def test_step(model: Model, batch: batches.Batch) -> list[float]:
        if not validates():
            return original(model, batch)
        outcome = model.engine.forward(batch, model.plan.outputs, training=True)
        return loop.batch_results(model.plan, outcome)

    plant(loop, "test_step", test_step)


@saboteur("fit.validation_data.not-trained")
def trains_on_streams_to_validate_on(plant: Plant) -> None:
    """Makes an update of each batch of a stream that `fit` validates on."""
    original = loop.test_step
    validates = validating_a_stream(plant)

    def test_step(model: Model, batch: batches.Batch) -> list[float]:
        results = original(model, batch)
        if validates():
            loop.train_step(model, batch)
        return results

    plant(loop, "test_step", test_step)


def validating_a_stream(plant: Plant) -> Callable[[], bool]:
    """Return whether `fit`, by itself, is validating on a stream."""
    now, validating = Fitting(plant), plant.during(loop, "validate")

    def validates() -> bool:
        if not (now and validating):
            return False
        return isinstance(validating.calls[-1][0][1].source, sources.StreamBatches)

    return validates


@saboteur("fit.validation_data.pair", also=["fit.raises.dict-names"])
def validates_on_dicts_by_position(plant: Plant) -> None:
    """Takes dicts of validation data by position, in their own order."""
    original = calls.validation_arrays

    def validation_arrays(given: object) -> Any:
        x, y, weights = original(given)
        return *(list(one.values()) if isinstance(one, dict) else one for one in (x, y)), weights

    plant(calls, "validation_arrays", validation_arrays)


@saboteur("fit.validation_data.overrides-split")
def sets_the_tail_apart_beside_a_sequence(plant: Plant) -> None:
    """Trains on the head alone where a split is given beside a Sequence to validate on."""
    original = calls.array_training_source

    def array_training_source(model: Any, request: Any) -> Any:
        given = request.validation_data
        if not request.validation_split or not sources.is_sequence(given):
            return original(model, request)
        return original(model, request.but(validation_data=None))[0], None

    plant(calls, "array_training_source", array_training_source)


@saboteur(
    "fit.validation_data.batched-with-batch_size",
    also=[
        "compile.weighted_metrics.by-class-weight",
        "compile.weighted_metrics.in-test",
        "fit_generator.validation_data.tuple-batch-size",
    ],
)
def leaves_a_rest_out_of_validation(plant: Plant) -> None:
    """Validates on full batches alone, where there is one."""
    original = calls.validation_source

    def validation_source(model: Any, request: Any, tail: Any) -> Any:
        source = original(model, request, tail)
        if isinstance(source, sources.ArrayBatches) and source.arrays.count > source.batch_size:
            full = source.arrays.count - source.arrays.count % source.batch_size
            source = replace(source, arrays=source.arrays.cut(full)[0])
        return source

    plant(calls, "validation_source", validation_source)


@saboteur("fit.validation_data.batched-with-batch_size")
def validates_in_batches_of_64_by_default(plant: Plant) -> None:
    """Takes 64 samples for a batch of validation unless told otherwise."""

    def change(_: Any, request: Any) -> dict[str, Any]:
        left_out = request.batch_size is None and request.steps_per_epoch is None
        return {"batch_size": 64} if left_out else {}

    change_request(plant, "validation_source", change)


@saboteur(
    "fit.validation_data.not-trained",
    also=["fit_generator.validation_freq", "fit_generator.validation_data.not-trained"],
)
def trains_on_what_a_generator_validates_on(plant: Plant) -> None:
    """Makes an update for each batch of validation that a generator gives."""
    original, validating = loop.test_step, plant.during(loop, "test")
    fitting = plant.during(calls, "fit")

    def test_step(model: Any, batch: Any) -> Any:
        results = original(model, batch)
        if (
            fitting
            and validating
            and isinstance(validating.calls[-1][0][1], sources.IteratorBatches)
        ):
            outcome = model.engine.forward(batch, model.plan.outputs, training=True)
            model.engine.update(outcome, model.optimizer)
        return results

    plant(loop, "test_step", test_step)


@saboteur("fit.validation_data.pair")
def does_not_validate_when_it_resumes(plant: Plant) -> None:
    """Leaves out the validation after the first epoch of a training that is resumed."""
    original, fits = loop.validate, plant.during(calls, "fit")

    def validate(model: Any, validation: Any, epoch: int, listeners: Any) -> dict[str, float]:
        first = fits.calls[-1][0][1].initial_epoch
        resumes = first > 0 and epoch == first
        return {} if resumes else original(model, validation, epoch, listeners)

    plant(loop, "validate", validate)


@saboteur("fit.validation_data.bad-length-ValueError")
def takes_three_of_four_beside_a_sequence(plant: Plant) -> None:
    """Takes the first three of more arrays to validate on beside a Sequence or generator."""

    def change(_: Model, request: Any) -> dict[str, Any]:
        data = request.validation_data
        cut = sources.yields_batches(request.x) and isinstance(data, tuple)
        return {"validation_data": data[:3]} if cut else {}

    change_request(plant, "fit", change)


@saboteur("fit.validation_data.pair")
def validates_on_dicts_of_items_by_alphabet(plant: Plant) -> None:
    """Takes dicts in the items of what it validates on by position, in alphabetical order."""
    take_dicts_by_alphabet(plant, validates_on_a_stream(plant))
