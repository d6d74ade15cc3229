"""What compile says about a model, as training follows it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Loss(Protocol):
    """What training asks of the loss of an output.

    Attributes:
        target_form: How a target's shape relates to the output's: "same" for equal, "index" for one
            class index in place of the last axis, "any" if it is unknown.

    """

    target_form: Literal["same", "index", "any"]

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """Return the loss of a batch, as a tensor of the engine."""


class Metric(Protocol):
    """What training asks of a metric.

    Attributes:
        name: Label of its results.

    """

    name: str

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """Add one batch."""

    def result(self) -> Any:
        """Return the value over all batches since the last reset."""

    def reset_states(self) -> None:
        """Forget all batches."""


@dataclass(frozen=True)
class OutputPlan:
    """What compile says about one output."""

    name: str
    loss: Loss | None
    loss_weight: float
    metrics: tuple[Metric, ...]
    weighted_metrics: tuple[Metric, ...]
    temporal: bool
    target: Any | None

    @property
    def all_metrics(self) -> tuple[Metric, ...]:
        """Every metric, in the order in which results are reported."""
        return (*self.metrics, *self.weighted_metrics)

    @property
    def needs_target(self) -> bool:
        """Whether target data must come from outside (`compile.target_tensors.no-external-y`)."""
        return self.loss is not None and self.target is None


class Users(list[int]):
    """The thread that trains or tests something, once for every call; a copy begins with none."""

    def __reduce__(self) -> tuple[type[Users], tuple[()]]:
        return Users, ()


@dataclass(frozen=True)
class TrainingPlan:
    """What compile says about a model."""

    optimizer: Any
    outputs: tuple[OutputPlan, ...]
    backend_arguments: Mapping[str, object]

    @cached_property
    def output_names(self) -> list[str]:
        """The names of the outputs."""
        return [plan.name for plan in self.outputs]

    @cached_property
    def all_metrics(self) -> list[Metric]:
        """Every metric, in the order in which results are reported."""
        return [metric for plan in self.outputs for metric in plan.all_metrics]

    @cached_property
    def users(self) -> list[Users]:
        """Who trains or tests with the optimizer, and with each metric; other models may, too."""
        known = [vars(x) for x in (self.optimizer, *self.all_metrics) if hasattr(x, "__dict__")]
        return [each.setdefault("_users", Users()) for each in known]

    @cached_property
    def metrics_names(self) -> list[str]:
        """The labels of results (`evaluate.returns.metrics_names-labels`).

        The loss; the loss of each output if there are several; the metrics, output by output.
        """
        several = len(self.outputs) > 1
        names = ["loss"]
        if several:
            names += [f"{plan.name}_loss" for plan in self.outputs if plan.loss is not None]
        for plan in self.outputs:
            prefix = f"{plan.name}_" if several else ""
            # compile.metrics.list
            names += [prefix + metric.name for metric in plan.all_metrics]
        return numbered(names)


def numbered(names: Iterable[str]) -> list[str]:
    """Tell equal names apart by appending `_1`, `_2` to the second, third."""
    seen: dict[str, int] = {}
    distinct = []
    for name in names:
        seen[name] = before = seen.get(name, -1) + 1
        distinct.append(f"{name}_{before}" if before else name)
    return distinct
