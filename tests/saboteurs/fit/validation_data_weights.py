"""Saboteurs of `fit`: the weights of the data that it validates on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import calls
from fitspec.reference.data import batches, feeding
from fitspec.reference.training import loop

from ..changed_requests import change_request
from ..changed_streams import validates_on_a_stream
from ..fit_on_streams import Fitting
from ..on_sequences import drop_weights_of_items
from ..planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.models.model import Model

    from ..planting import Plant


@saboteur(
    "fit.validation_data.triple-weights",
    also=[
        "fit_generator.validation_data.tuple",
    ],
)
def drops_the_weights_of_validation_data(plant: Plant) -> None:
    """Leaves the weights in validation data out of its loss."""
    original = calls.validation_arrays
    plant(calls, "validation_arrays", lambda given: (*original(given)[:2], None))


@saboteur(
    "fit.validation_data.class-weight-not-applied",
    also=[
        "compile.weighted_metrics.by-class-weight",
        "fit_generator.class_weight",
    ],
)
def weights_the_classes_of_validation_data(plant: Plant) -> None:
    """Applies class weights to the loss of validation data in arrays."""
    original = calls.validation_source

    def validation_source(model: Model, request: Any, tail: Any) -> Any:
        source: Any = original(model, request, tail)
        if request.validation_data is None or not hasattr(source, "arrays"):
            return source
        factors = feeding.class_weights_per_output(model.output_names, request.class_weight)
        return replace(source, arrays=feeding.class_weighted(source.arrays, factors))

    plant(calls, "validation_source", validation_source)


@saboteur("fit.validation_data.triple-weights")
def weights_validation_data_twice(plant: Plant) -> None:
    """Multiplies the weights of validation data by those of as many samples of training."""

    def twice(_model: Model, request: Any) -> dict[str, Any]:
        given, weights = request.validation_data, request.sample_weight
        if (
            not isinstance(given, tuple)
            or len(given) < 3
            or np.shape(given[2]) != np.shape(weights)
        ):
            return {}
        return {"validation_data": (*given[:2], given[2] * weights)}

    change_request(plant, "validation_source", twice)


@saboteur("fit.validation_data.class-weight-not-applied")
def weights_the_classes_of_streams_to_validate_on(plant: Plant) -> None:
    """Applies the class weights of `fit` to the loss of streams that it validates on."""
    original = calls.reader
    now, validating = Fitting(plant), plant.during(calls, "validation_source")

    def reader(model: Model, class_weight: Any) -> Any:
        if now and validating:
            class_weight = validating.calls[-1][0][1].class_weight
        return original(model, class_weight)

    plant(calls, "reader", reader)


@saboteur("fit.validation_data.class-weight-not-applied")
def weights_the_classes_of_triples(plant: Plant) -> None:
    """Applies class weights to validation data that have weights of their own."""
    original = calls.validation_source

    def validation_source(model: Model, request: Any, tail: Any) -> Any:
        source: Any = original(model, request, tail)
        if isinstance(request.validation_data, tuple) and len(request.validation_data) > 2:
            names = model.plan.output_names
            factors = feeding.class_weights_per_output(names, request.class_weight)
            source = replace(source, arrays=feeding.class_weighted(source.arrays, factors))
        return source

    plant(calls, "validation_source", validation_source)


@saboteur("fit.validation_data.triple-weights")
def drops_the_weights_of_triples_beside_class_weights(plant: Plant) -> None:
    """Leaves the weights in validation data out of its loss beside class weights."""
    original, fits = calls.validation_arrays, plant.during(calls, "fit")

    def validation_arrays(given: Any) -> Any:
        x, y, weights = original(given)
        return x, y, weights if fits.calls[-1][0][1].class_weight is None else None

    plant(calls, "validation_arrays", validation_arrays)


@saboteur("fit.validation_data.triple-weights", also=["compile.weighted_metrics.in-test"])
def uses_the_weights_of_the_first_validation_batch(plant: Plant) -> None:
    """Weights every batch of validation arrays as the first one."""
    original = batches.Samples.batch
    fits, validates = plant.during(calls, "fit"), plant.during(loop, "test")

    def batch(self: batches.Samples, rows: Any) -> batches.Batch:
        found = original(self, rows)
        if fits and validates:
            weights = [None if one is None else one[: found.size] for one in self.weights]
            return replace(found, weights=weights)
        return found

    plant(batches.Samples, "batch", batch)


@saboteur("fit.validation_data.triple-weights")
def drops_the_weights_of_items_it_validates_on(plant: Plant) -> None:
    """Ignores in `fit` the weights in items of a Sequence or generator to validate on."""
    fitting, validating = Fitting(plant), plant.during(loop, "validate")
    drop_weights_of_items(plant, lambda: fitting and validating)


@saboteur("fit.validation_data.triple-weights")
def weights_the_first_item_of_a_validation_alone(plant: Plant) -> None:
    """Ignores the weights in all items of a validation but the first."""
    streams, original, read = validates_on_a_stream(plant), feeding.parts_of, list[int]()
    validate = loop.validate

    def parts_of(item: object) -> tuple[object, object, object]:
        x, y, weights = original(item)
        if streams():
            read.append(1)
        return x, y, None if len(read) > 1 else weights

    def begin(*args: Any) -> Any:
        read.clear()
        try:
            return validate(*args)
        finally:
            read.clear()

    plant(feeding, "parts_of", parts_of)
    plant(loop, "validate", begin)
