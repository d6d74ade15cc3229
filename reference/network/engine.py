"""Where arrays are computed: the one thing that a training loop knows of a model's inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference import regularizers
from fitspec.reference.tensor import autodiff
from fitspec.reference.tensor.autodiff import Tensor
from fitspec.reference.tensor.variable import calling, frozen
from fitspec.reference.training.engine import Outcome, compared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.data.batches import Batch, Samples
    from fitspec.reference.network.network import Network
    from fitspec.reference.optimizers.base import Optimizer
    from fitspec.reference.training.plan import OutputPlan


class ArrayEngine:
    """Computes with `autodiff`, as the definitions say.

    Args:
        network: What is computed.

    """

    def __init__(self, network: Network) -> None:
        self.network = network

    def placed(self, samples: Samples) -> Samples:
        """Return data where batches are best taken from: where they are."""
        return samples

    def forward(self, batch: Batch, outputs: Sequence[OutputPlan], *, training: bool) -> Outcome:
        """Compute predictions and losses of a batch."""
        weights = [(weight.regularizer, weight) for weight in self.network.variables]
        with autodiff.paused(not training), frozen(self.network.settled[1]):
            with regularizers.collected(weights) as penalties, calling(self.network):
                predictions = self.network.run(self._inputs(batch), training=training)
            return compared(predictions, batch, outputs, lambda given, *_: Tensor(given), penalties)

    def update(self, outcome: Outcome, optimizer: Optimizer) -> None:
        """Change the weights once."""
        variables = self.network.trained_variables
        optimizer.apply(variables, autodiff.gradients(outcome.total, variables))

    def predict(self, batch: Batch) -> list[Any]:
        """Compute the outputs for a batch in inference mode, as arrays of the caller's own."""
        return [output.data.copy() for output in self.outputs(batch)]

    def outputs(self, batch: Batch) -> list[Tensor]:
        """Compute the outputs for a batch in inference mode."""
        # Where another model asks for them, their penalties are none of its own.
        with autodiff.paused(), regularizers.collected(()):
            return self.network.run(self._inputs(batch), training=False)

    def _inputs(self, batch: Batch) -> list[Tensor]:
        demanded = self.network.batch_size
        if demanded not in (None, batch.size):
            raise ValueError(f"the model takes batches of {demanded} samples, got {batch.size}")
        fed = iter(batch.inputs)
        own = self.network.input_tensors
        return [Tensor(next(fed)) if tensor is None else tensor for tensor in own]
