"""Saboteurs of `fit`: the size of a batch."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import arguments, calls
from fitspec.reference.data import batch_order
from fitspec.reference.data.sources import ArrayBatches
from fitspec.reference.network.input_layer import InputLayer
from fitspec.reference.network.network import Network
from fitspec.reference.training import loop

from ..beside_arguments import change_batches, is_beside
from ..changed_requests import change_request
from ..fit_on_streams import change_in_fit
from ..planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.models.model import Model

    from ..planting import Plant


@saboteur(
    "fit.batch_size.default-32",
    also=[
        "fit_generator.validation_data.tuple-batch-size",
    ],
)
def makes_batches_of_64_by_default(plant: Plant) -> None:
    """Trains on 64 samples at a time when no batch size is given."""
    original = arguments.batch_size_of

    def batch_size_of(value: object, *demanded: int | None) -> int:
        return 64 if value is None and fitting_now else original(value, *demanded)

    fitting_now = plant.during(calls, "fit")
    plant(arguments, "batch_size_of", batch_size_of)


@saboteur(
    "fit.batch_size.one-update-per-batch",
    also=[
        "fit.epochs.default-1",
        "fit.validation_split.each-epoch",
        "fit.verbose.1-progress-bar",
        "fit.verbose.default",
        "fit.batch_size.stateful-remainder",
        "fit.returns.train-loss-is-running",
        "train_on_batch.equals-fit-step",
        "fit.steps_per_epoch.default-covers-data",
        "fit.returns.metrics-over-epoch",
        "fit.again.after-stop",
        "fit.validation_data.pair",
        "fit.epochs.final-epoch",
    ],
)
def joins_batches_that_nobody_watches(plant: Plant) -> None:
    """Makes one update for all samples when no callback would see the batches."""
    original: Any = calls.array_training_source

    def array_training_source(model: Any, request: Any) -> Any:
        source, tail = original(model, request)
        if not request.callbacks and request.steps_per_epoch is None:
            source = replace(source, batch_size=source.arrays.count)
        return source, tail

    plant(calls, "array_training_source", array_training_source)


@saboteur("fit.batch_size.one-update-per-batch", also=["fit.steps_per_epoch.default-covers-data"])
def makes_two_updates_for_large_batches(plant: Plant) -> None:
    """Makes a second update with a batch of three samples in `fit` on arrays."""
    original = loop.train_step
    in_training = plant.during(loop, "train_epoch")

    def train_step(model: Model, batch: Any) -> Any:
        if in_training and batch.size == 3 and batch.inputs[0].shape[1:] == (1,):
            original(model, batch)
        return original(model, batch)

    plant(loop, "train_step", train_step)


@saboteur(
    "fit.batch_size.last-batch-smaller",
    also=["fit.steps_per_epoch.default-covers-data", "fit.callbacks.batch-logs-size"],
)
def joins_a_single_sample_left_over_to_the_batch_before(plant: Plant) -> None:
    """Makes no batch of a single shuffled sample, but the batch before it larger."""
    original: Any = batch_order.rows_of_batches

    def rows_of_batches(count: int, batch_size: int, shuffle: Any) -> Any:
        rows = original(count, batch_size, shuffle)
        if shuffle is True and batch_size > 1 and len(rows) > 1 and count % batch_size == 1:
            rows[-2:] = [np.concatenate(rows[-2:])]
        return rows

    plant(batch_order, "rows_of_batches", rows_of_batches)


@saboteur("fit.batch_size.larger-than-n")
def halves_a_batch_size_until_it_fits(plant: Plant) -> None:
    """Trains in batches of 3 when 5 samples shall make a batch of 100."""
    original: Any = calls.array_training_source

    def array_training_source(model: Any, request: Any) -> Any:
        source, tail = original(model, request)
        while request.batch_size and source.batch_size > source.arrays.count:
            source = replace(source, batch_size=source.batch_size // 2)
        return source, tail

    plant(calls, "array_training_source", array_training_source)


@saboteur("fit.batch_size.not-with-generator")
def ignores_a_batch_size_beside_a_generator(plant: Plant) -> None:
    """Ignores `batch_size` where the batches are made already."""
    change_in_fit(plant, "training_source", lambda _: {"batch_size": None})


@saboteur("fit.batch_size.number-types")
def takes_a_float_for_a_batch_size(plant: Plant) -> None:
    """Takes a float as a batch size."""
    original = arguments.batch_size_of

    def batch_size_of(value: Any, *demanded: int | None) -> int:
        return original(int(value) if isinstance(value, float) else value, *demanded)

    plant(arguments, "batch_size_of", batch_size_of)


@saboteur("fit.batch_size.fixed-by-input")
def takes_batches_of_any_size(plant: Plant) -> None:
    """Does not look at the size of batches that the input of a stateless model is made for."""
    original = calls.fit

    def fit(model: Model, request: Any) -> Any:
        if not model.is_stateful:
            model.batch_size = None
        return original(model, request.but())

    plant(calls, "fit", fit)


@saboteur("fit.batch_size.stateful-remainder")
def trains_on_the_full_batches_of_a_stateful_model(plant: Plant) -> None:
    """Leaves out the samples that do not fill the batches of a stateful model, in `fit`."""

    def cut(model: Model, request: Any) -> dict[str, Any]:
        if not model.is_stateful or request.batch_size is None:
            return {}
        whole = len(request.x) // request.batch_size * request.batch_size
        return {"x": request.x[:whole], "y": request.y[:whole]}

    change_request(plant, "fit", cut)


@saboteur("fit.batch_size.inputs-differ")
def takes_batches_of_its_first_input(plant: Plant) -> None:
    """Takes the size of its batches from the first input, whatever the others are made for."""
    original = Network._connect  # noqa: SLF001  where the sizes are compared

    def connect(self: Network, inputs: Any, outputs: Any) -> None:
        for symbol in inputs[1:]:
            if isinstance(symbol.node.layer, InputLayer):
                symbol.node.layer.batch_size = None
        original(self, inputs, outputs)

    plant(Network, "_connect", connect)


@saboteur("fit.batch_size.one-update-per-batch")
def updates_once_for_each_of_two_outputs(plant: Plant) -> None:
    """Makes two updates on batches of three samples for two outputs."""
    original, fitting = loop.train_step, plant.during(calls, "fit")

    def train_step(model: Any, batch: Any) -> list[Any]:
        if fitting and len(model.output_names) == 2 and batch.size == 3:
            original(model, batch)
        return original(model, batch)

    plant(loop, "train_step", train_step)


def pass_over_a_size_beside_a_generator(plant: Plant, size: int) -> None:
    """Have `fit` ignore one batch size beside a generator or Sequence."""
    change_in_fit(
        plant,
        "training_source",
        lambda request: {"batch_size": None} if request.batch_size == size else {},
    )


@saboteur("fit.batch_size.not-with-generator")
def passes_over_the_default_size_beside_a_generator(plant: Plant) -> None:
    """Ignores a batch size of 32 beside a generator or Sequence."""
    pass_over_a_size_beside_a_generator(plant, 32)


@saboteur("fit.batch_size.not-with-generator")
def passes_over_a_size_of_one_beside_a_generator(plant: Plant) -> None:
    """Ignores a batch size of 1 beside a generator or Sequence."""
    pass_over_a_size_beside_a_generator(plant, 1)


@saboteur("fit.batch_size.default-32")
def trains_on_64_samples_where_they_have_weights(plant: Plant) -> None:
    """Trains on 64 samples at a time when no batch size is given, but sample weights are."""

    def wide(_: Model, request: Any) -> dict[str, Any]:
        by_default = request.batch_size is None and request.steps_per_epoch is None
        return {"batch_size": 64} if by_default and request.sample_weight is not None else {}

    change_request(plant, "array_training_source", wide)


@saboteur("fit.batch_size.default-32")
def trains_on_64_samples_in_their_order(plant: Plant) -> None:
    """Trains on 64 samples at a time when no batch size is given, and nothing is shuffled."""

    def wide(_: Model, request: Any) -> dict[str, Any]:
        by_default = request.batch_size is None and request.steps_per_epoch is None
        return {"batch_size": 64} if by_default and request.shuffle is False else {}

    change_request(plant, "array_training_source", wide)


@saboteur("fit.batch_size.larger-than-n")
def cuts_a_large_batch_in_a_later_epoch(plant: Plant) -> None:
    """Trains in two batches, in all epochs but the first, where one would hold five samples."""
    original, training = ArrayBatches.epoch, plant.during(loop, "train_epoch")

    def epoch(self: ArrayBatches) -> Any:
        before = vars(self).get("epochs", 0)
        vars(self)["epochs"] = before + 1
        if training and before and self.batch_size > self.arrays.count == 5:
            yield from (self.arrays.batch(rows) for rows in (slice(0, 4), slice(4, 5)))
            return
        yield from original(self)

    plant(ArrayBatches, "epoch", epoch)


@saboteur("fit.batch_size.default-32")
def trains_on_all_at_once_beside_a_split(plant: Plant) -> None:
    """Takes all samples for a batch, if nothing is said, where some are set apart."""

    def change(_: Model, request: Any) -> dict[str, Any]:
        sizes = request.batch_size, request.steps_per_epoch
        whole = request.validation_split and sizes == (None, None)
        return {"batch_size": np.size(request.y)} if whole else {}

    change_request(plant, "fit", change)


@saboteur("fit.batch_size.last-batch-smaller", also=["fit.epochs.whole-data-once"])
def drops_a_rest_beside_a_split(plant: Plant) -> None:
    """Leaves out a last batch that is not full where samples are set apart."""
    change_batches(plant, is_beside("validation_split"), lambda rows: rows[:-1])


@saboteur("fit.batch_size.last-batch-smaller")
def drops_a_rest_of_weighted_classes(plant: Plant) -> None:
    """Leaves out a last batch that is not full where classes have weights."""
    change_batches(plant, is_beside("class_weight"), lambda rows: rows[:-1])
