"""Where arrays are computed: the one thing that a training loop knows of a model's inside."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fitspec.reference import losses, metrics, optimizers, regularizers
from fitspec.reference.compute.recorded.kinds import (
    Begun,
    Known,
    Memo,
    Seen,
    plain_outcome,
    read_of,
)
from fitspec.reference.compute.recorded.recorder import Unrecordable, plain
from fitspec.reference.compute.recorded.step import Plan, Recording, arrays_of
from fitspec.reference.data.pending import Late
from fitspec.reference.tensor import array_library, autodiff
from fitspec.reference.tensor.array_library import CPU
from fitspec.reference.tensor.autodiff import Tensor
from fitspec.reference.tensor.repeatable import is_repeatable
from fitspec.reference.training.engine import Outcome, compared

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fitspec.reference.data.batches import Batch, Samples
    from fitspec.reference.losses import Loss
    from fitspec.reference.metrics import Metric
    from fitspec.reference.network.compiled_network import CompiledNetwork
    from fitspec.reference.network.layer import Variable
    from fitspec.reference.optimizers import Optimizer
    from fitspec.reference.tensor.array_library import Array
    from fitspec.reference.training.plan import OutputPlan


_NOT_COMPARED: tuple[OutputPlan, ...] = ()

SHARE_FOR_DATA = 0.5
"""The part of a device's free memory that data may fill for as long as they are used."""


class ArrayEngine:
    """Computes with `autodiff`, in the array library of the network's device.

    What comes again is recorded, and done again from the record: see `replaying`.
    """

    def __init__(self, network: CompiledNetwork) -> None:
        self._network = network
        self._seen = Seen()

    def placed(self, samples: Samples) -> Samples:
        """Return data where batches are best taken from: on the device, where they fit."""
        if self._network.device == CPU or samples.is_on_device:
            return samples
        library = array_library.library(self._network.device)
        free, _ = library.cuda.runtime.memGetInfo()
        return samples.placed(library) if samples.nbytes <= free * SHARE_FOR_DATA else samples

    def forward(self, batch: Batch, outputs: Sequence[OutputPlan], *, training: bool) -> Outcome:
        """Compute predictions and losses of a batch."""
        memo = self._seen.steps
        known = memo.look_up(batch, outputs, self._network, training=training)
        if self._network.device != CPU:
            batch = self.on_device(batch)
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
        """Compute as the definitions say, whatever is recorded, with a batch on the device."""
        if training:
            return self._forward(batch, outputs, training=True)
        with autodiff.paused():
            return self._forward(batch, outputs, training=False)

    def _forward(self, batch: Batch, outputs: Sequence[OutputPlan], *, training: bool) -> Outcome:
        weights = [(weight.regularizer, weight) for weight in self._network.variables]
        with regularizers.collected(weights) as penalties:
            predictions = self._network.run(self._inputs(batch), training=training)
        outcome = compared(
            predictions, batch, outputs, lambda given, _prediction, _plan: Tensor(given), penalties
        )
        return outcome if self._network.device == CPU else replace(outcome, late=True)

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
        if not is_repeatable(type(optimizer)):
            begun.memo.give_up()
            optimizer.apply(variables, [plain(gradient) for gradient in found])
            return
        recording.update(optimizer, variables, found)
        plan = recording.plan(read_of(outcome))
        begun.memo.keep(plan, replace(outcome, step=plan))

    def predict(self, batch: Batch) -> list[Any]:
        """Compute the outputs for a batch in inference mode."""
        copies = [output.data.copy() for output in self._outputs(batch)]
        if self._network.device == CPU:
            return copies
        return [Late(array_library.to_host, each) for each in copies]

    def _outputs(self, batch: Batch) -> list[Tensor]:
        memo = self._seen.predictions
        known = memo.look_up(batch, _NOT_COMPARED, self._network, training=False)
        if self._network.device != CPU:
            batch = self.on_device(batch)
        if known is None:
            return self._predicted(batch)
        if isinstance(known, Known):
            known.plan.forward(batch)
            return known.outcome.predictions
        found = self._recorded(memo, batch, self._predicted)
        if found is None:
            return self._predicted(batch)
        recording, recorded = found
        arrays = [plain(output.data) for output in recorded]
        outcome = Outcome(None, [], [], [Tensor(each) for each in arrays], [])
        memo.keep(recording.plan(arrays), outcome)
        return outcome.predictions

    def _predicted(self, batch: Batch) -> list[Tensor]:
        with autodiff.paused():
            return self._network.run(self._inputs(batch), training=False)

    def on_device(self, batch: Batch) -> Batch:
        """Return a batch with all its arrays on the device of the network."""
        of_cpu = [each for each in arrays_of(batch) if not array_library.is_on_device(each)]
        moved = iter(self._seen.transfer(self._network.device).copied(of_cpu) if of_cpu else ())

        def there(arrays: Sequence[Array | None]) -> list[Any]:
            return [
                each if each is None or array_library.is_on_device(each) else next(moved)
                for each in arrays
            ]

        return replace(
            batch,
            inputs=there(batch.inputs),
            targets=there(batch.targets),
            weights=there(batch.weights),
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
