"""Saboteurs of `evaluate`: sample weights."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fitspec.reference.api import calls
from fitspec.reference.data import batches

from ..changed_requests import change_request
from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur(
    "evaluate.sample_weight.flat",
    also=[
        "compile.sample_weight_mode.default-1d",
        "compile.sample_weight_mode.dict-and-list",
        "compile.sample_weight_mode.temporal",
        "compile.weighted_metrics.in-test",
    ],
)
def evaluates_without_sample_weights(plant: Plant) -> None:
    """Ignores sample weights in `evaluate`."""
    change_request(plant, "evaluate", lambda *_: {"sample_weight": None})


@saboteur("evaluate.sample_weight.temporal")
def weights_every_batch_as_the_first(plant: Plant) -> None:
    """Uses the weights of the first samples' time steps for every batch of `evaluate`."""
    original = batches.Samples.batch

    def batch(self: batches.Samples, rows: Any) -> batches.Batch:
        made = original(self, rows)
        if not evaluating:
            return made
        weights = [
            weight if all_weights is None or all_weights.ndim == 1 else all_weights[: made.size]
            for weight, all_weights in zip(made.weights, self.weights, strict=True)
        ]
        return replace(made, weights=weights)

    evaluating = plant.during(calls, "evaluate")
    plant(batches.Samples, "batch", batch)
