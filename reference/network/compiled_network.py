"""A network of layers, seen as what can be compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference.api import arguments
from fitspec.reference.api.compiled import Compiled, feed_of
from fitspec.reference.compute.engine import ArrayEngine, ArrayVocabulary
from fitspec.reference.data.batches import Port
from fitspec.reference.network.network import Network

if TYPE_CHECKING:
    from fitspec.reference.data.feeding import Feed
    from fitspec.reference.network.layer import Variable


class CompiledNetwork(Network, Compiled):
    """A network that knows, once compiled, its optimizer, losses and metrics."""

    vocabulary = ArrayVocabulary()
    _engine: ArrayEngine | None = None
    _trained: list[Variable] | None = None

    def was_compiled(self) -> None:
        """Settle what is trained: what is frozen, or thawed, later waits for the next `compile`."""
        self._trained = self.trainable_variables if self.built else None

    @property
    def trained_variables(self) -> list[Variable]:
        """The weights that an update changes: those that were trainable when it was compiled."""
        if self._trained is None:
            self._trained = self.trainable_variables
        return self._trained

    @property
    def engine(self) -> ArrayEngine:
        """What computes for this model."""
        if self._engine is None:
            self._engine = ArrayEngine(self)
        return self._engine

    def explain_step(self, batch_size: int = 32) -> str:
        """Say which array operations a training step is made of, a line for each.

        Args:
            batch_size: Number of samples of the batch.

        Raises:
            RuntimeError: The model was never compiled, or a function of the user's own has to be
                called anew for every batch.
            ValueError: A length of the data is not known before there are some.

        """
        # Only who asks for an explanation waits for this import.
        from fitspec.reference.compute import explaining  # noqa: PLC0415

        plan = self.require_compiled()
        size = arguments.batch_size_of(batch_size)
        return explaining.explain_step(self, self.engine, plan, self.feed(None), size)

    def feed(self, x: object) -> Feed:  # noqa: ARG002 - for models that take their shape from data
        """Return what data must look like.

        Args:
            x: The inputs about to be checked.

        """
        inputs = map(Port, self.input_names, (symbol.shape for symbol in self.graph.inputs))
        outputs = map(Port, self.output_names, (symbol.shape for symbol in self.graph.outputs))
        return feed_of(list(inputs), self.input_tensors, list(outputs), self._plan)
