"""The engine of a network, with what comes again recorded, and with devices."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fitspec.reference.compute.cuda import placing
from fitspec.reference.compute.recorded.kinds import (
    BegunStep,
    KnownStep,
    ThreadMemory,
    plain_outcome,
    read_of,
)
from fitspec.reference.compute.recorded.recorder import Unrecordable, plain
from fitspec.reference.compute.recorded.step import RecordedStep, StepRecording, arrays_of
from fitspec.reference.data.pending import LateValue
from fitspec.reference.network.engine import ArrayEngine
from fitspec.reference.tensor import array_library, autodiff
from fitspec.reference.tensor.array_library import CPU
from fitspec.reference.tensor.repeatable import is_repeatable
from fitspec.reference.tensor.variable import Variable
from fitspec.reference.training.engine import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fitspec.reference.compute.recorded.kinds import StepMemory
    from fitspec.reference.data.batches import Batch, Samples
    from fitspec.reference.network.network import Network
    from fitspec.reference.optimizers.base import Optimizer
    from fitspec.reference.tensor.array_library import Array
    from fitspec.reference.tensor.autodiff import Tensor
    from fitspec.reference.training.plan import OutputPlan

_NOT_COMPARED: tuple[OutputPlan, ...] = ()


class RecordedEngine(ArrayEngine):
    """Computes in the array library of the network's device.

    What comes again is recorded, and done again from the record: see `recorded.step`.
    """

    def __init__(self, network: Network) -> None:
        super().__init__(network)
        self._seen = ThreadMemory()

    def placed(self, samples: Samples) -> Samples:
        """Return data where batches are best taken from: on the device, where they fit."""
        if self.network.device == CPU or samples.library is not None:
            return samples
        return placing.placed(samples, array_library.library(self.network.device))

    def forward(self, batch: Batch, outputs: Sequence[OutputPlan], *, training: bool) -> Outcome:
        """Compute predictions and losses of a batch."""

        def compute(batch: Batch) -> Outcome:
            return self.compute(batch, outputs, training=training)

        return self._again(self._seen.steps, batch, outputs, compute, training=training)

    def outputs(self, batch: Batch) -> list[Tensor]:
        """Compute the outputs for a batch in inference mode."""
        memo = self._seen.predictions
        found = self._again(memo, batch, _NOT_COMPARED, self._predicted, training=False)
        return found.predictions

    def _again(
        self,
        memo: StepMemory,
        batch: Batch,
        outputs: Sequence[OutputPlan],
        compute: Callable[[Batch], Outcome],
        *,
        training: bool,
    ) -> Outcome:
        """Compute: the second time for a kind of batches recorded, from then on by the record."""
        known = memo.look_up(batch, outputs, self.network, training=training)
        if self.network.device != CPU:
            batch = self.on_device(batch)
        if isinstance(known, KnownStep):
            known.plan.forward(batch)
            return known.outcome
        if known:
            factors: list[Any] = [output.loss_weight for output in outputs]
            moving = [one for one in factors if isinstance(one, Variable)]
            recording = StepRecording(batch, [*self.network.variables, *moving])
            try:
                recorded = recording.forward(compute)
            except Unrecordable:  # then all is as it was before
                recording.undo()
                memo.give_up()
            else:
                outcome = plain_outcome(recorded)
                if training:
                    return replace(outcome, step=BegunStep(recording, recorded.total, memo))
                memo.keep(recording.plan(read_of(outcome)), outcome)
                return outcome
        return compute(batch)

    def compute(self, batch: Batch, outputs: Sequence[OutputPlan], *, training: bool) -> Outcome:
        """Compute as the definitions say, whatever is recorded, with a batch on the device."""
        outcome = super().forward(batch, outputs, training=training)
        return outcome if self.network.device == CPU else replace(outcome, late=True)

    def _predicted(self, batch: Batch) -> Outcome:
        return Outcome(None, [], [], super().outputs(batch), [])

    def update(self, outcome: Outcome, optimizer: Optimizer) -> None:
        """Change the weights once."""
        if isinstance(outcome.step, RecordedStep):
            outcome.step.update(optimizer)
        elif isinstance(outcome.step, BegunStep):
            self._update_recorded(outcome.step, outcome, optimizer)
        elif self.network.trained_variables and not outcome.total.requires_gradient:
            raise ValueError(
                "loss: it does not depend on any weight that is trained, by operations that have "
                "a gradient; argmax, round, comparisons and stop_gradient have none"
            )
        else:
            super().update(outcome, optimizer)

    def _update_recorded(self, begun: BegunStep, outcome: Outcome, optimizer: Optimizer) -> None:
        recording, variables = begun.recording, self.network.trained_variables
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
        copies = super().predict(batch)
        if self.network.device == CPU:
            return copies
        return [LateValue(array_library.to_host, each) for each in copies]

    def on_device(self, batch: Batch) -> Batch:
        """Return a batch with all its arrays on the device of the network."""
        of_cpu = [each for each in arrays_of(batch) if not array_library.is_on_device(each)]
        moved = iter(self._seen.transfer(self.network.device).copied(of_cpu) if of_cpu else ())

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
