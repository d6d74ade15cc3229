"""Saboteurs of `fit_generator`: what an item of a generator or Sequence may be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.data import batches, columns, feeding
from fitspec.reference.data.sources import IteratorBatches
from fitspec.reference.models.model import Model
from fitspec.reference.training import loop

from ..changed_readings import change_parts
from ..on_sequences import OnSequence
from ..planting import saboteur

if TYPE_CHECKING:
    from collections.abc import Generator

    from fitspec.reference.data.batches import Batch

    from ..planting import Plant


def joined(first: Batch, second: Batch) -> Batch:
    """Return the samples of two batches that have no weights."""
    inputs = [np.concatenate(pair) for pair in zip(first.inputs, second.inputs, strict=True)]
    pairs: Any = zip(first.targets, second.targets, strict=True)
    targets: list[Any] = [np.concatenate(pair) for pair in pairs]
    return replace(first, inputs=inputs, targets=targets, size=first.size + second.size)


@saboteur("fit_generator.output.pair", also=["fit_generator.output.batch-sizes-may-differ"])
def joins_items_of_three_rows_to_the_next(plant: Plant) -> None:
    """Makes one batch of an item of three rows and the item after it."""
    original = IteratorBatches.epoch
    now, in_training = plant.during(Model, "fit_generator"), plant.during(loop, "train_epoch")

    def epoch(self: Any) -> Generator[Batch]:
        for batch in original(self):
            three = now and in_training and batch.size == 3
            yield joined(batch, self.convert(next(self._items))) if three else batch

    plant(IteratorBatches, "epoch", epoch)


@saboteur(
    "fit_generator.output.triple",
    also=[
        "fit_generator.class_weight.with-item-weights",
        "fit_generator.validation_data.generator",
    ],
)
def passes_over_the_weights_of_an_item(plant: Plant) -> None:
    """Trains without the weights in an item, if they are as many as the targets."""

    def change(item: Any) -> Any:
        fits = isinstance(item, tuple) and len(item) == 3 and len(item[2]) == len(item[1])
        return (item[0], item[1], None) if fits else None

    change_parts(plant, change)


@saboteur("fit_generator.output.triple", also=["fit_generator.class_weight.with-item-weights"])
def weights_every_item_as_the_first(plant: Plant) -> None:
    """Weights all items of a call, if they are tuples, by the weights of the first one."""
    now = plant.during(Model, "fit_generator")
    first: list[Any] = []

    def change(item: Any) -> Any:
        if not isinstance(item, tuple) or len(item) != 3:
            return None
        call = now.calls[-1]
        if not first or first[0] is not call:
            first[:] = call, item[2]
        return item[0], item[1], first[1] if len(first[1]) == len(item[2]) else item[2]

    change_parts(plant, change)


@saboteur("fit_generator.output.list-form", also=["r.fit.generator-function"])
def refuses_an_item_in_a_list(plant: Plant) -> None:
    """Takes an item in a tuple only."""

    def parts_of(item: object) -> Any:
        if isinstance(item, list):
            raise ValueError("generator: each item must be a tuple, got a list")  # noqa: TRY004  as for other forms
        return original(item)

    original = feeding.parts_of
    plant(feeding, "parts_of", parts_of)


@saboteur("fit_generator.output.dicts")
def reads_the_dicts_of_an_item_in_their_order(plant: Plant) -> None:
    """Gives the arrays in a dict of an item to the layers in the order of the dict."""
    original = columns.columns
    now = plant.during(Model, "fit_generator")

    def changed_columns(value: object, *args: Any) -> Any:
        in_order = list(value.values()) if now and isinstance(value, dict) else value
        return original(in_order, *args)

    plant(columns, "columns", changed_columns)


@saboteur("fit_generator.output.dicts")
def reads_the_dicts_of_an_item_by_the_alphabet(plant: Plant) -> None:
    """Gives the arrays in a dict of an item to the layers in the order of the sorted names."""
    original = columns.columns
    now = plant.during(Model, "fit_generator")

    def changed_columns(value: object, *args: Any) -> Any:
        in_order = isinstance(value, dict) and [value[name] for name in sorted(value)]
        return original(in_order if now and in_order else value, *args)

    plant(columns, "columns", changed_columns)


@saboteur("fit_generator.output.same-length")
def stretches_a_single_target(plant: Plant) -> None:
    """Takes the one target of an item for that of all its inputs."""

    def change(item: Any) -> Any:
        if not isinstance(item, tuple) or not all(isinstance(part, np.ndarray) for part in item):
            return None
        single = len(item) == 2 and len(item[1]) == 1
        return (item[0], np.repeat(item[1], len(item[0]), axis=0), None) if single else None

    change_parts(plant, change)


@saboteur("fit_generator.output.same-length")
def cuts_the_arrays_of_an_item_to_the_shortest(plant: Plant) -> None:
    """Trains on as many samples of an item as the shortest of its arrays has."""

    def change(item: Any) -> Any:
        if not isinstance(item, tuple) or len(item) not in (2, 3):
            return None
        if not all(isinstance(part, np.ndarray) for part in item):
            return None
        shortest = min(len(part) for part in item)
        x, y, *weights = (part[:shortest] for part in item)
        return x, y, weights[0] if weights else None

    change_parts(plant, change)


@saboteur(
    "fit_generator.output.batch-sizes-may-differ",
    also=["fit_generator.output.epoch-loss-weighting"],
)
def cuts_items_to_the_length_of_the_first(plant: Plant) -> None:
    """Trains on no more samples of an item than the first one of the epoch has."""
    original = IteratorBatches.epoch
    now, in_training = plant.during(Model, "fit_generator"), plant.during(loop, "train_epoch")

    def cut(batch: Batch, size: int) -> Batch:
        inputs = [one[:size] for one in batch.inputs]
        targets = [None if one is None else one[:size] for one in batch.targets]
        weights = [None if one is None else one[:size] for one in batch.weights]
        return batches.Batch(inputs, targets, weights, min(size, batch.size))

    def epoch(self: Any) -> Generator[Batch]:
        first = None
        for batch in original(self):
            first = first or batch.size
            yield cut(batch, first) if now and in_training else batch

    plant(IteratorBatches, "epoch", epoch)


@saboteur("fit_generator.output.epoch-loss-weighting")
def counts_all_items_alike(plant: Plant) -> None:
    """Averages the training losses of items of unequal length without regard to it."""
    original = loop.mean_over_samples
    now = plant.during(Model, "fit_generator")
    validating = plant.during(loop, "validate")

    def mean_over_samples(losses: Any, sizes: Any) -> float:
        alike = now and not validating
        return original(losses, [1] * len(sizes) if alike else sizes)

    plant(loop, "mean_over_samples", mean_over_samples)


@saboteur(
    "fit_generator.output.triple",
    also=[
        "fit_generator.raises.bad-format",
        "fit_generator.raises.none-item",
        "fit_generator.class_weight.with-item-weights",
        "fit_generator.output.same-length",
    ],
)
def trains_on_a_sequence_without_its_weights(plant: Plant) -> None:
    """Takes no notice of the weights in the items of a Sequence."""
    on_sequence = OnSequence(plant, "fit_generator")
    change_parts(plant, lambda item: (*item[:2], None) if on_sequence and len(item) == 3 else None)


@saboteur("fit_generator.output.same-length")
def cuts_the_arrays_in_items_of_a_sequence(plant: Plant) -> None:
    """Cuts the arrays in an item of a Sequence to the length of the shortest."""
    on_sequence = OnSequence(plant, "fit_generator")

    def cut(item: Any) -> Any:
        plain = isinstance(item, tuple) and all(isinstance(part, np.ndarray) for part in item)
        if not (on_sequence and plain and len(item) in (2, 3)):
            return None
        length = min(map(len, item))
        x, y, *weights = (part[:length] for part in item)
        return x, y, weights[0] if weights else None

    change_parts(plant, cut)
