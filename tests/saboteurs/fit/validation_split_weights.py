"""Saboteurs of `fit`: the weights of the part of the data set apart for validation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import calls
from fitspec.reference.data import batches, feeding, sources
from fitspec.reference.training import loop

from ..planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.models.model import Model

    from ..planting import Plant


def change_tail(plant: Plant, change: Any) -> None:
    """Have the part set apart be another; `change` gets the request and the part."""
    original = calls.array_training_source

    def array_training_source(model: Model, request: Any) -> Any:
        source, tail = original(model, request)
        return source, None if tail is None else change(request, tail)

    plant(calls, "array_training_source", array_training_source)


@saboteur("fit.validation_split.carries-sample-weights", also=["compile.weighted_metrics.in-test"])
def drops_the_weights_of_the_part_set_apart(plant: Plant) -> None:
    """Leaves the sample weights of the part set apart out of its loss."""
    original = batches.split

    def split(samples: batches.Samples, fraction: float) -> Any:
        head, tail = original(samples, fraction)
        return head, replace(tail, weights=[None] * len(tail.weights))

    plant(batches, "split", split)


@saboteur("fit.validation_split.carries-sample-weights")
def gives_the_weights_of_the_head_to_the_tail_of_other_outputs(plant: Plant) -> None:
    """Weights the part set apart, in all outputs but the first, as the part trained on."""
    _give_weights_of_the_head_to_the_tail(plant, 1)


@saboteur("fit.validation_split.class-weight-not-applied")
def weights_the_classes_of_the_part_set_apart(plant: Plant) -> None:
    """Applies class weights to the loss of the part set apart."""
    original = calls.array_training_source

    def array_training_source(model: Model, request: Any) -> Any:
        source, tail = original(model, request)
        if tail is not None:
            names = model.output_names
            factors = feeding.class_weights_per_output(names, request.class_weight)
            tail = feeding.class_weighted(tail, factors)
        return source, tail

    plant(calls, "array_training_source", array_training_source)


@saboteur("fit.validation_split.carries-sample-weights")
def drops_the_weights_that_have_names_of_the_part_set_apart(plant: Plant) -> None:
    """Keeps no weights of the part set apart if they are given in a dict."""
    change_tail(
        plant,
        lambda request, tail: (
            replace(tail, weights=[None] * len(tail.weights))
            if isinstance(request.sample_weight, dict)
            else tail
        ),
    )


@saboteur("fit.validation_split.carries-sample-weights")
def averages_the_weights_of_steps_of_the_part_set_apart(plant: Plant) -> None:
    """Gives every step of a sample set apart the mean of the weights of its steps."""

    def averaged(weight: Any) -> Any:
        if weight is None or weight.ndim < 2:
            return weight
        return np.broadcast_to(weight.mean(axis=1, keepdims=True), weight.shape)

    change_tail(
        plant,
        lambda _, tail: replace(tail, weights=[averaged(weight) for weight in tail.weights]),
    )


@saboteur("fit.validation_split.class-weight-not-applied")
def weights_the_classes_of_one_hot_rows_set_apart(plant: Plant) -> None:
    """Multiplies the losses of one-hot targets set apart by the weights of their classes."""
    original = calls.array_training_source

    def array_training_source(model: Model, request: Any) -> Any:
        source, tail = original(model, request)
        if tail is not None and all(
            getattr(column, "shape", ())[1:] == (2,) for column in tail.targets
        ):
            each = feeding.class_weights_per_output(model.output_names, request.class_weight)
            tail = feeding.class_weighted(tail, each)
        return source, tail

    plant(calls, "array_training_source", array_training_source)


@saboteur("fit.validation_split.class-weight-not-applied")
def weights_classes_set_apart_beside_sample_weights(plant: Plant) -> None:
    """Applies class weights to the part set apart where there are sample weights, too."""

    def change(request: Any, tail: batches.Samples) -> batches.Samples:
        names = [port.name for port in tail.target_ports if port is not None]
        given = None if request.sample_weight is None else request.class_weight
        return feeding.class_weighted(tail, feeding.class_weights_per_output(names, given))

    change_tail(plant, change)


@saboteur("fit.validation_split.carries-sample-weights")
def drops_weights_set_apart_beside_class_weights(plant: Plant) -> None:
    """Leaves the sample weights of the part set apart out of its loss beside class weights."""

    def change(request: Any, tail: batches.Samples) -> batches.Samples:
        kept = request.class_weight is None
        return tail if kept else replace(tail, weights=[None] * len(tail.weights))

    change_tail(plant, change)


@saboteur("fit.validation_split.carries-sample-weights")
def gives_the_weights_of_the_head_to_the_tail_of_a_third_output(plant: Plant) -> None:
    """Weights the part set apart, in outputs from the third on, as the part trained on."""
    _give_weights_of_the_head_to_the_tail(plant, 2)


def _give_weights_of_the_head_to_the_tail(plant: Plant, first: int) -> None:
    """Do so in outputs from one on, by its place."""
    original = batches.split

    def split(samples: batches.Samples, fraction: float) -> Any:
        head, tail = original(samples, fraction)
        others = [
            None if own is None or one is None else one[: len(own)]
            for one, own in zip(head.weights[first:], tail.weights[first:], strict=True)
        ]
        return head, replace(tail, weights=[*tail.weights[:first], *others])

    plant(batches, "split", split)


@saboteur(
    "fit.validation_split.carries-sample-weights", also=["fit_generator.validation_data.tuple"]
)
def drops_weights_set_apart_after_the_first_epoch(plant: Plant) -> None:
    """Leaves weights of arrays out of every validation but that of the first epoch."""
    original = loop.validate

    def validate(model: Any, validation: Any, epoch: int, listeners: Any) -> dict[str, float]:
        source = validation.source
        if epoch and isinstance(source, sources.ArrayBatches):
            arrays = replace(source.arrays, weights=[None] * len(source.arrays.weights))
            validation = replace(validation, source=replace(source, arrays=arrays))
        return original(model, validation, epoch, listeners)

    plant(loop, "validate", validate)
