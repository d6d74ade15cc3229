"""Where arrays are computed: the one thing that a training loop knows of a model's inside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from fitspec.reference import autodiff
from fitspec.reference.autodiff import Tensor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference._array import Array
    from fitspec.reference.compiling import OutputPlan
    from fitspec.reference.data import Batch
    from fitspec.reference.network import Network
    from fitspec.reference.optimizers import Optimizer


@dataclass(frozen=True)
class Outcome:
    """What the model did with one batch.

    Attributes:
        total: The quantity that training makes small: a tensor with one element.
        losses: The loss of every output that has one, unweighted.
        targets: Per output, None where there is nothing to compare with.
        predictions: Per output.

    """

    total: Tensor
    losses: list[Tensor]
    targets: list[Tensor | None]
    predictions: list[Tensor]


class Engine(Protocol):
    """Computes predictions, losses and updates for a training loop."""

    def forward(self, batch: Batch, outputs: Sequence[OutputPlan], *, training: bool) -> Outcome:
        """Compute predictions and losses of a batch; weights stay as they are."""

    def update(self, outcome: Outcome, optimizer: Optimizer) -> None:
        """Change the weights once, by the gradients of `outcome.total`."""

    def predict(self, batch: Batch) -> list[Array]:
        """Compute the outputs for a batch in inference mode."""


class ArrayEngine:
    """Computes with `autodiff` on the current array library."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def forward(self, batch: Batch, outputs: Sequence[OutputPlan], *, training: bool) -> Outcome:
        """Compute predictions and losses of a batch."""
        if training:
            return self._forward(batch, outputs, training=True)
        with autodiff.paused():
            return self._forward(batch, outputs, training=False)

    def _forward(self, batch: Batch, outputs: Sequence[OutputPlan], *, training: bool) -> Outcome:
        predictions = self._network.run(self._inputs(batch), training=training)
        targets: list[Tensor | None] = []
        each: list[Tensor] = []
        weighted: list[Tensor] = []
        for position, plan in enumerate(outputs):
            given = batch.targets[position]
            target = own_target(plan, batch.size) if given is None else Tensor(given)
            targets.append(target)
            if plan.loss is not None and target is not None:
                loss = plan.loss(target, predictions[position], batch.weights[position])
                each.append(loss)
                weighted.append(weighted_loss(loss, plan.loss_weight))
        return Outcome(total_loss(weighted), each, targets, predictions)

    def update(self, outcome: Outcome, optimizer: Optimizer) -> None:
        """Change the weights once."""
        variables = self._network.trainable_variables
        optimizer.apply(variables, autodiff.gradients(outcome.total, variables))

    def predict(self, batch: Batch) -> list[Array]:
        """Compute the outputs for a batch in inference mode."""
        with autodiff.paused():
            outputs = self._network.run(self._inputs(batch), training=False)
        return [output.numpy() for output in outputs]

    def _inputs(self, batch: Batch) -> list[Tensor]:
        demanded = self._network.batch_size
        if demanded not in (None, batch.size):
            raise ValueError(f"the model takes batches of {demanded} samples, got {batch.size}")
        fed = iter(batch.inputs)
        own = self._network.input_tensors
        return [Tensor(next(fed)) if tensor is None else tensor for tensor in own]


def own_target(plan: OutputPlan, size: int) -> Tensor | None:
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


def weighted_loss(loss: Tensor, coefficient: float) -> Tensor:
    """Scale one output's loss (`compile.loss_weights.scale-gradient`)."""
    return loss if coefficient == 1 else loss * coefficient


def total_loss(each: Sequence[Tensor]) -> Tensor:
    """Add up the outputs' losses (`compile.loss.total-is-sum`)."""
    total = each[0]
    for loss in each[1:]:
        total = total + loss
    return total
