"""Saboteurs of `fit`: validation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import arguments, calls
from fitspec.reference.data import batches, feeding
from fitspec.reference.training import loop

from .changed_requests import change_request
from .planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.models.model import Model

    from .planting import Plant


# --- validation_split -------------------------------------------------------------------------


@saboteur(
    "fit.validation_split.tail",
    also=(
        "fit.validation_split.before-shuffling",
        "fit.validation_split.carries-sample-weights",
        "fit.validation_split.hdf5",
        "fit.validation_split.multi-input-output",
        "fit.validation_split.not-trained",
    ),
)
def sets_the_first_samples_apart(plant: Plant) -> None:
    """Takes the part to validate on from the head of the data."""

    def split(samples: batches.Samples, fraction: float) -> Any:
        trained = batches.split_index(samples.count, fraction)
        return samples.cut(samples.count - trained)[::-1]

    plant(batches, "split", split)


@saboteur("fit.validation_split.before-shuffling")
def shuffles_before_splitting(plant: Plant) -> None:
    """Sets any samples apart, not the last ones, when the data are shuffled."""

    def shuffle(_: Model, request: Any) -> dict[str, Any]:
        # Of a few samples, which other clauses look at, the last may stay last by accident.
        if not (request.shuffle and request.validation_split and len(request.x) > 4):
            return {}
        order = np.random.default_rng().permutation(len(request.x))
        return {"x": request.x[order], "y": request.y[order]}

    change_request(plant, "array_training_source", shuffle)


@saboteur("fit.validation_split.index-rule")
def rounds_the_boundary_of_the_split(plant: Plant) -> None:
    """Rounds the boundary of the split to the nearest sample that leaves one to validate on."""
    plant(batches, "split_index", lambda count, split: min(round(count * (1 - split)), count - 1))


@saboteur("fit.validation_split.not-trained")
def trains_on_the_part_set_apart_in_the_end(plant: Plant) -> None:
    """Makes a last update on the part set apart, once all epochs are trained."""
    original_source, original_train = calls.array_training_source, loop.train

    def source_of(model: Model, request: Any) -> Any:
        source, tail = original_source(model, request)
        # For this model alone: another one may have failed before it was trained.
        vars(model)["part_set_apart"] = tail
        return source, tail

    def train(model: Model, *args: Any) -> None:
        original_train(model, *args)
        tail = vars(model).pop("part_set_apart", None)
        if tail is not None:
            loop.train_step(model, tail.whole())

    plant(calls, "array_training_source", source_of)
    plant(loop, "train", train)


@saboteur(
    "fit.validation_split.each-epoch",
    also=[
        "fit_generator.validation_data.generator",
    ],
)
def repeats_the_first_validation(plant: Plant) -> None:
    """Reports the results of the first validation after every other epoch as well."""
    original = loop.validate

    def validate(model: Model, validation: Any, epoch: int, listeners: Any) -> dict[str, float]:
        results = original(model, validation, epoch, listeners)
        first: dict[str, float] = vars(listeners).setdefault("first_validation", results)
        return first if results and first else results

    plant(loop, "validate", validate)


@saboteur("fit.validation_split.carries-sample-weights")
def drops_the_weights_of_the_part_set_apart(plant: Plant) -> None:
    """Leaves the sample weights of the part set apart out of its loss."""
    original = batches.split

    def split(samples: batches.Samples, fraction: float) -> Any:
        head, tail = original(samples, fraction)
        return head, replace(tail, weights=[None] * len(tail.weights))

    plant(batches, "split", split)


@saboteur("fit.validation_split.class-weight-not-applied")
def weights_the_classes_of_the_part_set_apart(plant: Plant) -> None:
    """Applies class weights to the loss of the part set apart."""
    original = calls.array_training_source

    def array_training_source(model: Model, request: Any) -> Any:
        source, tail = original(model, request)
        if tail is not None:
            tail = feeding.class_weighted(tail, model.feed(request.x), request.class_weight)
        return source, tail

    plant(calls, "array_training_source", array_training_source)


@saboteur("fit.validation_split.zero-is-off")
def sets_one_sample_apart_for_a_whole_zero(plant: Plant) -> None:
    """Takes the 0.0 of the signature for no split, and any other 0 for the smallest one."""
    original = arguments.validation_fraction

    def validation_fraction(value: Any) -> float:
        return 1e-9 if isinstance(value, int) else original(value)

    plant(arguments, "validation_fraction", validation_fraction)


# --- validation_data --------------------------------------------------------------------------


@saboteur(
    "fit.validation_data.pair",
    also=[
        "fit.validation_data.batched-with-batch_size",
        "fit.verbose.metrics-shown",
        "compile.metrics.train-and-test",
        "compile.weighted_metrics.by-class-weight",
        "fit.validation_data.dataset-or-iterator",
        "fit.validation_data.no-rows",
        "fit.validation_steps.number-of-batches",
        "fit_generator.class_weight",
        "fit_generator.returns.history",
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


@saboteur("fit.validation_data.overrides-split")
def splits_in_spite_of_validation_data(plant: Plant) -> None:
    """Sets a part of the training data apart although there are validation data."""
    change_request(plant, "array_training_source", lambda *_: {"validation_data": None})


@saboteur(
    "fit.validation_data.not-trained",
    also=[
        "fit.validation_data.inference-mode",
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


@saboteur(
    "fit.validation_data.class-weight-not-applied",
    also=[
        "compile.weighted_metrics.by-class-weight",
        "fit.validation_steps.iterable",
        "fit.validation_data.dataset-or-iterator",
        "fit.validation_steps.number-of-batches",
        "fit_generator.class_weight",
        "fit_generator.validation_data.generator",
        "fit_generator.validation_data.loss-of-batches",
        "fit_generator.validation_data.not-trained",
        "fit_generator.validation_data.sequence",
        "fit_generator.validation_freq",
    ],
)
def weights_the_classes_of_validation_data(plant: Plant) -> None:
    """Applies class weights to the loss of the validation data."""
    original = calls.validation_source

    def validation_source(model: Model, request: Any, tail: Any) -> Any:
        source: Any = original(model, request, tail)
        if request.validation_data is None:
            return source
        feed = model.feed(request.x)
        return replace(
            source, arrays=feeding.class_weighted(source.arrays, feed, request.class_weight)
        )

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


# --- validation_freq --------------------------------------------------------------------------


@saboteur(
    "fit.validation_freq.int",
    also=[
        "fit_generator.validation_freq",
    ],
)
def validates_after_multiples_of_the_index(plant: Plant) -> None:
    """Takes the index of an epoch for its number, when `validation_freq` is an integer."""
    original = loop.is_validation_due

    def is_validation_due(epoch: int, frequency: Any) -> bool:
        return original(epoch - isinstance(frequency, int), frequency)

    plant(loop, "is_validation_due", is_validation_due)


@saboteur(
    "fit.validation_freq.list",
    also=[
        "fit_generator.validation_freq",
    ],
)
def looks_for_the_index_in_a_list(plant: Plant) -> None:
    """Takes the index of an epoch for its number, when `validation_freq` is a list."""
    original = loop.is_validation_due

    def is_validation_due(epoch: int, frequency: Any) -> bool:
        return original(epoch - isinstance(frequency, list), frequency)

    plant(loop, "is_validation_due", is_validation_due)


@saboteur(
    "fit.validation_freq.tuple-set",
    also=[
        "fit_generator.validation_freq",
    ],
)
def takes_lists_of_epochs_only(plant: Plant) -> None:
    """Refuses a `validation_freq` that is neither an integer nor a list."""
    original = arguments.frequency

    def frequency(value: Any) -> Any:
        if not isinstance(value, (int, list)):
            raise ValueError(f"validation_freq must be an integer or a list, not {value!r}")  # noqa: TRY004  as the reference raises for others
        return original(value)

    plant(arguments, "frequency", frequency)


@saboteur("fit.validation_freq.absolute-epochs")
def counts_the_epochs_to_validate_after_from_the_first_trained(plant: Plant) -> None:
    """Counts the epochs to validate after from the first that this `fit` trains."""
    original = loop.is_validation_due
    training_now = plant.during(loop, "train")

    def is_validation_due(epoch: int, frequency: Any) -> bool:
        _, _, _, epochs, _ = training_now.calls[-1][0]
        return original(epoch - epochs.start, frequency)

    plant(loop, "is_validation_due", is_validation_due)
