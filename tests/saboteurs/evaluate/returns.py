"""Saboteurs of `evaluate`: what is returned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import calls
from fitspec.reference.data import sources
from fitspec.reference.network import engine
from fitspec.reference.network.compiled_network import CompiledNetwork
from fitspec.reference.training import loop

from ..changed_steps import after
from ..changed_streams import given_a
from ..direct_calls import called
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


@saboteur("evaluate.returns.list")
def returns_a_tuple_of_a_sequence(plant: Plant) -> None:
    """Returns several values of a Sequence in a tuple."""
    change_of_sequences(plant, list, tuple)


@saboteur("evaluate.returns.scalar")
def returns_the_loss_of_a_sequence_in_a_list(plant: Plant) -> None:
    """Returns the loss of a Sequence alone in a list."""
    change_of_sequences(plant, float, lambda loss: [loss])


def change_of_sequences(plant: Plant, kind: type, change: Any) -> None:
    """Have `evaluate` return something else of a Sequence, where it returns a value of a kind."""
    original, now = calls.evaluate, called(plant, "evaluate")

    def evaluate(model: Any, request: Any) -> Any:
        value = original(model, request)
        applies = now() and sources.is_sequence(request.x) and isinstance(value, kind)
        return change(value) if applies else value

    plant(calls, "evaluate", evaluate)


@saboteur(
    "evaluate.returns.metrics_names-labels",
    also=["train_on_batch.returns", "test_on_batch.returns", "evaluate_generator.returns"],
)
def keeps_the_labels_of_another_compile(plant: Plant) -> None:
    """Labels results as after an earlier `compile` that gave as many of them."""
    labels = CompiledNetwork.metrics_names.fget  # type: ignore[attr-defined]  # a property

    def metrics_names(self: Any) -> list[str]:
        found: list[str] = labels(self)
        kept: list[str] = vars(self).setdefault("labels", {}).setdefault(len(found), found)
        return kept

    plant(CompiledNetwork, "metrics_names", metrics_names)


@saboteur("evaluate.returns.list")
def returns_the_total_alone_of_a_generator(plant: Plant) -> None:
    """Returns a bare loss for several outputs where `evaluate` is given a generator."""
    applies = given_a(plant, "evaluate", "generator")
    original = loop.scalar_or_list

    def scalar_or_list(results: list[float]) -> float | list[float]:
        return results[0] if applies() else original(results)

    plant(loop, "scalar_or_list", scalar_or_list)
