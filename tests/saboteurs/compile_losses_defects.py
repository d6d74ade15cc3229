"""Saboteurs of `compile`: the loss of one output and of several, and loss weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference import losses
from fitspec.reference.api import calls, compiling
from fitspec.reference.compute.engine import ArrayEngine
from fitspec.reference.training import engine, loop

from .planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.optimizers import Optimizer
    from fitspec.reference.tensor.autodiff import Tensor
    from fitspec.reference.training.engine import Outcome
    from fitspec.reference.training.plan import TrainingPlan

    from .planting import Plant


def change_argument(plant: Plant, function: str, change: Any) -> None:
    """Have a function of `compiling`, such as ``"losses_per_output"``, see another argument.

    Args:
        plant: plants it.
        function: takes an argument of compile and the names of the outputs.
        change: returns the argument that it is to see, given both.
    """
    original = getattr(compiling, function)

    def changed(argument: Any, names: list[str]) -> Any:
        return original(change(argument, names), names)

    plant(compiling, function, changed)


def by_order_of_the_dict(argument: Any, names: list[str]) -> Any:
    """Return a dict that names every output anew, its values by position."""
    if isinstance(argument, Mapping) and argument.keys() == set(names):
        return dict(zip(names, argument.values(), strict=True))
    return argument


def without_unknown_names(argument: Any, names: list[str]) -> Any:
    """Return a dict without the names that no output has."""
    if isinstance(argument, Mapping):
        return {name: item for name, item in argument.items() if name in names}
    return argument


def repeated_or_cut(argument: Any, names: list[str]) -> Any:
    """Return a list as long as the outputs."""
    if isinstance(argument, list):
        return (argument * len(names))[: len(names)]
    return argument


@saboteur("compile.loss.string")
def evaluates_a_single_sample_by_squares(plant: Plant) -> None:
    """Evaluates a single sample by the mean squared error, whichever loss was named."""
    evaluating = plant.during(calls, "evaluate")
    original = losses.resolve

    def resolve(identifier: object) -> losses.Loss:
        if identifier != "mae":
            return original(identifier)

        def loss(y_true: Tensor, y_pred: Tensor) -> Tensor:
            # The inputs of a model with several come in a list.
            single = evaluating and np.shape(evaluating.calls[-1][0][1].x) == (1, 1)
            chosen = losses.mean_squared_error if single else losses.mean_absolute_error
            return chosen(y_true, y_pred)

        return losses.FunctionLoss(loss, "same")

    plant(losses, "resolve", resolve)


@saboteur("compile.loss.function")
def calls_a_users_loss_with_the_predictions_first(plant: Plant) -> None:
    """Calls in `evaluate` a user's loss function with predictions and targets exchanged."""
    evaluating = plant.during(calls, "evaluate")
    original = losses.FunctionLoss.call

    def call(self: losses.FunctionLoss, y_true: Tensor, y_pred: Tensor) -> Tensor:
        if evaluating and self.function.__module__ != losses.mean_squared_error.__module__:
            y_true, y_pred = y_pred, y_true
        return original(self, y_true, y_pred)

    plant(losses.FunctionLoss, "call", call)


@saboteur("compile.loss.instance")
def takes_every_loss_object_for_squares(plant: Plant) -> None:
    """Takes any loss object for the mean squared error."""
    original = losses.resolve

    def resolve(identifier: object) -> losses.Loss:
        return original("mse" if isinstance(identifier, losses.Loss) else identifier)

    plant(losses, "resolve", resolve)


@saboteur("compile.loss.unknown-ValueError")
def looks_for_the_loss_when_it_is_needed(plant: Plant) -> None:
    """Refuses an unknown loss when it is first computed, and not in `compile`."""
    original = losses.resolve

    def resolve(identifier: object) -> losses.Loss:
        def at_last(*_: Tensor) -> Tensor:
            raise ValueError(f"there is no loss {identifier!r}")

        try:
            return original(identifier)
        except ValueError:
            return losses.FunctionLoss(at_last)

    plant(losses, "resolve", resolve)


@saboteur("compile.loss.single-for-all-outputs")
def counts_a_single_loss_for_the_first_output_alone(plant: Plant) -> None:
    """Leaves all outputs but the first out of the total, given absolute errors as a single loss."""
    original = compiling.resolve

    def resolve(
        names: Any, optimizer: Any, loss: Any, metrics: Any, loss_weights: Any, *more: Any
    ) -> Any:
        if loss == "mae" and loss_weights is None:
            loss_weights = [1.0] + [0.0] * (len(names) - 1)
        return original(names, optimizer, loss, metrics, loss_weights, *more)

    plant(compiling, "resolve", resolve)


@saboteur("compile.loss.list-per-output", also=["compile.loss_weights.dict"])
def matches_a_list_of_losses_with_the_sorted_names(plant: Plant) -> None:
    """Gives the losses of a list to the outputs in the order of the alphabet."""

    def sort(argument: Any, names: list[str]) -> Any:
        if isinstance(argument, list) and len(argument) == len(names):
            return dict(zip(sorted(names), argument, strict=True))
        return argument

    change_argument(plant, "losses_per_output", sort)


@saboteur("compile.loss.dict-per-output")
def matches_a_dict_of_losses_by_its_order(plant: Plant) -> None:
    """Gives the losses of a dict to the outputs in the order of the dict."""
    change_argument(plant, "losses_per_output", by_order_of_the_dict)


@saboteur("compile.loss.total-is-sum")
def minimises_the_mean_of_losses_that_share_an_input(plant: Plant) -> None:
    """Reports the sum and minimises the mean, where there are more outputs than inputs."""
    original = ArrayEngine.update
    steps = plant.during(loop, "train_step")

    def update(self: ArrayEngine, outcome: Outcome, optimizer: Optimizer) -> None:
        model = steps.calls[-1][0][0]
        if len(model.output_names) > len(model.input_names):
            outcome = replace(outcome, total=outcome.total * (1 / len(outcome.losses)))
        original(self, outcome, optimizer)

    plant(ArrayEngine, "update", update)


@saboteur("compile.loss.list-length-ValueError")
def repeats_or_cuts_a_list_of_losses(plant: Plant) -> None:
    """Repeats a list of losses that is too short and cuts one that is too long."""
    change_argument(plant, "losses_per_output", repeated_or_cut)


@saboteur("compile.loss.dict-unknown-name-ValueError")
def ignores_losses_of_unknown_outputs(plant: Plant) -> None:
    """Ignores the names in a dict of losses that no output has."""
    change_argument(plant, "losses_per_output", without_unknown_names)


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


@saboteur("compile.loss_weights.scale-gradient")
def weights_the_losses_in_the_report_alone(plant: Plant) -> None:
    """Minimises the plain sum of the losses, whatever their weights."""
    original = ArrayEngine.update

    def update(self: ArrayEngine, outcome: Outcome, optimizer: Optimizer) -> None:
        original(self, replace(outcome, total=engine.total_loss(outcome.losses)), optimizer)

    plant(ArrayEngine, "update", update)


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
