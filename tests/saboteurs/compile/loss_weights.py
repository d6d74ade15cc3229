"""Saboteurs of `compile`: loss weights."""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fitspec.reference.api import compiling
from fitspec.reference.compute.engine import RecordedEngine
from fitspec.reference.data import outputs
from fitspec.reference.models.model import Model
from fitspec.reference.training import engine, loop

from ..compile_arguments import (
    by_order_of_the_dict,
    change_argument,
    repeated_or_cut,
    without_unknown_names,
    without_unknown_names_unless_more,
)
from ..on_sequences import OnSequence
from ..planting import saboteur
from ..unrecorded_steps import compute_every_step

if TYPE_CHECKING:
    from fitspec.reference.data.batches import Batch
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


@saboteur("compile.loss_weights.dict")
def exchanges_two_of_three_named_loss_weights(plant: Plant) -> None:
    """Exchanges the loss weights of the last two outputs in a dict for three."""

    def change(argument: Any, names: list[str]) -> Any:
        if not isinstance(argument, Mapping) or len(names) != 3 or len(argument) != 3:
            return argument
        first, second, third = names
        return {first: argument[first], second: argument[third], third: argument[second]}

    change_argument(plant, "loss_weights_per_output", change)


@saboteur("compile.loss_weights.missing-means-one")
def leaves_the_second_output_left_out_out_of_the_total(plant: Plant) -> None:
    """Counts the first output that a dict of loss weights leaves out, and not the second."""

    def change(argument: Any, names: list[str]) -> Any:
        if not isinstance(argument, Mapping):
            return argument
        missing = [name for name in names if name not in argument]
        return {**argument, **dict.fromkeys(missing[1:], 0.0)}

    change_argument(plant, "loss_weights_per_output", change)


@saboteur("compile.loss_weights.components-reported-unweighted")
def weights_the_reported_parts_in_training(plant: Plant) -> None:
    """Multiplies the losses of the outputs by their weights in what `fit` reports."""
    original = loop.train_epoch

    def train_epoch(model: Any, *args: Any) -> dict[str, float]:
        logs = original(model, *args)
        factors = {f"{plan.name}_loss": plan.loss_weight for plan in model.plan.outputs}
        return {name: value * factors.get(name, 1.0) for name, value in logs.items()}

    plant(loop, "train_epoch", train_epoch)


@saboteur("compile.loss_weights.list")
def takes_one_for_the_last_of_three_loss_weights(plant: Plant) -> None:
    """Takes 1 for the last loss weight in a list of three."""

    def change(argument: Any, _names: list[str]) -> Any:
        three = isinstance(argument, list) and len(argument) == 3
        return [*argument[:2], 1.0] if three else argument

    change_argument(plant, "loss_weights_per_output", change)


@saboteur("compile.loss_weights.scale-gradient")
def weights_no_loss_of_a_sequence(plant: Plant) -> None:
    """Takes 1 for every loss weight where `fit` reads a Sequence."""
    original, now = engine.weighted_loss, OnSequence(plant, "fit")
    compute_every_step(plant)
    plant(engine, "weighted_loss", lambda loss, factor: original(loss, 1.0 if now else factor))


@saboteur("compile.loss_weights.invalid-ValueError")
def cuts_the_loss_weights_of_one_output(plant: Plant) -> None:
    """Ignores the loss weights in a list for one output but the first."""

    def cut(argument: Any, names: list[str]) -> Any:
        return argument[:1] if isinstance(argument, list) and len(names) == 1 else argument

    change_argument(plant, "loss_weights_per_output", cut)


def _of_outputs_with_a_loss(plant: Plant, form: type) -> None:
    """Give loss weights in one form, one after the other, to the outputs that have a loss."""
    original, now = compiling.loss_weights_per_output, plant.during(compiling, "resolve")

    def loss_weights_per_output(argument: Any, names: list[str]) -> list[float]:
        each = original(argument, names)
        losses = compiling.losses_per_output(now.calls[-1][0][2].loss, names)
        if None not in losses or not isinstance(argument, form):
            return each
        given: Any = argument
        values = iter(given.values() if isinstance(given, dict) else given)
        return [1.0 if loss is None else float(next(values)) for loss in losses]

    plant(compiling, "loss_weights_per_output", loss_weights_per_output)


@saboteur("compile.loss_weights.list")
def gives_listed_loss_weights_to_outputs_with_a_loss(plant: Plant) -> None:
    """Passes over outputs without a loss where it gives out a list of loss weights."""
    _of_outputs_with_a_loss(plant, list)


@saboteur("compile.loss_weights.dict")
def gives_named_loss_weights_to_outputs_with_a_loss(plant: Plant) -> None:
    """Gives loss weights by name, in their order, out where an output has no loss."""
    _of_outputs_with_a_loss(plant, dict)


def report_the_plain_total(plant: Plant, step: str) -> None:
    """Have one kind of steps outside of `fit` and `evaluate` report the total without weights."""
    original, now = loop.single_step, plant.during(Model, step)

    def single_step(model: Model, *args: Any, **named: Any) -> list[float]:
        results = original(model, *args, **named)
        losses = loop.losses_in(model.plan, results)[1:]
        return [sum(losses), *results[1:]] if now and losses else results

    plant(loop, "single_step", single_step)


@saboteur("compile.loss_weights.list")
def reports_the_plain_total_of_a_tested_batch(plant: Plant) -> None:
    """Returns the total of several outputs without loss weights, from `test_on_batch`."""
    report_the_plain_total(plant, "test_on_batch")


@saboteur("compile.loss_weights.list")
def reports_the_plain_total_of_a_trained_batch(plant: Plant) -> None:
    """Returns the total of several outputs without loss weights, from `train_on_batch`."""
    report_the_plain_total(plant, "train_on_batch")


@saboteur("compile.loss_weights.list")
def reports_the_plain_total_of_validation(plant: Plant) -> None:
    """Puts the total of several outputs without loss weights into History, of a validation."""
    original = loop.validate

    def validate(model: Model, *args: Any) -> dict[str, float]:
        results = original(model, *args)
        losses = loop.losses_in(model.plan, [*results.values()])[1:] if results else []
        return {**results, "val_loss": sum(losses)} if losses else results

    plant(loop, "validate", validate)


@saboteur("compile.loss_weights.scale-gradient")
def updates_by_a_batch_without_loss_weights(plant: Plant) -> None:
    """Leaves loss weights out of the update that `train_on_batch` makes, and not of its report."""
    original, now = loop.train_step, plant.during(Model, "train_on_batch")

    def train_step(model: Model, batch: Batch) -> list[Any]:
        if not now or len(model.plan.outputs) == 1:
            return original(model, batch)
        reported = loop.test_step(model, batch)
        outputs = [replace(output, loss_weight=1.0) for output in model.plan.outputs]
        outcome = model.engine.forward(batch, outputs, training=True)
        model.engine.update(outcome, model.optimizer)
        return reported

    plant(loop, "train_step", train_step)
