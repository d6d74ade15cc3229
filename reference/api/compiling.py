"""The arguments of `compile`, resolved into a plan that training follows."""

from __future__ import annotations

import copy
import math
import numbers
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from fitspec.reference.training.plan import OutputPlan, TrainingPlan

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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


def resolve(  # noqa: PLR0913, PLR0917 - the arguments of compile
    output_names: Sequence[str],
    optimizer: object,
    loss: object,
    metrics_argument: object,
    loss_weights: object,
    sample_weight_mode: object,
    weighted_metrics: object,
    target_tensors: object,
    vocabulary: Vocabulary,
    backend_arguments: Mapping[str, object],
) -> TrainingPlan:
    """Check the arguments of compile and resolve them output by output.

    Raises:
        ValueError: An argument is invalid.
        TypeError: A target tensor is no tensor.

    """
    names = list(output_names)
    resolved_optimizer = vocabulary.optimizer(optimizer)
    resolved_losses = [
        None if one is None else vocabulary.loss(one) for one in losses_per_output(loss, names)
    ]
    factors = loss_weights_per_output(loss_weights, names)
    modes = temporal_per_output(sample_weight_mode, names)
    targets = [
        None if one is None else vocabulary.tensor(one)
        for one in target_tensors_per_output(target_tensors, names)
    ]
    check_metrics_have_targets(metrics_argument, resolved_losses, names, "metrics")
    check_metrics_have_targets(weighted_metrics, resolved_losses, names, "weighted_metrics")
    plain = metrics_per_output(metrics_argument, names, "metrics")
    weighted = metrics_per_output(weighted_metrics, names, "weighted_metrics")
    outputs = []
    for position, name in enumerate(names):
        own_loss = resolved_losses[position]
        outputs.append(
            OutputPlan(
                name=name,
                loss=own_loss,
                loss_weight=factors[position],
                metrics=resolve_metrics(plain[position], own_loss, position, "metrics", vocabulary),
                weighted_metrics=resolve_metrics(
                    weighted[position], own_loss, position, "weighted_metrics", vocabulary
                ),
                temporal=modes[position],
                target=targets[position],
            )
        )
    return TrainingPlan(resolved_optimizer, tuple(outputs), dict(backend_arguments))


def losses_per_output(argument: object, names: list[str]) -> list[object]:
    """Return what names the loss of every output; None for outputs that are not trained."""
    if isinstance(argument, (list, tuple, Mapping)):
        # compile.loss.list-per-output, compile.loss.dict-per-output
        return per_output(argument, names, "loss", lambda _: None)
    return [argument] * len(names)  # compile.loss.single-for-all-outputs


def loss_weights_per_output(argument: object, names: list[str]) -> list[float]:
    """Return the coefficient of every output's loss."""
    # compile.loss_weights.list, compile.loss_weights.dict, compile.loss_weights.missing-means-one
    each = per_output(argument, names, "loss_weights", lambda _: 1.0)
    factors = [float(one) for one in each if isinstance(one, numbers.Real) and not math.isnan(one)]
    if len(factors) < len(names):
        raise ValueError(f"loss_weights must hold numbers, not {argument!r}")
    return factors


def temporal_per_output(argument: object, names: list[str]) -> list[bool]:
    """Return, for every output, whether its weights have a time axis."""

    def refuse_missing(name: str) -> object:
        raise ValueError(f"sample_weight_mode names no mode for output {name!r}")

    if argument is None or isinstance(argument, str):
        each: list[object] = [argument] * len(names)
    else:
        # compile.sample_weight_mode.dict-and-list
        each = per_output(argument, names, "sample_weight_mode", refuse_missing)
    for mode in each:
        if mode not in (None, "temporal"):  # compile.sample_weight_mode.invalid-ValueError
            raise ValueError(f"sample_weight_mode must be 'temporal' or None, not {mode!r}")
    return [mode == "temporal" for mode in each]


def target_tensors_per_output(argument: object, names: list[str]) -> list[object]:
    """Return the target tensor of every output that has one of its own."""
    if argument is not None and not isinstance(argument, (list, tuple, Mapping)):
        argument = [argument]  # compile.target_tensors.single-list-dict
    # compile.target_tensors.invalid: not one for each output
    return per_output(argument, names, "target_tensors", lambda _: None)


def metrics_per_output(argument: object, names: list[str], what: str) -> list[list[object]]:
    """Return the metric identifiers of every output."""
    if argument is None:
        return [[] for _ in names]
    if isinstance(argument, Mapping):  # compile.metrics.dict-per-output
        return [listed(one) for one in per_output(argument, names, what, lambda _: [])]
    several = listed(argument)
    if any(isinstance(one, (list, tuple)) for one in several):
        # compile.metrics.nested-list, compile.metrics.mixed-list
        return [listed(one) for one in per_output(several, names, what, lambda _: [])]
    return [several for _ in names]  # compile.metrics.flat-list-on-multi-output


def check_metrics_have_targets(
    argument: object, each_loss: list[Loss | None], names: list[str], what: str
) -> None:
    """Refuse a dict that gives metrics to an output without a loss, which takes no target.

    Raises:
        ValueError: It does.

    """
    for name, loss in zip(names, each_loss, strict=True):
        if loss is None and isinstance(argument, Mapping) and argument.get(name):
            raise ValueError(
                f"{what} are given for output {name!r}, which has no loss and so takes no target"
            )


def listed(argument: object) -> list[object]:
    """Return metrics as a list, and one as a list of one (`compile.metrics.dict-of-lists`)."""
    if argument is None:
        return []
    return list(argument) if isinstance(argument, (list, tuple)) else [argument]


def resolve_metrics(
    identifiers: list[object],
    loss: Loss | None,
    position: int,
    what: str,
    vocabulary: Vocabulary,
) -> tuple[Metric, ...]:
    """Find an output's metrics; the first output keeps an instance, others get copies of it."""
    found = [vocabulary.metric(identifier, loss, what) for identifier in identifiers]
    if loss is None:
        # Without a loss no target is expected, and so there is nothing to compare with.
        return ()
    return tuple(copy.deepcopy(metric) if position else metric for metric in found)


def per_output(
    argument: object, names: list[str], what: str, default: Callable[[str], object]
) -> list[object]:
    """Match the entries of a list (by position) or dict (by name) to the outputs.

    Args:
        argument: List, tuple, dict, or None for the default of every output.
        names: The outputs' names.
        what: The argument's name, for messages.
        default: Gives the entry of an output that a dict leaves out.

    Raises:
        ValueError: Wrong length, unknown name, or neither list nor dict.

    """
    if argument is None:
        return [default(name) for name in names]
    if isinstance(argument, Mapping):
        unknown = [key for key in argument if key not in names]
        # compile.loss.dict-unknown-name-ValueError, compile.loss_weights.invalid-ValueError
        if unknown:
            raise ValueError(f"{what} names output {unknown[0]!r}, but the outputs are {names}")
        return [argument[name] if name in argument else default(name) for name in names]
    if isinstance(argument, (list, tuple)):
        # compile.loss.list-length-ValueError, compile.loss_weights.invalid-ValueError
        if len(argument) != len(names):
            raise ValueError(f"{what} has {len(argument)} entries for {len(names)} outputs")
        return list(argument)
    raise ValueError(f"{what} must be a list or a dict, not {argument!r}")
