"""Saboteurs of `fit`: class weights and sample weights."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import calls
from fitspec.reference.data import sample_weights
from fitspec.reference.training import loop

from .changed_requests import change_request
from .planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.data.batches import Batch
    from fitspec.reference.models.model import Model

    from .planting import Plant


def update_without_weights(plant: Plant, argument: str) -> None:
    """Have updates ignore all weights in a `fit` that was given `argument`."""
    fits = plant.during(calls, "fit")
    original = loop.train_step

    def train_step(model: Model, batch: Batch) -> list[float]:
        if not fits or getattr(fits.calls[-1][0][1], argument) is None:
            return original(model, batch)
        reported = loop.test_step(model, batch)
        unweighted = replace(batch, weights=[None] * len(batch.weights))
        outcome = model.engine.forward(unweighted, model.plan.outputs, training=True)
        model.engine.update(outcome, model.optimizer)
        return reported

    plant(loop, "train_step", train_step)


@saboteur(
    "fit.class_weight.weights-loss",
    also=(
        "compile.weighted_metrics.by-class-weight",
        "fit.class_weight.integer-keys-float-labels",
        "fit.class_weight.missing-class",
        "fit.class_weight.odd-entries",
        "fit.class_weight.one-hot-targets",
        "fit.class_weight.per-output",
        "fit.class_weight.time-steps",
        "fit.class_weight.weights-gradient",
        "fit.class_weight.with-sample-weight",
    ),
)
def trains_without_class_weights(plant: Plant) -> None:
    """Ignores class weights in `fit`."""
    change_request(plant, "array_training_source", lambda *_: {"class_weight": None})


@saboteur("fit.class_weight.weights-gradient")
def reports_class_weights_without_training_by_them(plant: Plant) -> None:
    """Applies class weights to the loss that is reported and not to the updates."""
    update_without_weights(plant, "class_weight")


@saboteur("fit.class_weight.training-only")
def evaluates_with_the_class_weights_of_training(plant: Plant) -> None:
    """Applies the class weights of the last `fit` in `evaluate`."""

    def keep(model: Any, request: Any) -> dict[str, Any]:
        model.kept_class_weight = request.class_weight
        return {}

    def weight(model: Any, request: Any) -> dict[str, Any]:
        kept = vars(model).get("kept_class_weight")
        return {"sample_weight": sample_weights.of_classes(request.y, kept)} if kept else {}

    change_request(plant, "fit", keep)
    change_request(plant, "evaluate", weight)


@saboteur(
    "fit.sample_weight.flat",
    also=[
        "fit.sample_weight.gradient",
        "fit.sample_weight.training-only",
        "fit.class_weight.with-sample-weight",
        "fit.sample_weight.multi-output",
        "fit.sample_weight.temporal-2d",
        "fit.sample_weight.zero-weight-divisor",
        "fit.sample_weight.all-zero",
    ],
)
def divides_by_the_sum_of_the_weights(plant: Plant) -> None:
    """Divides the weighted training loss by the sum of the sample weights."""
    original = calls.array_source

    def array_source(samples: Any, *args: Any, **kwargs: Any) -> Any:
        # Validation passes keywords: it is about other clauses.
        if not kwargs and request_in_hand().sample_weight is not None:
            weights = [None if each is None else each / np.mean(each) for each in samples.weights]
            samples = replace(samples, weights=weights)
        return original(samples, *args, **kwargs)

    def request_in_hand() -> Any:
        return fits.calls[-1][0][1]

    fits = plant.during(calls, "fit")
    plant(calls, "array_source", array_source)


@saboteur(
    "fit.sample_weight.gradient",
    also=["fit.sample_weight.zero-weights", "fit.sample_weight.all-zero"],
)
def reports_sample_weights_without_training_by_them(plant: Plant) -> None:
    """Applies sample weights to the loss that is reported and not to the updates."""
    update_without_weights(plant, "sample_weight")


@saboteur("fit.sample_weight.training-only")
def validates_with_the_sample_weights_of_training(plant: Plant) -> None:
    """Applies the sample weights of training to the loss of the validation data."""

    def add_weights(_: Any, request: Any) -> dict[str, Any]:
        if request.validation_data is None or request.sample_weight is None:
            return {}
        return {"validation_data": (*request.validation_data[:2], request.sample_weight)}

    change_request(plant, "validation_source", add_weights)


@saboteur(
    "fit.sample_weight.length-mismatch-ValueError",
    also=[
        "fit_generator.output.same-length",
    ],
)
def repeats_or_cuts_sample_weights(plant: Plant) -> None:
    """Repeats too few sample weights and cuts off too many."""
    original = sample_weights.checked

    def checked(value: Any, shape: tuple[int, ...], *, temporal: bool) -> Any:
        is_flat = value is not None and np.ndim(value) == 1 and not temporal
        resized = np.resize(value, shape[:1]) if is_flat else value
        return original(resized, shape, temporal=temporal)

    plant(sample_weights, "checked", checked)
