"""Saboteurs of `compile`: the loss, of one output and of several."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference import losses
from fitspec.reference.api import calls, compiling
from fitspec.reference.api.compiled import Compiled
from fitspec.reference.compute.engine import RecordedEngine
from fitspec.reference.data import sources
from fitspec.reference.losses import Loss
from fitspec.reference.network.compiled_network import CompiledNetwork
from fitspec.reference.tensor.autodiff import Tensor
from fitspec.reference.training import loop

from ..compile_arguments import (
    by_order_of_the_dict,
    change_argument,
    keep_of_an_earlier_compile,
)
from ..planting import saboteur
from ..unrecorded_steps import compute_every_step

if TYPE_CHECKING:
    from fitspec.reference.optimizers import Optimizer
    from fitspec.reference.training.engine import Outcome

    from ..planting import Plant


def fit_five_by_squares(plant: Plant, *, passes_over: int) -> None:
    """Have `fit` take squares for absolute values of five samples whose targets are all 0.

    Args:
        plant: plants it.
        passes_over: how many updates are as they should be before.
    """
    fitting, times = plant.during(calls, "fit"), itertools.count()
    original = losses.resolve

    def resolve(identifier: object) -> losses.Loss:
        if identifier != "mae":
            return original(identifier)

        def loss(y_true: Tensor, y_pred: Tensor) -> Tensor:
            # Where another clause is asked, the targets are not 0.
            five = fitting and np.shape(y_true.data) == (5, 1) and not np.any(y_true.data)
            by_squares = five and next(times) >= passes_over
            chosen = losses.mean_squared_error if by_squares else losses.mean_absolute_error
            return chosen(y_true, y_pred)

        return losses.FunctionLoss(loss, "same")

    plant(losses, "resolve", resolve)


@saboteur("compile.loss.string")
def fits_five_samples_by_squares(plant: Plant) -> None:
    """Fits five samples of one input by squares where absolute values were named."""
    fit_five_by_squares(plant, passes_over=0)


@saboteur("compile.loss.function")
def calls_a_users_loss_with_the_predictions_first(plant: Plant) -> None:
    """Calls in `evaluate` a user's loss function with predictions and targets exchanged."""
    evaluating = plant.during(calls, "evaluate")
    original = losses.FunctionLoss.call

    def call(self: losses.FunctionLoss, y_true: Tensor, y_pred: Tensor) -> Tensor:
        if evaluating and self.function not in losses.FUNCTIONS.values():
            y_true, y_pred = y_pred, y_true
        return original(self, y_true, y_pred)

    plant(losses.FunctionLoss, "call", call)


@saboteur(
    "compile.loss.instance",
    also=["compile.loss.instance-reduction", "compile.loss.list-per-output"],
)
def takes_every_loss_object_for_squares(plant: Plant) -> None:
    """Takes any loss object for the mean squared error."""
    original = losses.resolve

    def resolve(identifier: object) -> losses.Loss:
        return original("mse" if isinstance(identifier, losses.Loss) else identifier)

    plant(losses, "resolve", resolve)


@saboteur("compile.loss.instance-reduction")
def averages_what_a_loss_object_adds_up(plant: Plant) -> None:
    """Takes the mean of the losses of a batch, whatever the loss object was made with."""
    original = losses.resolve

    def resolve(identifier: object) -> losses.Loss:
        found = original(identifier)
        found.reduction = "sum_over_batch_size"
        return found

    plant(losses, "resolve", resolve)


@saboteur("compile.loss.single-for-all-outputs")
def counts_a_single_loss_for_the_first_output_alone(plant: Plant) -> None:
    """Leaves all outputs but the first out of the total, given absolute errors as a single loss."""
    original = compiling.resolve

    def resolve(names: Any, vocabulary: Any, given: Any) -> Any:
        if given.loss == "mae" and given.loss_weights is None:
            given = given.but(loss_weights=[1.0] + [0.0] * (len(names) - 1))
        return original(names, vocabulary, given)

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
    compute_every_step(plant)
    original = RecordedEngine.update
    steps = plant.during(loop, "train_step")

    def update(self: RecordedEngine, outcome: Outcome, optimizer: Optimizer) -> None:
        model = steps.calls[-1][0][0]
        if len(model.output_names) > len(model.input_names):
            outcome = replace(outcome, total=outcome.total * (1 / len(outcome.losses)))
        original(self, outcome, optimizer)

    plant(RecordedEngine, "update", update)


@saboteur("compile.loss.parts-add-up")
def averages_the_parts_over_batches(plant: Plant) -> None:
    """Averages the total over samples and the losses of the outputs over batches."""
    original = loop.means

    def means(losses: list[list[Any]], sizes: list[int]) -> list[float]:
        total, *_ = original(losses, sizes)
        _, *parts = original(losses, [1] * len(sizes))
        return [total, *parts]

    plant(loop, "means", means)


@saboteur(
    "compile.loss.none",
    also=("compile.loss.none-and-no-targets",),
)
def demands_a_loss_of_compile(plant: Plant) -> None:
    """Refuses to compile without a loss."""
    original = CompiledNetwork.compile

    def compiled(self: Any, optimizer: object, loss: object = None, *args: Any, **more: Any) -> Any:
        if loss is None:
            raise ValueError("loss is missing")
        return original(self, optimizer, loss, *args, **more)

    plant(CompiledNetwork, "compile", compiled)


@saboteur("compile.loss.dict-leaves-output-out")
def demands_a_loss_for_every_output(plant: Plant) -> None:
    """Refuses a dict of losses that leaves out an output."""
    original = compiling.losses_per_output

    def losses_per_output(argument: Any, names: list[str]) -> Any:
        if isinstance(argument, Mapping) and not set(names) <= set(argument):
            raise ValueError("loss leaves out an output")
        return original(argument, names)

    plant(compiling, "losses_per_output", losses_per_output)


@saboteur("compile.loss.none-and-no-targets")
def takes_a_model_without_loss_for_not_compiled(plant: Plant) -> None:
    """Raises RuntimeError, as for a model that was never compiled, where there is no loss."""
    original = Compiled.require_engine

    def require_engine(self: Compiled) -> None:
        if all(output.loss is None for output in self.plan.outputs):
            raise RuntimeError("the model must be compiled first")
        original(self)

    plant(Compiled, "require_engine", require_engine)


@saboteur("compile.loss.masked-steps", also=["fit.sample_weight.masked-steps"])
def averages_over_the_steps_that_are_not_hidden(plant: Plant) -> None:
    """Divides the loss by the number of steps that a mask does not hide."""
    original = Loss.__call__

    def call(self: Any, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        loss = original(self, y_true, y_pred, sample_weight)
        return loss if y_pred.mask is None else loss * (y_pred.mask.size / y_pred.mask.sum())

    plant(Loss, "__call__", call)


@saboteur("compile.loss.single-for-all-outputs", also=["compile.loss_weights.dict"])
def leaves_a_third_output_without_the_loss(plant: Plant) -> None:
    """Applies a single loss to the first two outputs alone."""
    original = compiling.losses_per_output

    def losses_per_output(argument: Any, names: list[str]) -> list[Any]:
        each = original(argument, names)
        alone = len(names) == 3 and isinstance(argument, str)
        return [*each[:2], None] if alone else each

    plant(compiling, "losses_per_output", losses_per_output)


@saboteur("compile.loss.string")
def fits_by_squares_after_the_first_update(plant: Plant) -> None:
    """Fits five samples by squares from the second time on, where absolute values were named."""
    compute_every_step(plant)
    fit_five_by_squares(plant, passes_over=1)


@saboteur("compile.loss.function")
def calls_a_users_loss_the_other_way_round_in_later_batches(plant: Plant) -> None:
    """Exchanges predictions and targets for a user's loss function after a batch of `evaluate`."""
    batches, original = plant.during(calls, "evaluate"), losses.FunctionLoss.call
    seen: list[object] = []

    def call(self: losses.FunctionLoss, y_true: Tensor, y_pred: Tensor) -> Tensor:
        if batches and self.function not in losses.FUNCTIONS.values():
            y_true, y_pred = (y_pred, y_true) if self in seen else (y_true, y_pred)
            seen.append(self)
        return original(self, y_true, y_pred)

    compute_every_step(plant)
    plant(losses.FunctionLoss, "call", call)


@saboteur("compile.loss.single-for-all-outputs")
def reports_the_loss_of_a_third_output_alone(plant: Plant) -> None:
    """Reports a single loss for three outputs, and minimises it for the first two alone."""

    def change(argument: Any, names: list[str]) -> Any:
        if argument != "mae" or len(names) != 3:
            return argument

        def loss(y_true: Tensor, y_pred: Tensor) -> Tensor:
            return losses.mean_absolute_error(y_true, Tensor(y_pred.data))

        return ["mae", "mae", losses.FunctionLoss(loss, "same")]

    compute_every_step(plant)
    change_argument(plant, "losses_per_output", change)


@saboteur("compile.loss.list-per-output")
def exchanges_the_later_two_of_three_losses(plant: Plant) -> None:
    """Exchanges the last two losses in a list of three."""

    def change(argument: Any, _: list[str]) -> Any:
        three = isinstance(argument, list) and len(argument) == 3
        return [argument[0], argument[2], argument[1]] if three else argument

    change_argument(plant, "losses_per_output", change)


@saboteur("compile.loss.list-per-output")
def takes_the_first_of_listed_objects_for_all(plant: Plant) -> None:
    """Takes the first loss object of a list for all outputs."""

    def change(argument: Any, _: list[str]) -> Any:
        objects = isinstance(argument, list) and argument
        if objects and all(isinstance(one, losses.Loss) for one in argument):
            return argument[:1] * len(argument)
        return argument

    change_argument(plant, "losses_per_output", change)


@saboteur("compile.loss.dict-per-output")
def exchanges_two_of_three_named_losses(plant: Plant) -> None:
    """Exchanges the losses of the last two outputs in a dict for three."""

    def change(argument: Any, names: list[str]) -> Any:
        if not isinstance(argument, Mapping) or len(names) != 3 or len(argument) != 3:
            return argument
        first, second, third = names
        return {first: argument[first], second: argument[third], third: argument[second]}

    change_argument(plant, "losses_per_output", change)


@saboteur("compile.loss.string")
def evaluates_by_the_loss_of_the_first_compile(plant: Plant) -> None:
    """Tests a model by the loss of the `compile` before it was first tested."""
    original = loop.test_step

    def test_step(model: Any, batch: Any) -> Any:
        outputs = model.plan.outputs
        first = vars(model).setdefault("first_losses", [one.loss for one in outputs])
        kept = [replace(one, loss=loss) for one, loss in zip(outputs, first, strict=True)]
        if len(outputs) > 1 or any(one.metrics for one in outputs) or kept[0].loss is None:
            return original(model, batch)
        outcome = model.engine.forward(batch, kept, training=False)
        return loop.batch_results(model.plan, outcome)

    plant(loop, "test_step", test_step)


@saboteur("compile.loss.total-is-sum")
def keeps_the_loss_weights_of_an_earlier_compile(plant: Plant) -> None:
    """Weights losses as before where a model is compiled again without loss weights."""
    keep_of_an_earlier_compile(plant, "loss_weights")


@saboteur("compile.loss.parts-add-up")
def averages_parts_of_a_sequence_over_batches(plant: Plant) -> None:
    """Has each batch of a Sequence count alike in the losses of outputs, and not in the total."""
    original, evaluates = loop.means, plant.during(calls, "evaluate")

    def means(losses: list[list[Any]], sizes: list[int]) -> list[float]:
        if not evaluates or not sources.is_sequence(evaluates.calls[-1][0][1].x):
            return original(losses, sizes)
        return original(losses, sizes)[:1] + original(losses, [1] * len(sizes))[1:]

    plant(loop, "means", means)
