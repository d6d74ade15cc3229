"""Saboteurs of `compile`: loss weights."""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fitspec.reference.api import compiling
from fitspec.reference.compute.engine import RecordedEngine
from fitspec.reference.data import outputs
from fitspec.reference.training import engine, loop

from ..compile_arguments import (
    by_order_of_the_dict,
    change_argument,
    repeated_or_cut,
    without_unknown_names,
    without_unknown_names_unless_more,
)
from ..planting import saboteur
from ..unrecorded_steps import compute_every_step

if TYPE_CHECKING:
    from fitspec.reference.optimizers import Optimizer
    from fitspec.reference.training.engine import Outcome
    from fitspec.reference.training.plan import TrainingPlan

    from ..planting import Plant


@saboteur(
    "compile.loss_weights.list",
    also=[
        "compile.loss_weights.scale-gradient",
        "compile.loss_weights.components-reported-unweighted",
    ],
)
def exchanges_loss_weights(plant: Plant) -> None:
    """Gives the last loss weight of a list to the first output."""

    def exchange(argument: Any, _names: list[str]) -> Any:
        return argument[::-1] if isinstance(argument, list) else argument

    change_argument(plant, "loss_weights_per_output", exchange)


@saboteur("compile.loss_weights.dict")
def matches_a_dict_of_loss_weights_by_its_order(plant: Plant) -> None:
    """Gives the loss weights of a dict to the outputs in the order of the dict."""
    change_argument(plant, "loss_weights_per_output", by_order_of_the_dict)


@saboteur("compile.loss_weights.missing-means-one")
def drops_outputs_without_a_loss_weight(plant: Plant) -> None:
    """Leaves out of the total the outputs that a dict of loss weights leaves out."""

    def fill_in(argument: Any, names: list[str]) -> Any:
        complete = isinstance(argument, Mapping) and {**dict.fromkeys(names, 0.0), **argument}
        return complete or argument

    change_argument(plant, "loss_weights_per_output", fill_in)


@saboteur("compile.loss_weights.scale-gradient", also=["compile.loss_weights.dict"])
def weights_the_losses_in_the_report_alone(plant: Plant) -> None:
    """Minimises the plain sum of the losses, whatever their weights."""
    compute_every_step(plant)
    original = RecordedEngine.update

    def update(self: RecordedEngine, outcome: Outcome, optimizer: Optimizer) -> None:
        original(self, replace(outcome, total=engine.total_loss(outcome.losses)), optimizer)

    plant(RecordedEngine, "update", update)


@saboteur("compile.loss_weights.components-reported-unweighted")
def reports_the_losses_of_the_outputs_weighted(plant: Plant) -> None:
    """Multiplies the reported losses of the outputs by their weights."""
    original = loop.batch_results

    def batch_results(plan: TrainingPlan, outcome: Outcome) -> list[float]:
        weights = [output.loss_weight for output in plan.outputs if output.loss is not None]
        results = original(plan, outcome)
        if len(plan.outputs) > 1:
            for place, weight in enumerate(weights, start=1):
                results[place] *= weight
        return results

    plant(loop, "batch_results", batch_results)


@saboteur("compile.loss_weights.invalid-ValueError")
def makes_any_loss_weights_fit(plant: Plant) -> None:
    """Repeats or cuts a list of loss weights, and ignores unknown names in a dict of them."""

    def fit(argument: Any, names: list[str]) -> Any:
        return without_unknown_names(repeated_or_cut(argument, names), names)

    change_argument(plant, "loss_weights_per_output", fit)


@saboteur("compile.loss_weights.single-number")
def multiplies_every_loss_by_a_number(plant: Plant) -> None:
    """Takes a number for the weight of every output's loss."""
    original = compiling.loss_weights_per_output

    def loss_weights_per_output(argument: Any, names: list[str]) -> list[float]:
        if isinstance(argument, numbers.Real):
            return [float(argument)] * len(names)
        return original(argument, names)

    plant(compiling, "loss_weights_per_output", loss_weights_per_output)


@saboteur("compile.loss_weights.not-numbers")
def converts_loss_weights(plant: Plant) -> None:
    """Makes a float of whatever one can be made of."""

    def loss_weights_per_output(argument: Any, names: list[str]) -> list[float]:
        each = outputs.per_output(argument, names, "loss_weights", 1.0)
        return [float(one) for one in each]  # type: ignore[arg-type]  # that is the defect

    plant(compiling, "loss_weights_per_output", loss_weights_per_output)


@saboteur("compile.loss_weights.invalid-ValueError")
def passes_over_a_loss_weight_in_the_place_of_another(plant: Plant) -> None:
    """Ignores unknown names in a dict of loss weights that has no more than there are outputs."""
    change_argument(plant, "loss_weights_per_output", without_unknown_names_unless_more)
