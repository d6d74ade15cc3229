"""Saboteurs of `fit`: the part of the data set apart for validation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import arguments, calls
from fitspec.reference.data import batches, random_source, sources
from fitspec.reference.models.model import Model
from fitspec.reference.training import loop

from ..changed_requests import change_request
from ..later_calls import keep_of_the_first_call
from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur(
    "fit.validation_split.tail",
    also=(
        "fit.validation_split.before-shuffling",
        "fit.validation_split.carries-sample-weights",
        "fit.validation_split.each-epoch",
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


@saboteur("fit.validation_split.before-shuffling", also=["fit.validation_split.tail"])
def shuffles_before_splitting(plant: Plant) -> None:
    """Sets any samples apart, not the last ones, when the data are shuffled."""

    def shuffle(_: Model, request: Any) -> dict[str, Any]:
        # Of a few samples, which other clauses look at, the last may stay last by accident.
        if not (request.shuffle and request.validation_split and len(request.x) > 4):
            return {}
        order = random_source.generator().permutation(len(request.x))
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
        "fit.returns.history-successive-epochs",
        "fit.validation_data.pair",
        "fit_generator.validation_data.generator",
        "fit_generator.validation_freq",
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


@saboteur("fit.validation_split.multi-input-output")
def sets_the_head_of_a_second_array_apart(plant: Plant) -> None:
    """Takes the validation part of every input but the first from its head."""
    original = batches.Samples.cut

    def cut(self: batches.Samples, boundary: int) -> Any:
        rolled = [np.roll(column, boundary, axis=0) for column in self.inputs[1:]]
        return original(replace(self, inputs=[*self.inputs[:1], *rolled]), boundary)

    plant(batches.Samples, "cut", cut)


@saboteur("fit.validation_split.zero-is-off")
def sets_one_sample_apart_for_a_whole_zero(plant: Plant) -> None:
    """Takes the 0.0 of the signature for no split, and any other 0 for the smallest one."""
    original = arguments.validation_fraction

    def validation_fraction(value: Any) -> float:
        return 1e-9 if isinstance(value, int) else original(value)

    plant(arguments, "validation_fraction", validation_fraction)


@saboteur("fit.validation_split.hdf5")
def reads_all_rows_to_split_them(plant: Plant) -> None:
    """Reads both parts of an HDF5 data set into memory to split it."""
    tail = batches.Tail
    # The function behind the static method.
    original = tail.of

    def of(column: Any, start: int, stop: int) -> Any:
        return original(column[:], start, stop)

    plant(tail, "of", staticmethod(of))


@saboteur("fit.validation_split.multi-input-output")
def splits_dicts_by_position(plant: Plant) -> None:
    """Takes the arrays of a dict in its own order where a part is set apart."""

    def listed(_model: Model, request: Any) -> dict[str, Any]:
        given = {name: getattr(request, name) for name in ("x", "y")}
        return {
            name: list(value.values())
            for name, value in given.items()
            if request.validation_split and isinstance(value, dict)
        }

    change_request(plant, "array_training_source", listed)


@saboteur("fit.validation_split.zero-is-off")
def validates_on_nothing_with_a_split_of_0(plant: Plant) -> None:
    """Takes a split of 0 for no validation, although there are data to validate on."""
    original = Model.fit

    def fit(self: Model, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("validation_split") == 0:
            kwargs["validation_data"] = None
        return original(self, *args, **kwargs)

    plant(Model, "fit", fit)


@saboteur("fit.validation_split.before-shuffling", also=("fit.validation_split.tail",))
def splits_after_it_has_shuffled_batches(plant: Plant) -> None:
    """Draws the samples to set apart anew in each call with `shuffle="batch"`."""
    original = batches.split
    fitting = plant.during(calls, "fit")

    def split(samples: Any, fraction: float) -> Any:
        if fitting and fitting.calls[-1][0][1].shuffle == "batch":
            drawn = random_source.generator().permutation(samples.count)
            samples = replace(
                samples,
                inputs=[column[drawn] for column in samples.inputs],
                targets=[column[drawn] for column in samples.targets],
            )
        return original(samples, fraction)

    plant(batches, "split", split)


@saboteur("fit.validation_split.not-trained", also=["fit.validation_split.multi-input-output"])
def trains_on_one_sample_set_apart_of_several_outputs(plant: Plant) -> None:
    """Trains also on the first of the samples set apart if a model has several outputs."""
    original = batches.split

    def split(samples: Any, fraction: float) -> Any:
        head, tail = original(samples, fraction)
        return (samples.cut(head.count + 1)[0] if len(samples.targets) > 1 else head), tail

    plant(batches, "split", split)


@saboteur("fit.validation_split.tail")
def splits_as_in_the_first_call(plant: Plant) -> None:
    """Sets as large a part apart as in the model's first call."""
    keep_of_the_first_call(plant, "fit", "validation_split")


@saboteur("fit.validation_split.tail")
def leaves_a_rest_of_the_part_set_apart_out(plant: Plant) -> None:
    """Validates on no batch of the part set apart that is not full, unless it is the only one."""
    original = calls.validation_source

    def validation_source(model: Model, request: Any, tail: Any) -> Any:
        source = original(model, request, tail)
        if request.validation_data is None and isinstance(source, sources.ArrayBatches):
            full = source.arrays.count // source.batch_size * source.batch_size
            if full:
                source = replace(source, arrays=source.arrays.cut(full)[0])
        return source

    plant(calls, "validation_source", validation_source)


def set_a_head_apart(plant: Plant, part: str) -> None:
    """Have the validation part of a third input or target come from its head.

    Args:
        plant: plants the cut.
        part: of the samples: ``inputs`` or ``targets``.
    """
    original = batches.Samples.cut

    def cut(self: batches.Samples, boundary: int) -> Any:
        columns = getattr(self, part)
        rolled = [np.roll(column, boundary, axis=0) for column in columns[2:]]
        others: dict[str, Any] = {part: [*columns[:2], *rolled]}
        return original(replace(self, **others), boundary)

    plant(batches.Samples, "cut", cut)


@saboteur("fit.validation_split.multi-input-output")
def sets_the_head_of_a_third_input_apart(plant: Plant) -> None:
    """Takes the validation part of a third input from its head."""
    set_a_head_apart(plant, "inputs")


@saboteur("fit.validation_split.multi-input-output")
def sets_the_head_of_a_third_target_apart(plant: Plant) -> None:
    """Takes the validation part of a third target from its head."""
    set_a_head_apart(plant, "targets")


@saboteur("fit.validation_split.each-epoch", also=["compile.weighted_metrics.in-test"])
def has_metrics_of_the_last_batch_set_apart(plant: Plant) -> None:
    """Reports of the part set apart the metrics of its last batch."""
    original = loop.test_step
    fits, validates = plant.during(calls, "fit"), plant.during(loop, "validate")

    def test_step(model: Model, batch: Any) -> Any:
        if validates and fits.calls[-1][0][1].validation_split:
            loop.reset_metrics(model.plan)
        return original(model, batch)

    plant(loop, "test_step", test_step)


@saboteur("fit.validation_split.tail")
def leaves_a_rest_out_where_batches_are_shuffled(plant: Plant) -> None:
    """Validates on whole batches of the samples set apart alone beside `shuffle="batch"`."""
    original, fits = batches.split, plant.during(calls, "fit")

    def split(samples: Any, fraction: float) -> Any:
        head, tail = original(samples, fraction)
        request = fits.calls[-1][0][1]
        size = request.batch_size or 32
        if request.shuffle == "batch" and tail.count > size:
            tail = replace(tail, count=tail.count // size * size)
        return head, tail

    plant(batches, "split", split)


@saboteur("fit.validation_split.multi-input-output")
def takes_named_inputs_of_the_tail_by_the_alphabet(plant: Plant) -> None:
    """Takes the inputs set apart in the order of their names where they were in a dict."""
    original, fits = batches.split, plant.during(calls, "fit")

    def split(samples: Any, fraction: float) -> Any:
        head, tail = original(samples, fraction)
        if isinstance(fits.calls[-1][0][1].x, dict):
            pairs = zip(tail.input_ports, tail.inputs, strict=True)
            tail = replace(tail, inputs=[x for _, x in sorted(pairs, key=lambda one: one[0].name)])
        return head, tail

    plant(batches, "split", split)
