"""Saboteurs of `fit`: what callbacks hear of a batch."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from fitspec.reference.callbacks import CallbackList, progress
from fitspec.reference.callbacks.progress import RoundBar, TrainingBar
from fitspec.reference.training import loop

from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


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
