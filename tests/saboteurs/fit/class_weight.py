"""Saboteurs of `fit`: class weights."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import calls
from fitspec.reference.data import feeding, sample_weights
from fitspec.reference.training import loop

from ..changed_requests import change_request
from ..direct_calls import called
from ..fit_on_streams import change_in_fit
from ..later_calls import go_on_with, ignore_in_later_calls, keep, keep_of_the_first_call
from ..on_sequences import OnSequence
from ..planting import saboteur
from ..unweighted_updates import step_without_weights, update_without_weights

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur(
    "fit.class_weight.weights-loss",
    also=(
        "fit.class_weight.float-keys",
        "compile.weighted_metrics.by-class-weight",
        "fit.class_weight.integer-keys-float-labels",
        "fit.class_weight.not-a-dict",
        "fit.class_weight.one-hot-targets",
        "fit.class_weight.weights-gradient",
        "fit.class_weight.with-sample-weight",
    ),
)
def trains_without_class_weights(plant: Plant) -> None:
    """Ignores class weights in `fit`."""
    change_request(plant, "array_training_source", lambda *_: {"class_weight": None})


@saboteur(
    "fit.class_weight.weights-loss",
    also=(
        "compile.weighted_metrics.by-class-weight",
        "fit.class_weight.integer-keys-float-labels",
        "fit.class_weight.not-a-dict",
        "fit.class_weight.one-hot-targets",
        "fit.class_weight.weights-gradient",
        "fit.class_weight.with-sample-weight",
    ),
)
def cuts_class_weights_to_whole_numbers(plant: Plant) -> None:
    """Cuts the factors of classes to whole numbers, in `fit`."""

    def cut(_: Any, request: Any) -> dict[str, Any]:
        factors = request.class_weight
        if not isinstance(factors, dict) or not all(type(key) is int for key in factors):
            return {}
        if not all(isinstance(factor, float) for factor in factors.values()):
            return {}
        return {"class_weight": {key: float(int(factor)) for key, factor in factors.items()}}

    change_request(plant, "array_training_source", cut)


@saboteur(
    "fit.class_weight.weights-gradient",
    also=(
        "fit.class_weight.integer-keys-float-labels",
        "fit.class_weight.not-a-dict",
        "fit.class_weight.with-sample-weight",
    ),
)
def reports_class_weights_without_training_by_them(plant: Plant) -> None:
    """Applies class weights to the loss that is reported and not to the updates."""
    update_without_weights(plant, "class_weight")


@saboteur("fit.class_weight.weights-gradient")
def weights_the_first_update_by_class_alone(plant: Plant) -> None:
    """Takes up the class weights with the first epoch of a `fit`, and leaves them there."""
    fits = plant.during(calls, "fit")
    original = loop.train_epoch

    def train_epoch(model: Any, source: Any, callbacks: Any) -> Any:
        results = original(model, source, callbacks)
        if fits and fits.calls[-1][0][1].class_weight is not None and hasattr(source, "arrays"):
            source.arrays = replace(source.arrays, weights=[None] * len(source.arrays.weights))
        return results

    plant(loop, "train_epoch", train_epoch)


@saboteur("fit.class_weight.training-only")
def evaluates_with_the_class_weights_of_training(plant: Plant) -> None:
    """Applies the class weights of the last `fit` in `evaluate`."""

    def weight(model: Any, request: Any) -> dict[str, Any]:
        kept = vars(model).get("kept_class_weight")
        return {"sample_weight": sample_weights.of_classes(request.y, kept)} if kept else {}

    keep(plant, "fit", "class_weight")
    change_request(plant, "evaluate", weight)


@saboteur("fit.class_weight.one-hot-targets")
def takes_the_first_column_for_the_class(plant: Plant) -> None:
    """Takes the first column of one-hot rows for their class."""
    original = sample_weights.classes_of

    def classes_of(targets: Any) -> Any:
        is_one_hot = targets.ndim == 2 and targets.shape[1] > 1
        return original(targets[:, 0] if is_one_hot else targets)

    plant(sample_weights, "classes_of", classes_of)


@saboteur("fit.class_weight.integer-keys-float-labels")
def weights_float_labels_only(plant: Plant) -> None:
    """Gives every sample the weight 1 when labels are stored as integers."""
    original = sample_weights.of_classes

    def of_classes(targets: Any, class_weight: Any) -> Any:
        if np.asarray(targets).dtype.kind == "i":
            return np.ones(len(targets), np.float32)
        return original(targets, class_weight)

    plant(sample_weights, "of_classes", of_classes)


@saboteur("fit.class_weight.not-a-dict")
def reads_class_weights_by_position(plant: Plant) -> None:
    """Takes a list of factors for those of the classes 0, 1 and so on."""
    original = sample_weights.check_class_weight

    def check_class_weight(value: Any) -> Any:
        return original(dict(enumerate(value)) if isinstance(value, list) else value)

    plant(sample_weights, "check_class_weight", check_class_weight)


@saboteur("fit.class_weight.per-output")
def weights_the_classes_of_every_output(plant: Plant) -> None:
    """Uses the class weights of one output for the others as well, in `fit`."""
    original = feeding.class_weights_per_output
    fits = plant.during(calls, "fit")

    def class_weights_per_output(names: list[str], class_weight: object) -> Any:
        each = original(names, class_weight)
        given = [one for one in each if one is not None]
        return [one or given[0] for one in each] if fits and given else each

    plant(feeding, "class_weights_per_output", class_weights_per_output)


@saboteur("fit.class_weight.odd-entries")
def reads_classes_in_texts(plant: Plant) -> None:
    """Takes the text of a number for the class of that number."""
    original = feeding.class_weights_per_output

    def class_weights_per_output(names: list[str], class_weight: Any) -> Any:
        if isinstance(class_weight, dict):
            class_weight = {
                int(key) if str(key).isdigit() else key: factor
                for key, factor in class_weight.items()
            }
        return original(names, class_weight)

    plant(feeding, "class_weights_per_output", class_weights_per_output)


@saboteur("fit.class_weight.float-keys")
def refuses_classes_that_are_floats(plant: Plant) -> None:
    """Refuses a class that is a float, whatever its value."""
    original = feeding.class_weights_per_output

    def class_weights_per_output(names: list[str], class_weight: Any) -> Any:
        if isinstance(class_weight, dict) and any(isinstance(key, float) for key in class_weight):
            raise ValueError("class_weight must have whole numbers for keys")
        return original(names, class_weight)

    plant(feeding, "class_weights_per_output", class_weights_per_output)


@saboteur("fit.class_weight.missing-class")
def weights_missing_classes_by_one(plant: Plant) -> None:
    """Gives the weight 1 to classes that have none."""
    original = sample_weights.of_classes

    def of_classes(targets: Any, class_weight: Any) -> Any:
        present = np.unique(sample_weights.classes_of(np.asarray(targets))).tolist()
        return original(targets, {**dict.fromkeys(present, 1.0), **class_weight})

    plant(sample_weights, "of_classes", of_classes)


@saboteur("fit.class_weight.time-steps")
def weights_no_time_steps_by_class(plant: Plant) -> None:
    """Passes over class weights where targets have time steps."""
    original = sample_weights.of_classes

    def of_classes(targets: Any, class_weight: Any) -> Any:
        if np.ndim(targets) > 2:
            return np.ones(len(targets), np.float32)
        return original(targets, class_weight)

    plant(sample_weights, "of_classes", of_classes)


@saboteur(
    "fit.class_weight.with-sample-weight",
    also=[
        "fit_generator.class_weight.with-item-weights",
    ],
)
def lets_class_weights_replace_sample_weights(plant: Plant) -> None:
    """Drops the sample weights when there are class weights."""

    def combined(by_sample: Any, by_class: Any) -> Any:
        return by_sample if by_class is None else by_class

    plant(sample_weights, "combined", combined)


@saboteur("fit.class_weight.integer-keys-float-labels")
def weights_labels_of_two_types(plant: Plant) -> None:
    """Gives every sample the weight 1 when labels are neither float32 nor int64."""
    original = sample_weights.of_classes

    def of_classes(targets: Any, class_weight: Any) -> Any:
        if np.asarray(targets).dtype in {np.dtype("float32"), np.dtype("int64")}:
            return original(targets, class_weight)
        return np.ones(len(targets), np.float32)

    plant(sample_weights, "of_classes", of_classes)


@saboteur("fit.class_weight.training-only")
def evaluates_streams_with_the_class_weights_of_training(plant: Plant) -> None:
    """Applies the class weights of the last `fit` when a stream is evaluated."""
    keep(plant, "fit", "class_weight")
    evaluating = plant.during(calls, "evaluate")
    original = calls.reader

    def reader(model: Any, class_weight: Any) -> Any:
        kept = vars(model).get("kept_class_weight") if evaluating else None
        return original(model, class_weight or kept)

    plant(calls, "reader", reader)


@saboteur(
    "fit.class_weight.weights-loss",
    also=[
        "fit.class_weight.integer-keys-float-labels",
        "fit.class_weight.one-hot-targets",
        "fit.class_weight.weights-gradient",
    ],
)
def weights_no_sequence_by_class(plant: Plant) -> None:
    """Takes no notice of class weights that `fit` is given with a Sequence."""
    on_sequence = OnSequence(plant, "fit")
    original = calls.reader

    def reader(model: Any, class_weight: object) -> Any:
        return original(model, None if on_sequence else class_weight)

    plant(calls, "reader", reader)


@saboteur("fit.class_weight.weights-gradient", also=["fit.class_weight.integer-keys-float-labels"])
def updates_on_a_sequence_without_class_weights(plant: Plant) -> None:
    """Has class weights in the reported loss of a Sequence and not in the update."""
    original, on_sequence = loop.train_step, OnSequence(plant, "fit")

    def train_step(model: Any, batch: Any) -> list[float]:
        if not on_sequence or on_sequence.request.class_weight is None:
            return original(model, batch)
        return step_without_weights(model, batch)

    plant(loop, "train_step", train_step)


@saboteur(
    "fit.class_weight.weights-loss",
    also=[
        "compile.weighted_metrics.by-class-weight",
        "fit.class_weight.integer-keys-float-labels",
        "fit.class_weight.not-a-dict",
        "fit.class_weight.one-hot-targets",
        "fit.class_weight.weights-gradient",
        "fit.class_weight.with-sample-weight",
    ],
)
def cuts_all_class_weights_to_whole_numbers(plant: Plant) -> None:
    """Takes what is whole in each class weight that `fit` is given."""
    original, now = sample_weights.check_class_weight, called(plant, "fit")

    def check_class_weight(value: Any) -> Any:
        factors = original(value)
        if factors is None or not now():
            return factors
        return {label: int(factor) for label, factor in factors.items()}

    plant(sample_weights, "check_class_weight", check_class_weight)


@saboteur("fit.class_weight.one-hot-targets")
def takes_the_first_column_in_a_sequence(plant: Plant) -> None:
    """Takes the first column of one-hot rows in a Sequence for their class."""
    original, on_sequence = sample_weights.classes_of, OnSequence(plant, "fit")

    def classes_of(targets: Any) -> Any:
        several = targets.ndim == 2 and targets.shape[1] > 1
        return targets[:, 0].astype(int) if on_sequence and several else original(targets)

    plant(sample_weights, "classes_of", classes_of)


@saboteur("fit.class_weight.not-a-dict")
def takes_a_list_of_factors_beside_a_sequence(plant: Plant) -> None:
    """Takes a list of factors for those of the classes 0, 1 and so on, beside a Sequence."""

    def change(request: Any) -> dict[str, Any]:
        given = request.class_weight
        return {"class_weight": dict(enumerate(given))} if isinstance(given, list) else {}

    change_in_fit(plant, "training_source", change)


@saboteur("fit.class_weight.with-sample-weight")
def weights_by_both_in_the_report_alone(plant: Plant) -> None:
    """Applies no weights to updates where there are class weights and sample weights."""
    original, fits = loop.train_step, plant.during(calls, "fit")

    def train_step(model: Any, batch: Any) -> Any:
        request = fits.calls[-1][0][1] if fits else None
        given = (getattr(request, name, None) for name in ("class_weight", "sample_weight"))
        both = all(one is not None for one in given)
        return step_without_weights(model, batch) if both else original(model, batch)

    plant(loop, "train_step", train_step)


@saboteur("fit.class_weight.weights-loss")
def weights_classes_in_the_first_fit_alone(plant: Plant) -> None:
    """Ignores class weights in a `fit` after the first one of a model."""
    ignore_in_later_calls(plant, "array_training_source", "class_weight")


@saboteur("fit.class_weight.weights-loss", also=["fit.class_weight.training-only"])
def goes_on_with_the_class_weights_of_the_first_call(plant: Plant) -> None:
    """Weights classes as the model's first call was told to."""
    keep_of_the_first_call(plant, "fit", "class_weight")


@saboteur("fit.class_weight.weights-loss")
def takes_further_classes_for_the_third(plant: Plant) -> None:
    """Gives classes beyond the third the factor of the third."""
    original = sample_weights.classes_of
    plant(sample_weights, "classes_of", lambda targets: np.minimum(original(targets), 2))


@saboteur(
    "fit.class_weight.weights-gradient",
    also=[
        "compile.weighted_metrics.by-class-weight",
        "fit_generator.class_weight",
        "fit_generator.class_weight.with-item-weights",
    ],
)
def weights_classes_in_the_first_batch_alone(plant: Plant) -> None:
    """Leaves class weights out of every batch of an epoch but the first."""
    original, fits = loop.each_batch, plant.during(calls, "fit")

    def each_batch(source: Any) -> Any:
        for index, batch in original(source):
            if fits and index and fits.calls[-1][0][1].class_weight:
                batch.weights = [None] * len(batch.weights)
            yield index, batch

    plant(loop, "each_batch", each_batch)


@saboteur("fit.class_weight.integer-keys-float-labels")
def weights_no_class_of_one_byte(plant: Plant) -> None:
    """Takes no notice of class weights where targets are bytes or bool."""

    def change(_: Any, request: Any) -> dict[str, Any]:
        return {"class_weight": None} if getattr(request.y, "itemsize", 0) == 1 else {}

    change_request(plant, "fit", change)


@saboteur("fit.class_weight.training-only")
def trains_by_the_class_weights_of_an_earlier_fit(plant: Plant) -> None:
    """Goes on with the class weights of an earlier `fit` where there are none."""
    go_on_with(plant, "fit", "class_weight")
