"""Saboteurs of `fit`: what callbacks hear of a batch."""

from __future__ import annotations

import copy
import itertools
from typing import TYPE_CHECKING, Any

from fitspec.reference.callbacks import CallbackList, progress
from fitspec.reference.callbacks.progress import RoundBar, TrainingBar
from fitspec.reference.data import sources
from fitspec.reference.training import loop

from ..on_sequences import OnSequence
from ..planting import saboteur
from ..third_epochs import ThirdEpoch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..planting import Plant


@saboteur("fit.callbacks.batch-index-resets")
def counts_batches_through_all_epochs(plant: Plant) -> None:
    """Goes on counting batches from epoch to epoch."""
    original = loop.each_batch

    def each_batch(source: Any) -> Iterator[Any]:
        counter = source.__dict__.setdefault("counter", itertools.count())
        for _, batch in original(source):
            yield next(counter), batch

    plant(loop, "each_batch", each_batch)


@saboteur("fit.callbacks.batch-index-resets")
def counts_batches_of_a_sequence_through_all_epochs(plant: Plant) -> None:
    """Goes on counting the batches of a Sequence from epoch to epoch."""
    original, on_sequence = loop.each_batch, OnSequence(plant, "fit")

    def each_batch(source: Any) -> Iterator[tuple[int, Any]]:
        before = source.__dict__.get("begun", 0)
        for index, batch in original(source):
            if not on_sequence:
                before = 0
            source.__dict__["begun"] = before + index + 1
            yield before + index, batch

    plant(loop, "each_batch", each_batch)


@saboteur("fit.callbacks.batch-logs-loss", also=["fit.callbacks.batch-logs-metrics"])
def tells_the_mean_so_far_after_a_batch(plant: Plant) -> None:
    """Tells callbacks the mean over the epoch after each training batch."""
    original = CallbackList.end_batch

    def end_batch(  # noqa: PLR0913, PLR0917  as the method
        self: Any, stage: str, index: int, size: int, names: Any, results: Any
    ) -> None:
        if stage == "train":
            averages, before = self.__dict__.get("so_far", ({}, 0)) if index else ({}, 0)
            named = {**dict(zip(names, results, strict=True)), "size": size}
            means = progress.so_far(averages, named, before)
            self.so_far = means, before + size
            names, results = list(means), list(means.values())
        original(self, stage, index, size, names, results)

    plant(CallbackList, "end_batch", end_batch)


@saboteur("fit.callbacks.batch-logs-metrics")
def tells_metrics_of_the_batch_alone(plant: Plant) -> None:
    """Gives callbacks after a batch the metrics of that batch, not of the epoch so far."""
    epochs = plant.during(loop, "train_epoch")
    original = loop.updated

    def updated(metric: Any, outcome: Any, *batch: Any) -> Any:
        alone = copy.deepcopy(metric)
        so_far = original(metric, outcome, *batch)
        if not epochs:
            return so_far
        alone.reset_states()
        alone.update_state(*batch)
        return alone.result()

    plant(loop, "updated", updated)


@saboteur("fit.callbacks.batch-logs-size")
def keeps_the_size_of_a_batch_to_itself(plant: Plant) -> None:
    """Leaves the number and size of a batch out of the logs that callbacks get."""

    def notify(self: Any, hook: str, *args: Any) -> None:
        for callback in self.callbacks:
            logs = dict(args[-1])
            if not isinstance(callback, (TrainingBar, RoundBar)):
                logs = {name: logs[name] for name in logs if name not in ("batch", "size")}
            # The history's own logs have to stay the same object: callbacks add to them.
            same = logs == args[-1]
            getattr(callback, hook)(*args[:-1], args[-1] if same else logs)

    plant(CallbackList, "notify", notify)


@saboteur("fit.callbacks.batch-index-resets")
def counts_the_batches_of_a_third_epoch_from_1(plant: Plant) -> None:
    """Counts the training batches of the third epoch, and of later ones, from 1."""
    third = ThirdEpoch(plant)
    original, training = loop.each_batch, plant.during(loop, "train_epoch")

    def each_batch(source: Any) -> Any:
        return ((index + bool(training and third), one) for index, one in original(source))

    plant(loop, "each_batch", each_batch)


@saboteur("fit.callbacks.batch-index-resets")
def counts_batches_of_validation_through(plant: Plant) -> None:
    """Counts the batches of all validations of a `fit` on arrays through."""
    original, validates = loop.each_batch, plant.during(loop, "validate")

    def each_batch(source: Any) -> Any:
        if not (validates and isinstance(source, sources.ArrayBatches)):
            yield from original(source)
            return
        counted = vars(validates.calls[-1][0][1])
        first = counted.setdefault("batches", 0)
        for index, batch in original(source):
            counted["batches"] = first + index + 1
            yield first + index, batch

    plant(loop, "each_batch", each_batch)
