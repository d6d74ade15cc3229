"""Saboteurs of `evaluate`: sample weights."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import calls
from fitspec.reference.data import batches
from fitspec.reference.training import loop

from ..changed_requests import change_request, ignore_weights_of_kind
from ..changed_streams import given_a
from ..kinds_of_weights import average_weights_of_steps, take_zero_for_a_missing_weight
from ..planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.models.model import Model

    from ..planting import Plant


@saboteur(
    "evaluate.sample_weight.flat",
    also=[
        "evaluate_generator.equals-evaluate",
        "evaluate.signature.defaults",
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


@saboteur(
    "evaluate.sample_weight.flat",
    also=[
        "evaluate_generator.equals-evaluate",
        "compile.sample_weight_mode.default-1d",
        "compile.weighted_metrics.in-test",
    ],
)
def cuts_the_weights_of_samples(plant: Plant) -> None:
    """Cuts flat sample weights to whole numbers in `evaluate`."""

    def cut(_model: Model, request: Any) -> dict[str, Any]:
        weights = request.sample_weight
        is_flat = isinstance(weights, np.ndarray) and weights.ndim == 1
        return {"sample_weight": np.floor(weights)} if is_flat else {}

    change_request(plant, "evaluate", cut)


@saboteur("evaluate.sample_weight.flat")
def evaluates_without_whole_numbers(plant: Plant) -> None:
    """Ignores sample weights of a type of whole numbers in `evaluate`."""
    ignore_weights_of_kind(plant, "evaluate", np.typecodes["AllInteger"])


@saboteur("evaluate.sample_weight.flat")
def evaluates_without_weights_of_double_precision(plant: Plant) -> None:
    """Ignores sample weights of double precision in `evaluate`."""
    ignore_weights_of_kind(plant, "evaluate", "d")


@saboteur("evaluate.sample_weight.flat")
def takes_the_weights_of_32_evaluated_samples(plant: Plant) -> None:
    """Counts samples beyond the first 32 as if they had no weights."""
    original, evaluates = batches.Samples.batch, plant.during(calls, "evaluate")

    def batch(self: batches.Samples, rows: Any) -> batches.Batch:
        found = original(self, rows)
        beyond = evaluates and rows.start >= 32
        return replace(found, weights=[None] * len(found.weights)) if beyond else found

    plant(batches.Samples, "batch", batch)


@saboteur("evaluate.sample_weight.flat")
def ignores_weights_beside_inputs_by_name(plant: Plant) -> None:
    """Takes no notice in `evaluate` of sample weights where a dict holds the only input."""

    def change(_: Any, request: Any) -> dict[str, Any]:
        by_name = isinstance(request.x, dict) and len(request.x) == 1
        return {"sample_weight": None} if by_name else {}

    change_request(plant, "evaluate", change)


@saboteur("evaluate.sample_weight.flat")
def counts_an_incomplete_weighted_batch_as_a_whole_one(plant: Plant) -> None:
    """Averages losses over batches in `evaluate` where samples have weights."""
    original, now = loop.means, plant.during(calls, "evaluate")

    def means(losses: list[list[Any]], sizes: list[int]) -> list[float]:
        flat = now and np.ndim(now.calls[-1][0][1].sample_weight) == 1
        return original(losses, [1] * len(sizes) if flat else sizes)

    plant(loop, "means", means)


@saboteur("evaluate.sample_weight.flat")
def evaluates_samples_of_weight_0_once(plant: Plant) -> None:
    """Takes a sample weight of 0 for none."""
    take_zero_for_a_missing_weight(plant, "evaluate")


@saboteur("evaluate.sample_weight.temporal")
def evaluates_steps_of_items_by_the_mean_of_their_weights(plant: Plant) -> None:
    """Averages the weights of time steps over each sample, in the items of a Sequence."""
    average_weights_of_steps(plant, given_a(plant, "evaluate", "Sequence"))
