"""Saboteurs of `evaluate`: what is returned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import calls
from fitspec.reference.network import engine
from fitspec.reference.network.compiled_network import CompiledNetwork

from ..changed_steps import after
from ..planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.models.model import Model

    from ..planting import Plant


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


@saboteur("evaluate.returns.number-type")
def evaluates_to_numpy_floats(plant: Plant) -> None:
    """Returns NumPy's 64 bit floats from `evaluate`."""

    def converted(_: Any, value: Any) -> Any:
        return [np.float64(one) for one in value] if isinstance(value, list) else np.float64(value)

    after(plant, "evaluate", converted)


@saboteur("evaluate.returns.penalties")
def evaluates_without_penalties(plant: Plant) -> None:
    """Leaves out of the loss of `evaluate` what the weights of layers cost."""
    evaluating = plant.during(calls, "evaluate")
    original = getattr(engine, "compared")  # noqa: B009  it is there for `engine`'s own use

    def compared(*args: Any) -> Any:
        *others, penalties = args
        return original(*others, () if evaluating else penalties)

    plant(engine, "compared", compared)
