"""Where arrays are computed: the one thing that a training loop knows of a model's inside."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from fitspec.reference import _array, autodiff, losses, metrics, optimizers, regularizers
from fitspec.reference.autodiff import Tensor
from fitspec.reference.known_steps import Begun, Known, Memo, Seen, plain_outcome, read_of
from fitspec.reference.outcome import Outcome
from fitspec.reference.recording import Unrecordable, plain
from fitspec.reference.replayable import is_known_optimizer
from fitspec.reference.replaying import Plan, Recording

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fitspec.reference._array import Array
    from fitspec.reference.compiled_network import CompiledNetwork
    from fitspec.reference.compiling import OutputPlan
    from fitspec.reference.data import Batch
    from fitspec.reference.layer import Variable
    from fitspec.reference.losses import Loss
    from fitspec.reference.metrics import Metric
    from fitspec.reference.optimizers import Optimizer


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


_NOT_COMPARED: tuple[OutputPlan, ...] = ()


class ArrayEngine:
    """Computes with `autodiff`, in the array library of the network's device.

    On the CPU, what comes again is recorded, and done again from the record: see `replaying`.
    """

    def __init__(self, network: CompiledNetwork) -> None:
        self._network = network
        self._seen = Seen()

    def forward(self, batch: Batch, outputs: Sequence[OutputPlan], *, training: bool) -> Outcome:
        """Compute predictions and losses of a batch."""
        memo = self._seen.steps
        known = memo.look_up(batch, outputs, self._network, training=training)
        if known is None:
            return self.compute(batch, outputs, training=training)
        if isinstance(known, Known):
            known.plan.forward(batch)
            return known.outcome
        return self._first_recorded(memo, batch, outputs, training=training)

    def _first_recorded(
        self, memo: Memo, batch: Batch, outputs: Sequence[OutputPlan], *, training: bool
    ) -> Outcome:
        found = self._recorded(
            memo, batch, lambda watched: self.compute(watched, outputs, training=training)
        )
        if found is None:
            return self.compute(batch, outputs, training=training)
        recording, recorded = found
        outcome = plain_outcome(recorded)
        if training:
            return replace(outcome, step=Begun(recording, recorded.total, memo))
        memo.keep(recording.plan(read_of(outcome)), outcome)
        return outcome

    def _recorded(
        self, memo: Memo, batch: Batch, compute: Callable[[Batch], Any]
    ) -> tuple[Recording, Any] | None:
        """Record a computation on a batch; None, and as it was before, where that cannot be."""
        recording = Recording(batch, self._network.variables)
        try:
            return recording, recording.forward(compute)
        except Unrecordable:
            recording.undo()
            memo.give_up()
            return None

    def compute(self, batch: Batch, outputs: Sequence[OutputPlan], *, training: bool) -> Outcome:
        """Compute as the definitions say, whatever is recorded."""
        if training:
            return self._forward(batch, outputs, training=True)
        with autodiff.paused():
            return self._forward(batch, outputs, training=False)

    def _forward(self, batch: Batch, outputs: Sequence[OutputPlan], *, training: bool) -> Outcome:
        batch = self._on_device(batch)
        weights = [(weight.regularizer, weight) for weight in self._network.variables]
        with regularizers.collected(weights) as penalties:
            predictions = self._network.run(self._inputs(batch), training=training)
        return compared(
            predictions, batch, outputs, lambda given, _prediction, _plan: Tensor(given), penalties
        )

    def update(self, outcome: Outcome, optimizer: Optimizer) -> None:
        """Change the weights once."""
        step = outcome.step
        if isinstance(step, Plan):
            step.update(optimizer)
            return
        variables = self._network.trained_variables
        if isinstance(step, Begun):
            self._update_recorded(step, outcome, optimizer, variables)
            return
        optimizer.apply(variables, autodiff.gradients(outcome.total, variables))

    def _update_recorded(
        self, begun: Begun, outcome: Outcome, optimizer: Optimizer, variables: list[Variable]
    ) -> None:
        recording = begun.recording
        found = recording.gradients(lambda: autodiff.gradients(begun.total, variables))
        if not is_known_optimizer(optimizer):
            begun.memo.give_up()
            optimizer.apply(variables, [plain(gradient) for gradient in found])
            return
        recording.update(optimizer, variables, found)
        plan = recording.plan(read_of(outcome))
        begun.memo.keep(plan, replace(outcome, step=plan))

    def predict(self, batch: Batch) -> list[Array]:
        """Compute the outputs for a batch in inference mode."""
        memo = self._seen.predictions
        known = memo.look_up(batch, _NOT_COMPARED, self._network, training=False)
        if known is None:
            return [output.numpy() for output in self._predicted(batch)]
        if isinstance(known, Known):
            known.plan.forward(batch)
            return [output.data.copy() for output in known.outcome.predictions]
        found = self._recorded(memo, batch, self._predicted)
        if found is None:
            return [output.numpy() for output in self._predicted(batch)]
        recording, recorded = found
        arrays = [plain(output.data) for output in recorded]
        outcome = Outcome(None, [], [], [Tensor(each) for each in arrays], [])
        memo.keep(recording.plan(arrays), outcome)
        return [output.numpy() for output in outcome.predictions]

    def _predicted(self, batch: Batch) -> list[Tensor]:
        with autodiff.paused():
            return self._network.run(self._inputs(self._on_device(batch)), training=False)

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
    for position, plan in enumerate(outputs):
        prediction = predictions[position]
        given = batch.targets[position]
        target = (
            own_target(plan, batch.size) if given is None else as_target(given, prediction, plan)
        )
        targets.append(target)
        if plan.loss is not None and target is not None:
            loss = plan.loss(target, prediction, batch.weights[position])
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
    total = each[0]
    for loss in each[1:]:
        total = total + loss
    return total
