"""Saboteurs of `fit`: sample weights."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import calls
from fitspec.reference.data import batches, sample_weights
from fitspec.reference.data.sources import ArrayBatches
from fitspec.reference.losses import base
from fitspec.reference.training import loop

from ..changed_requests import change_request, ignore_weights_of_kind
from ..changed_streams import given_a
from ..direct_calls import called
from ..kinds_of_weights import average_weights_of_steps
from ..later_calls import ignore_in_later_calls
from ..planting import saboteur
from ..unweighted_updates import update_without_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fitspec.reference.data.batches import Batch

    from ..planting import Plant


def change_checked_weights(plant: Plant, change: Any) -> None:
    """Have `fit` see other sample weights, of one output.

    Args:
        plant: plants the check of sample weights.
        change: takes them, or None, and whether the mode is temporal; returns the other ones.
    """
    original = sample_weights.checked
    fits = plant.during(calls, "fit")

    def checked(value: Any, shape: tuple[int, ...], *, temporal: bool) -> Any:
        changed = change(value, temporal) if fits and value is not None else value
        return original(changed, shape, temporal=temporal)

    plant(sample_weights, "checked", checked)


def change_weights(plant: Plant, change: Callable[[Any, Any], Any]) -> None:
    """Have the reference see other sample weights than the user gave.

    Args:
        plant: plants it.
        change: returns the weights in place of those given, with the outputs' names.
    """
    original = sample_weights.per_output

    def per_output(value: Any, names: Any, what: str) -> list[object]:
        changed = change(value, names) if what == "sample_weight" else value
        return original(changed, names, what)

    plant(sample_weights, "per_output", per_output)


@saboteur(
    "fit.sample_weight.flat",
    also=[
        "fit.sample_weight.python-list",
        "fit.sample_weight.gradient",
        "fit.sample_weight.training-only",
        "fit.class_weight.with-sample-weight",
        "fit.sample_weight.temporal-2d",
    ],
)
def divides_by_the_sum_of_the_weights(plant: Plant) -> None:
    """Divides the weighted training loss by the sum of the sample weights."""
    original = calls.array_source

    def array_source(samples: Any, model: Any, request: Any, what: str, *shuffle: Any) -> Any:
        # Validation and evaluation are about other clauses.
        if what == "steps_per_epoch" and request.sample_weight is not None:
            weights = [None if each is None else each / np.mean(each) for each in samples.weights]
            samples = replace(samples, weights=weights)
        return original(samples, model, request, what, *shuffle)

    plant(calls, "array_source", array_source)


@saboteur(
    "fit.sample_weight.zero-weights",
    also=(
        "fit.sample_weight.all-zero",
        "fit.sample_weight.not-numbers",
        "fit.sample_weight.zero-weight-divisor",
        "fit.shuffle.keeps-x-y-weights-aligned",
    ),
)
def takes_a_weight_of_0_for_none(plant: Plant) -> None:
    """Takes a weight of 0 for no weight, which means 1."""
    change_checked_weights(plant, lambda weights, _: np.where(np.asarray(weights) == 0, 1, weights))


@saboteur(
    "fit.sample_weight.gradient",
    also=[
        "fit.sample_weight.zero-weights",
        "fit.sample_weight.all-zero",
        "fit.sample_weight.temporal-2d",
        "fit.class_weight.with-sample-weight",
    ],
)
def reports_sample_weights_without_training_by_them(plant: Plant) -> None:
    """Applies sample weights to the loss that is reported and not to the updates."""
    update_without_weights(plant, "sample_weight")


@saboteur("fit.sample_weight.training-only", also=["fit.validation_data.triple-weights"])
def validates_with_the_sample_weights_of_training(plant: Plant) -> None:
    """Applies the sample weights of training to the loss of the validation data."""

    def add_weights(_: Any, request: Any) -> dict[str, Any]:
        if request.validation_data is None or request.sample_weight is None:
            return {}
        return {"validation_data": (*request.validation_data[:2], request.sample_weight)}

    change_request(plant, "validation_source", add_weights)


@saboteur("fit.sample_weight.temporal-2d")
def reads_weights_of_steps_in_another_order(plant: Plant) -> None:
    """Reads the weights of all samples at one time step after the other."""

    def exchange(weights: Any, temporal: bool) -> Any:
        return np.reshape(np.transpose(weights), np.shape(weights)) if temporal else weights

    change_checked_weights(plant, exchange)


@saboteur("fit.sample_weight.multi-output")
def takes_sample_weights_of_outputs_in_a_list_only(plant: Plant) -> None:
    """Refuses a dict of sample weights, in `fit`."""
    original = sample_weights.per_output
    fits = plant.during(calls, "fit")

    def per_output(value: Any, names: Any, what: str) -> Any:
        if fits and what == "sample_weight" and isinstance(value, Mapping):
            raise ValueError("sample_weight must be a list")
        return original(value, names, what)

    plant(sample_weights, "per_output", per_output)


@saboteur("fit.sample_weight.zero-weight-divisor", also=["fit.sample_weight.masked-steps"])
def counts_samples_with_weight_only(plant: Plant) -> None:
    """Divides a weighted training loss by the number of samples whose weight is not 0."""
    fits = plant.during(calls, "fit")
    original = base.batch_mean

    def batch_mean(values: Any, weights: Any) -> Any:
        if fits and weights is not None and weights.any():
            weights = weights * (weights.size / np.count_nonzero(weights))
        return original(values, weights)

    plant(base, "batch_mean", batch_mean)


@saboteur("fit.sample_weight.all-zero")
def divides_by_no_weight(plant: Plant) -> None:
    """Makes the training loss of a batch without weight NaN."""
    fits = plant.during(calls, "fit")
    original = base.batch_mean

    def batch_mean(values: Any, weights: Any) -> Any:
        if fits and weights is not None and not weights.any():
            weights = weights * math.nan
        return original(values, weights)

    plant(base, "batch_mean", batch_mean)


@saboteur("fit.sample_weight.unknown-output")
def passes_over_weights_of_unknown_outputs(plant: Plant) -> None:
    """Takes the weights of outputs that it has from a dict, and looks at no others."""

    def known(value: Any, names: Any) -> Any:
        return {key: value[key] for key in value if key in names} if is_dict(value) else value

    def is_dict(value: Any) -> bool:
        return isinstance(value, dict)

    change_weights(plant, known)


@saboteur("fit.sample_weight.list-length")
def takes_as_many_weights_as_it_needs(plant: Plant) -> None:
    """Passes over entries of a list of sample weights beyond the number of its outputs."""

    def cut(value: Any, names: Any) -> Any:
        return value[: len(names)] if isinstance(value, list) and len(names) > 1 else value

    change_weights(plant, cut)


@saboteur("fit.sample_weight.single-array")
def weights_all_outputs_alike(plant: Plant) -> None:
    """Takes one array for the sample weights of every output."""

    def repeated(value: Any, names: Any) -> Any:
        return [value] * len(names) if isinstance(value, np.ndarray) else value

    change_weights(plant, repeated)


@saboteur("fit.sample_weight.not-numbers")
def reads_weights_in_texts(plant: Plant) -> None:
    """Takes texts for the sample weights that they spell."""

    def read(value: Any, _names: Any) -> Any:
        texts = isinstance(value, np.ndarray) and value.dtype.kind == "U"
        return value.astype(float) if texts else value

    change_weights(plant, read)


@saboteur("fit.sample_weight.python-list")
def takes_a_list_of_numbers_for_one_entry_an_output(plant: Plant) -> None:
    """Refuses a list with more numbers than there are outputs as `sample_weight`."""
    original = sample_weights.per_output

    def per_output(value: Any, names: Any, what: str) -> Any:
        if isinstance(value, list) and len(value) > len(names):
            raise ValueError("sample_weight has more entries than there are outputs")
        return original(value, names, what)

    plant(sample_weights, "per_output", per_output)


@saboteur("fit.sample_weight.masked-steps")
def forgets_masks_where_there_are_weights(plant: Plant) -> None:
    """Weights samples and leaves masks alone, in the loss."""
    original = base.masked

    def masked(weights: Any, mask: Any) -> Any:
        return original(weights, mask) if weights is None else weights

    plant(base, "masked", masked)


@saboteur("fit.sample_weight.flat")
def forgets_flat_weights_in_a_later_epoch(plant: Plant) -> None:
    """Uses the sample weights of four samples, in batches of two, in the first epoch alone."""
    original, training = ArrayBatches.epoch, plant.during(loop, "train_epoch")

    def epoch(self: ArrayBatches) -> Iterator[Batch]:
        before = vars(self).get("epochs", 0)
        vars(self)["epochs"] = before + 1
        narrow = self.arrays.count == 4 and self.batch_size == 2
        for batch in original(self):
            plain = before and narrow and training
            yield replace(batch, weights=[None] * len(batch.weights)) if plain else batch

    plant(ArrayBatches, "epoch", epoch)


@saboteur("fit.sample_weight.zero-weights")
def counts_samples_of_no_weight_in_later_batches(plant: Plant) -> None:
    """Takes a weight of 0 for 1 from the second batch of an epoch on."""
    original, fitting = loop.each_batch, called(plant, "fit")
    training = plant.during(loop, "train_epoch")

    def each_batch(source: Any) -> Iterator[tuple[int, Batch]]:
        for index, batch in original(source):
            if index and fitting() and training:
                weights = [w if w is None else w + (w == 0) for w in batch.weights]
                batch = replace(batch, weights=weights)  # noqa: PLW2901  it is what goes on
            yield index, batch

    plant(loop, "each_batch", each_batch)


@saboteur("fit.sample_weight.flat")
def weights_samples_in_the_first_fit_alone(plant: Plant) -> None:
    """Ignores sample weights in a `fit` after the first one of a model."""
    ignore_in_later_calls(plant, "array_training_source", "sample_weight")


@saboteur("fit.sample_weight.flat")
def takes_the_weights_of_32_samples(plant: Plant) -> None:
    """Counts samples beyond the first 32 as if they had no weights."""
    original, fits = batches.Samples.batch, plant.during(calls, "fit")

    def batch(self: batches.Samples, rows: Any) -> batches.Batch:
        found = original(self, rows)
        beyond = fits and isinstance(rows, slice) and rows.start >= 32
        return replace(found, weights=[None] * len(found.weights)) if beyond else found

    plant(batches.Samples, "batch", batch)


@saboteur("fit.sample_weight.flat")
def trains_without_weights_of_double_precision(plant: Plant) -> None:
    """Ignores sample weights of double precision in `fit`."""
    ignore_weights_of_kind(plant, "fit", "d")


@saboteur("fit.sample_weight.flat")
def trains_without_weights_of_whole_numbers(plant: Plant) -> None:
    """Ignores sample weights of a type of whole numbers in `fit`."""
    ignore_weights_of_kind(plant, "fit", np.typecodes["AllInteger"])


@saboteur("fit.sample_weight.gradient")
def ignores_weights_of_fit_beside_inputs_by_name(plant: Plant) -> None:
    """Takes no notice in `fit` of sample weights where a dict holds the only input."""

    def change(_: Any, request: Any) -> dict[str, Any]:
        by_name = isinstance(request.x, dict) and len(request.x) == 1
        return {"sample_weight": None} if by_name else {}

    change_request(plant, "fit", change)


@saboteur("fit.sample_weight.gradient")
def gives_weights_the_type_of_the_targets(plant: Plant) -> None:
    """Cuts sample weights of `fit` to whole numbers where the targets are whole."""

    def change(_: Any, request: Any) -> dict[str, Any]:
        weights, targets = request.sample_weight, request.y
        arrays = isinstance(weights, np.ndarray) and isinstance(targets, np.ndarray)
        whole = arrays and targets.dtype.kind == "i"
        return {"sample_weight": weights.astype(targets.dtype)} if whole else {}

    change_request(plant, "fit", change)


@saboteur("fit.sample_weight.temporal-2d")
def weights_steps_of_items_by_the_mean_of_their_weights(plant: Plant) -> None:
    """Averages the weights of time steps over each sample, in the items of a Sequence."""
    average_weights_of_steps(plant, given_a(plant, "fit", "Sequence"))


@saboteur("fit.sample_weight.temporal-2d")
def weights_steps_to_validate_on_by_the_mean_of_their_weights(plant: Plant) -> None:
    """Averages the weights of time steps over each sample, in arrays to validate on."""
    validating = plant.during(calls, "validation_source")
    average_weights_of_steps(plant, lambda: validating)
