"""Saboteurs that meet odd arguments of `compile` otherwise than the reference."""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import compiling
from fitspec.reference.api.compiled import Compiled
from fitspec.reference.compute import engine
from fitspec.reference.tensor.autodiff import Tensor
from fitspec.reference.training import engine as training_engine

from .planting import saboteur

if TYPE_CHECKING:
    from .planting import Plant


@saboteur("compile.loss.none-and-no-targets")
def takes_a_model_without_loss_for_not_compiled(plant: Plant) -> None:
    """Raises RuntimeError, as for a model that was never compiled, where there is no loss."""
    original = Compiled.require_engine

    def require_engine(self: Compiled) -> None:
        if all(output.loss is None for output in self.plan.outputs):
            raise RuntimeError("the model must be compiled first")
        original(self)

    plant(Compiled, "require_engine", require_engine)


@saboteur("compile.metrics.output-without-loss")
def passes_over_metrics_without_targets(plant: Plant) -> None:
    """Leaves out the metrics of outputs that have no loss."""
    plant(compiling, "check_metrics_have_targets", lambda *_: None)


@saboteur("compile.metrics.none-in-dict")
def knows_no_metric_called_none(plant: Plant) -> None:
    """Takes `None` in a dict for a metric that it does not know."""
    original = compiling.listed

    def listed(argument: object) -> list[object]:
        if argument is None:
            raise ValueError("metrics must be functions or names, not None")
        return original(argument)

    plant(compiling, "listed", listed)


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
        each = compiling.per_output(argument, names, "loss_weights", lambda _: 1.0)
        return [float(one) for one in each]  # type: ignore[arg-type]  # that is the defect

    plant(compiling, "loss_weights_per_output", loss_weights_per_output)


@saboteur("compile.sample_weight_mode.output-left-out")
def has_no_mode_where_none_is_named(plant: Plant) -> None:
    """Takes an output that the dict leaves out for one without a mode."""
    original = compiling.temporal_per_output

    def temporal_per_output(argument: Any, names: list[str]) -> list[bool]:
        if isinstance(argument, Mapping):
            argument = {**dict.fromkeys(names), **argument}
        return original(argument, names)

    plant(compiling, "temporal_per_output", temporal_per_output)


@saboteur("compile.target_tensors.array")
def makes_target_tensors_of_arrays(plant: Plant) -> None:
    """Makes a tensor of an array of NumPy."""
    original = engine.ArrayVocabulary.tensor

    def tensor(self: engine.ArrayVocabulary, value: object) -> Tensor:
        return original(self, Tensor(value) if isinstance(value, np.ndarray) else value)

    plant(engine.ArrayVocabulary, "tensor", tensor)


@saboteur("compile.target_tensors.other-number-of-samples")
def repeats_a_single_target(plant: Plant) -> None:
    """Compares all samples with the target of a tensor that has only one."""
    original = training_engine.own_target

    def own_target(plan: Any, size: int) -> Any:
        single = plan.target is not None and len(plan.target) == 1
        return original(plan, 1 if single else size)

    plant(training_engine, "own_target", own_target)
