"""The arguments of `compile`, resolved into a plan that training follows."""

from __future__ import annotations

import copy
import math
import numbers
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from fitspec.reference.data import outputs
from fitspec.reference.training.plan import OutputPlan, TrainingPlan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.api.arguments import Request
    from fitspec.reference.training.plan import Loss, Metric


class Vocabulary(Protocol):
    """What the words of compile mean to an array engine.

    Each method raises a ValueError that names the argument, what came and what was expected.
    """

    def optimizer(self, identifier: object) -> Any:
        """Find an optimizer."""

    def loss(self, identifier: object) -> Loss:
        """Find a loss."""

    def metric(self, identifier: object, loss: Any, what: str) -> Metric:
        """Find a metric of an output with this loss, or None, given in the argument `what`."""

    def tensor(self, value: object) -> Any:
        """Return a target tensor; TypeError if it is none."""


def resolve(output_names: Sequence[str], vocabulary: Vocabulary, given: Request) -> TrainingPlan:
    """Check the arguments of compile and resolve them output by output.

    Raises:
        ValueError: An argument is invalid.
        TypeError: A target tensor is no tensor.

    """
    names = list(output_names)
    optimizer = vocabulary.optimizer(given.optimizer)
    losses = [
        None if one is None else vocabulary.loss(one)
        for one in losses_per_output(given.loss, names)
    ]
    factors = loss_weights_per_output(given.loss_weights, names)
    modes = temporal_per_output(given.sample_weight_mode, names)
    targets = [
        None if one is None else vocabulary.tensor(one)
        for one in target_tensors_per_output(given.target_tensors, names)
    ]
    plain = metrics_per_output(given.metrics, names, "metrics")
    weighted = metrics_per_output(given.weighted_metrics, names, "weighted_metrics")
    plans = [
        OutputPlan(
            name,
            losses[place],
            factors[place],
            resolve_metrics(plain[place], losses[place], place, "metrics", vocabulary),
            resolve_metrics(weighted[place], losses[place], place, "weighted_metrics", vocabulary),
            modes[place],
            targets[place],
        )
        for place, name in enumerate(names)
    ]
    return TrainingPlan(optimizer, tuple(plans), dict(given.kwargs))


def losses_per_output(argument: object, names: list[str]) -> list[object]:
    """Return what names the loss of every output; None for outputs that are not trained."""
    if isinstance(argument, (list, tuple, Mapping)):
        # compile.loss.list-per-output, compile.loss.dict-per-output
        return outputs.per_output(argument, names, "loss")
    return [argument] * len(names)  # compile.loss.single-for-all-outputs


def loss_weights_per_output(argument: object, names: list[str]) -> list[float]:
    """Return the coefficient of every output's loss."""
    # compile.loss_weights.list, compile.loss_weights.dict, compile.loss_weights.missing-means-one
    each = outputs.per_output(argument, names, "loss_weights", 1.0)
    factors = [float(one) for one in each if isinstance(one, numbers.Real) and not math.isnan(one)]
    if len(factors) < len(names):
        raise ValueError(f"loss_weights must hold numbers, not {argument!r}")
    return factors


def temporal_per_output(argument: object, names: list[str]) -> list[bool]:
    """Return, for every output, whether its weights have a time axis."""
    if argument is None or isinstance(argument, str):
        each: list[object] = [argument] * len(names)
    else:
        # compile.sample_weight_mode.dict-and-list
        each = outputs.per_output(argument, names, "sample_weight_mode")
    missing = [name for name in names if isinstance(argument, Mapping) and name not in argument]
    if missing:
        raise ValueError(f"sample_weight_mode names no mode for output {missing[0]!r}")
    for mode in each:
        if mode not in (None, "temporal"):  # compile.sample_weight_mode.invalid-ValueError
            raise ValueError(f"sample_weight_mode must be 'temporal' or None, not {mode!r}")
    return [mode == "temporal" for mode in each]


def target_tensors_per_output(argument: object, names: list[str]) -> list[object]:
    """Return the target tensor of every output that has one of its own."""
    if argument is not None and not isinstance(argument, (list, tuple, Mapping)):
        argument = [argument]  # compile.target_tensors.single-list-dict
    # compile.target_tensors.invalid: not one for each output
    return outputs.per_output(argument, names, "target_tensors")


def metrics_per_output(argument: object, names: list[str], what: str) -> list[list[object]]:
    """Return the metric identifiers of every output."""
    if isinstance(argument, Mapping):  # compile.metrics.dict-per-output
        return [listed(one) for one in outputs.per_output(argument, names, what)]
    several = listed(argument)
    if any(isinstance(one, (list, tuple)) for one in several):
        # compile.metrics.nested-list, compile.metrics.mixed-list
        return [listed(one) for one in outputs.per_output(several, names, what)]
    return [several for _ in names]  # compile.metrics.flat-list-on-multi-output


def listed(argument: object) -> list[object]:
    """Return metrics as a list, and one as a list of one (`compile.metrics.dict-of-lists`)."""
    if argument is None:
        return []
    return list(argument) if isinstance(argument, (list, tuple)) else [argument]


def resolve_metrics(
    identifiers: list[object], loss: Loss | None, position: int, what: str, vocabulary: Vocabulary
) -> tuple[Metric, ...]:
    """Find an output's metrics; the first output keeps an instance, others get copies of it."""
    found = [vocabulary.metric(identifier, loss, what) for identifier in identifiers]
    if loss is None:
        # Without a loss no target is expected, and so there is nothing to compare with.
        return ()
    return tuple(copy.deepcopy(metric) if position else metric for metric in found)
