"""All that the training loop knows of the arithmetic, and of what it trains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fitspec.reference.data.arrays import Array
    from fitspec.reference.data.batches import Batch, Samples
    from fitspec.reference.training.plan import OutputPlan, TrainingPlan


@dataclass(frozen=True)
class Outcome:
    """What the model did with one batch.

    Attributes:
        total: The quantity that training makes small: a tensor of the engine with one element.
        losses: The loss of every output that has one, unweighted.
        targets: Per output, in a form that metrics take; None where nothing is compared.
        predictions: Per output, in a form that metrics take.
        weights: Per output, in a form that metrics take; None for ones.
        step: What the engine needs besides to make the update; its own affair.
        late: Whether a device may still be computing all this, so that to ask for a number waits.

    """

    total: Any
    losses: list[Any]
    targets: list[Any]
    predictions: list[Any]
    weights: list[Any]
    step: Any = None
    late: bool = False


class Engine(Protocol):
    """Computes predictions, losses and updates for a training loop.

    That loop, its data, callbacks and queues are the same whatever computes: another array library
    takes another engine, and the `Vocabulary` that finds its losses and optimizers for compile.
    """

    def forward(self, batch: Batch, outputs: Sequence[OutputPlan], *, training: bool) -> Outcome:
        """Compute predictions and losses of a batch; weights stay as they are."""

    def update(self, outcome: Any, optimizer: Any) -> None:
        """Change the weights once, by the gradients of the total of an outcome of `forward`."""

    def predict(self, batch: Batch) -> list[Any]:
        """Compute the outputs for a batch in inference mode: arrays of NumPy, perhaps late ones."""

    def placed(self, samples: Samples) -> Samples:
        """Return data where batches are best taken from."""


class Model(Protocol):
    """What the training loop asks of a model.

    Attributes:
        stop_training: Whether training is to end after the current batch.

    """

    stop_training: bool

    @property
    def plan(self) -> TrainingPlan:
        """What compile said; RuntimeError before compile."""

    @property
    def engine(self) -> Engine:
        """What computes."""


def compared(
    predictions: list[Any],
    batch: Batch,
    outputs: Sequence[OutputPlan],
    as_target: Callable[[Array, Any, OutputPlan], Any],
    penalties: Sequence[Any] = (),
) -> Outcome:
    """Compare predictions with targets, on tensors of any engine.

    Args:
        predictions: One tensor per output.
        batch: What they are predictions for.
        outputs: What compile says about the outputs.
        as_target: Turns an array of targets into a tensor to compare with the prediction of an
            output, given all three.
        penalties: What regularizers add to the total.

    """
    targets: list[Any] = []
    each: list[Any] = []
    weighted: list[Any] = []
    each_output = zip(outputs, predictions, batch.targets, batch.weights, strict=True)
    for plan, prediction, given, weights in each_output:
        target = own_target(plan, batch.size)
        if given is not None:
            target = as_target(given, prediction, plan)
        targets.append(target)
        if plan.loss is not None and target is not None:
            # fit.class_weight.weights-gradient, fit.sample_weight.gradient: this is minimised
            loss = plan.loss(target, prediction, weights)
            if getattr(loss, "ndim", 0):  # of a loss that reduces nothing
                loss = loss.mean()
            each.append(loss)
            weighted.append(weighted_loss(loss, plan.loss_weight))
    return Outcome(total_loss([*weighted, *penalties]), each, targets, predictions, batch.weights)


def own_target(plan: OutputPlan, size: int) -> Any | None:
    """Return the target tensor of an output that has one (`compile.target_tensors.no-external-y`).

    Raises:
        ValueError: The batch has not as many samples as the tensor.

    """
    if plan.target is not None and len(plan.target) != size:
        raise ValueError(
            f"target_tensors: the tensor of {plan.name!r} has {len(plan.target)} samples, "
            f"the batch {size}"
        )
    return plan.target


def weighted_loss(loss: Any, coefficient: float) -> Any:
    """Scale one output's loss (`compile.loss_weights.scale-gradient`)."""
    return loss if coefficient == 1 else loss * coefficient


def total_loss(each: Sequence[Any]) -> Any:
    """Add up the outputs' losses (`compile.loss.total-is-sum`)."""
    return sum(each[1:], start=each[0])
