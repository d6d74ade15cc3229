"""A network of layers, seen as what can be compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fitspec.reference import losses, metrics, optimizers
from fitspec.reference.api import arguments
from fitspec.reference.api.compiled import Compiled, feed_of
from fitspec.reference.data.batches import Port
from fitspec.reference.network.engine import ArrayEngine
from fitspec.reference.network.network import Network
from fitspec.reference.tensor.autodiff import Tensor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fitspec.reference.api.arguments import Request
    from fitspec.reference.data.feeding import Feed
    from fitspec.reference.losses import Loss
    from fitspec.reference.metrics import Metric
    from fitspec.reference.optimizers import Optimizer
    from fitspec.reference.training import plan


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


class CompiledNetwork(Network, Compiled):
    """A network that knows, once compiled, its optimizer, losses and metrics.

    Attributes:
        compiled_with: What `compile` was given last, but for the optimizer.

    """

    compiled_with: Mapping[str, object]

    engine_class: ClassVar[type[ArrayEngine]] = ArrayEngine
    """What computes for models; a faster one takes its place."""

    vocabulary = ArrayVocabulary()
    _engine: ArrayEngine | None = None

    def was_compiled(self, given: Request) -> None:
        """Settle what is trained: what is frozen, or thawed, later waits for the next `compile`."""
        self.compiled_with = arguments.others(vars(given), "optimizer", "target_tensors", "kwargs")
        self._settled = (self.trainable_variables, self.frozen_layers) if self.built else None

    @property
    def loss(self) -> object:
        """The loss, or losses, as `compile` was given them."""
        return self.compiled_with["loss"]

    @property
    def loss_weights(self) -> object:
        """The factors on losses, as `compile` was given them."""
        return self.compiled_with["loss_weights"]

    @property
    def metrics(self) -> list[plan.Metric]:
        """All metrics, in the order in which results are reported; none before `compile`."""
        return list(self.plan.all_metrics) if self.is_compiled else []

    def reset_metrics(self) -> None:
        """Forget the batches that metrics have seen."""
        for metric in self.metrics:
            metric.reset_states()

    @property
    def users(self) -> list[plan.Users]:
        """Who trains or tests the model, and who each weight that it trains."""
        trained = self.settled[0] if self.built else ()
        return [*super().users, *(weight.users for weight in trained)]

    @property
    def engine(self) -> ArrayEngine:
        """What computes for this model."""
        if self._engine is None:
            self._engine = self.engine_class(self)
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
        words: str = self.asked_for("explain_step")(self, batch_size)
        return words

    def feed(self, x: object) -> Feed:  # noqa: ARG002 - for models that take their shape from data
        """Return what data must look like.

        Args:
            x: The inputs about to be checked.

        """
        inputs = map(Port, self.input_names, (symbol.shape for symbol in self.graph.inputs))
        outputs = map(Port, self.output_names, (symbol.shape for symbol in self.graph.outputs))
        return feed_of(list(inputs), self.input_tensors, list(outputs), self._plan)
