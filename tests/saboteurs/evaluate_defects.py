"""Saboteurs of `evaluate`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.api import calls
from fitspec.reference.models.model import Model
from fitspec.reference.network.compiled_network import CompiledNetwork
from fitspec.reference.training import loop

from .changed_requests import change_request
from .planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.data.batches import Batch

    from .planting import Plant


@saboteur("evaluate.test-mode")
def evaluates_in_training_mode(plant: Plant) -> None:
    """Drops inputs while evaluating as while training."""
    original = loop.test_step

    def test_step(model: Model, batch: Batch) -> list[float]:
        if not evaluating:
            return original(model, batch)
        outcome = model.engine.forward(batch, model.plan.outputs, training=True)
        return loop.batch_results(model.plan, outcome)

    evaluating = plant.during(calls, "evaluate")
    plant(loop, "test_step", test_step)


@saboteur("evaluate.no-weight-update")
def counts_an_evaluation_as_an_update(plant: Plant) -> None:
    """Adds an evaluation to the count of updates."""
    original = calls.evaluate

    def evaluate(model: Model, request: Any) -> Any:
        model.optimizer.iterations += 1
        return original(model, request)

    plant(calls, "evaluate", evaluate)


@saboteur(
    "evaluate.batch_size.invariance",
    also=[
        "evaluate.batched",
        "evaluate.batch_size.default-32",
        "evaluate.sample_weight.temporal",
        "evaluate_generator.equals-evaluate",
        "evaluate_generator.loss-mean-over-samples",
    ],
)
def evaluates_to_the_loss_of_the_last_batch(plant: Plant) -> None:
    """Returns the loss of the last batch as that of all."""
    original = loop.mean_over_samples

    def mean_over_samples(losses: Any, sizes: Any) -> float:
        return float(losses[-1]) if evaluating else original(losses, sizes)

    evaluating = plant.during(calls, "evaluate")
    plant(loop, "mean_over_samples", mean_over_samples)


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


@saboteur(
    "evaluate.returns.scalar",
    also=["evaluate_generator.returns"],
)
def evaluates_to_a_list_always(plant: Plant) -> None:
    """Returns a list of one loss where there is nothing else."""
    original = calls.evaluate

    def evaluate(model: Model, request: Any) -> Any:
        value = original(model, request)
        return value if isinstance(value, list) else [value]

    plant(calls, "evaluate", evaluate)


@saboteur(
    "evaluate.returns.list",
    also=[
        "compile.loss_weights.components-reported-unweighted",
        "evaluate_generator.returns",
        "compile.metrics.dict-per-output",
        "compile.metrics.flat-list-on-multi-output",
        "compile.metrics.mixed-list",
        "compile.metrics.nested-list",
    ],
)
def evaluates_several_outputs_to_their_sum(plant: Plant) -> None:
    """Returns the total loss of several outputs without the loss of each."""
    original: Any = calls.evaluate

    def evaluate(model: Model, request: Any) -> Any:
        value = original(model, request)
        return value[0] if len(model.output_names) > 1 else value

    plant(calls, "evaluate", evaluate)


@saboteur(
    "evaluate.returns.metrics_names-labels",
    also=["train_on_batch.returns", "test_on_batch.returns", "evaluate_generator.returns"],
)
def sorts_the_labels(plant: Plant) -> None:
    """Gives the labels in alphabetical order and the values in another."""
    plant(CompiledNetwork, "metrics_names", lambda self: sorted(self.plan.metrics_names))


@saboteur("evaluate.raises.not-compiled")
def says_ValueError_when_evaluating_is_not_compiled(plant: Plant) -> None:  # noqa: N802  an exception's name
    """Raises a ValueError when a model is evaluated that was never compiled."""
    original = Model.evaluate

    def evaluate(self: Model, *args: Any, **kwargs: Any) -> Any:
        try:
            return original(self, *args, **kwargs)
        except RuntimeError as error:
            raise ValueError(str(error)) from error

    plant(Model, "evaluate", evaluate)
