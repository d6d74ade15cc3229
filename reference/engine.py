"""Where arrays are computed: the one thing that a training loop knows of a model's inside."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from fitspec.reference import _array, autodiff, losses, metrics, optimizers
from fitspec.reference.autodiff import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fitspec.reference._array import Array
    from fitspec.reference.compiling import OutputPlan
    from fitspec.reference.data import Batch
    from fitspec.reference.losses import Loss
    from fitspec.reference.metrics import Metric
    from fitspec.reference.network import Network
    from fitspec.reference.optimizers import Optimizer


@dataclass(frozen=True)
class Outcome:
    """What the model did with one batch.

    Attributes:
        total: The quantity that training makes small: a tensor of the engine with one element.
        losses: The loss of every output that has one, unweighted.
        targets: Per output, in a form that metrics take; None where nothing is compared.
        predictions: Per output, in a form that metrics take.
        weights: Per output, in a form that metrics take; None for ones.

    """

    total: Any
    losses: list[Any]
    targets: list[Any]
    predictions: list[Any]
    weights: list[Any]


class Engine(Protocol):
    """Computes predictions, losses and updates for a training loop.

    That loop, its data, callbacks and queues are the same whatever computes: another array library
    takes another engine, and the `Vocabulary` that finds its losses and optimizers for compile.
    """

    def forward(self, batch: Batch, outputs: Sequence[OutputPlan], *, training: bool) -> Outcome:
        """Compute predictions and losses of a batch; weights stay as they are."""

    def update(self, outcome: Any, optimizer: Any) -> None:
        """Change the weights once, by the gradients of the total of an outcome of `forward`."""

    def predict(self, batch: Batch) -> list[Array]:
        """Compute the outputs for a batch in inference mode."""


class ArrayEngine:
    """Computes with `autodiff`, in the array library of the network's device."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def forward(self, batch: Batch, outputs: Sequence[OutputPlan], *, training: bool) -> Outcome:
        """Compute predictions and losses of a batch."""
        if training:
            return self._forward(batch, outputs, training=True)
        with autodiff.paused():
            return self._forward(batch, outputs, training=False)

    def _forward(self, batch: Batch, outputs: Sequence[OutputPlan], *, training: bool) -> Outcome:
        batch = self._on_device(batch)
        predictions = self._network.run(self._inputs(batch), training=training)
        return compared(
            predictions, batch, outputs, lambda given, _prediction, _plan: Tensor(given)
        )

    def update(self, outcome: Outcome, optimizer: Optimizer) -> None:
        """Change the weights once."""
        variables = self._network.trainable_variables
        optimizer.apply(variables, autodiff.gradients(outcome.total, variables))

    def predict(self, batch: Batch) -> list[Array]:
        """Compute the outputs for a batch in inference mode."""
        with autodiff.paused():
            outputs = self._network.run(self._inputs(self._on_device(batch)), training=False)
        return [output.numpy() for output in outputs]

    def _on_device(self, batch: Batch) -> Batch:
        if self._network.device == _array.CPU:
            return batch
        library = _array.library(self._network.device)

        def moved(arrays: Sequence[Array | None]) -> list[Any]:
            return [None if array is None else library.asarray(array) for array in arrays]

        return replace(
            batch,
            inputs=moved(batch.inputs),
            targets=moved(batch.targets),
            weights=moved(batch.weights),
        )

    def _inputs(self, batch: Batch) -> list[Tensor]:
        demanded = self._network.batch_size
        if demanded not in (None, batch.size):
            raise ValueError(f"the model takes batches of {demanded} samples, got {batch.size}")
        fed = iter(batch.inputs)
        own = self._network.input_tensors
        return [Tensor(next(fed)) if tensor is None else tensor for tensor in own]


class ArrayVocabulary:
    """Finds what the reference itself has."""

    def optimizer(self, identifier: object) -> Optimizer:
        """Find an optimizer."""
        return optimizers.resolve(identifier)

    def loss(self, identifier: object) -> Loss:
        """Find a loss."""
        return losses.resolve(identifier)

    def metric(self, identifier: object, loss: Loss | None, what: str) -> Metric:
        """Find a metric."""
        return metrics.resolve(identifier, loss, what)

    def tensor(self, value: object) -> Tensor:
        """Return a target tensor.

        Raises:
            TypeError: It is no tensor.

        """
        if not isinstance(value, Tensor):
            raise TypeError(f"target_tensors must hold tensors, not {type(value).__name__}")
        return value


def compared(
    predictions: list[Any],
    batch: Batch,
    outputs: Sequence[OutputPlan],
    as_target: Callable[[Array, Any, OutputPlan], Any],
) -> Outcome:
    """Compare predictions with targets, on tensors of any engine.

    Args:
        predictions: One tensor per output.
        batch: What they are predictions for.
        outputs: What compile says about the outputs.
        as_target: Turns an array of targets into a tensor to compare with the prediction of an
            output, given all three.

    """
    targets: list[Any] = []
    each: list[Any] = []
    weighted: list[Any] = []
    for position, plan in enumerate(outputs):
        prediction = predictions[position]
        given = batch.targets[position]
        target = (
            own_target(plan, batch.size) if given is None else as_target(given, prediction, plan)
        )
        targets.append(target)
        if plan.loss is not None and target is not None:
            loss = plan.loss(target, prediction, batch.weights[position])
            each.append(loss)
            weighted.append(weighted_loss(loss, plan.loss_weight))
    return Outcome(total_loss(weighted), each, targets, predictions, batch.weights)


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
    total = each[0]
    for loss in each[1:]:
        total = total + loss
    return total
