"""A network together with what compile says about its training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference import compiling, data, feeding
from fitspec.reference.engine import ArrayEngine
from fitspec.reference.network import Network

if TYPE_CHECKING:
    from fitspec.reference._array import Shape
    from fitspec.reference.compiling import OutputPlan, TrainingPlan
    from fitspec.reference.engine import Engine
    from fitspec.reference.feeding import Feed
    from fitspec.reference.optimizers import Optimizer


class CompiledNetwork(Network):
    """A network that knows, once compiled, its optimizer, losses and metrics."""

    _plan: TrainingPlan | None = None
    _engine: Engine | None = None

    def compile(  # noqa: PLR0913, PLR0917 - the documented signature
        self,
        optimizer: object,
        loss: object = None,
        metrics: object = None,
        loss_weights: object = None,
        sample_weight_mode: object = None,
        weighted_metrics: object = None,
        target_tensors: object = None,
        **kwargs: object,
    ) -> None:
        """Say how the model is trained; its weights stay as they are.

        Args:
            optimizer: Name or instance.
            loss: Name, function or `Loss`; or a list or dict of these, one per output. What is
                minimised is the sum over the outputs. An output without a loss takes no target.
            metrics: A list of names, functions or `Metric`s for all outputs; a list of lists, or a
                dict, for one after the other.
            loss_weights: A list or dict of factors on the outputs' losses.
            sample_weight_mode: "temporal" for weights per sample and time step; or a list or dict.
            weighted_metrics: As `metrics`, but weighted by sample and class weights.
            target_tensors: Tensors in place of target data: one, a list or a dict.
            **kwargs: Arguments of the array library's function call, which takes none.

        Raises:
            ValueError: An argument is invalid. The model is left as it was.

        """
        self._plan = compiling.resolve(
            self.output_names,
            optimizer,
            loss,
            metrics,
            loss_weights,
            sample_weight_mode,
            weighted_metrics,
            target_tensors,
            kwargs,
        )

    def require_compiled(self) -> TrainingPlan:
        """Return what compile said.

        Raises:
            RuntimeError: The model was never compiled (`fit.raises.not-compiled-RuntimeError`).

        """
        if self._plan is None:
            raise RuntimeError(f"model {self.name!r} must be compiled first: call compile(...)")
        return self._plan

    @property
    def plan(self) -> TrainingPlan:
        """What compile said; RuntimeError before compile."""
        return self.require_compiled()

    @property
    def optimizer(self) -> Optimizer:
        """The optimizer in use; RuntimeError before compile."""
        return self.plan.optimizer

    @property
    def metrics_names(self) -> list[str]:
        """The labels of the numbers that `evaluate` returns; RuntimeError before compile."""
        return self.plan.metrics_names

    @property
    def engine(self) -> Engine:
        """What computes for this model."""
        if self._engine is None:
            self._engine = ArrayEngine(self)
        return self._engine

    def require_engine(self) -> None:
        """Refuse to train or test what cannot be trained or tested.

        Raises:
            ValueError: No output has a loss, or compile was given arguments that the array library
                does not know (`compile.kwargs.backend`).

        """
        plan = self.plan
        if plan.backend_arguments:
            raise ValueError(
                f"compile got {sorted(plan.backend_arguments)}, which neither it nor the array "
                "library takes"
            )
        if all(output.loss is None for output in plan.outputs):
            raise ValueError("loss: the model was compiled without one, so nothing can be trained")

    def feed(self, x: object) -> Feed:  # noqa: ARG002 - for models that take their shape from data
        """Return what data must look like.

        Args:
            x: The inputs about to be checked.

        """
        symbols = self.graph.inputs
        own = self.input_tensors
        inputs = [
            data.Port(name, symbol.shape)
            for name, symbol, tensor in zip(self.input_names, symbols, own, strict=True)
            if tensor is None
        ]
        own_samples = max((len(tensor) for tensor in own if tensor is not None), default=0)
        if self._plan is None:
            return feeding.Feed(inputs, [], [], [], own_samples)
        targets = [
            target_port(output, symbol.shape) if output.needs_target else None
            for output, symbol in zip(self._plan.outputs, self.graph.outputs, strict=True)
        ]
        temporal = [output.temporal for output in self._plan.outputs]
        return feeding.Feed(inputs, targets, self._plan.output_names, temporal, own_samples)


def target_port(output: OutputPlan, shape: Shape) -> data.Port:
    """Return what targets of an output must look like, as far as its loss knows."""
    form = "any" if output.loss is None else output.loss.target_form
    if form == "index":
        shape = (*shape[:-1], 1)
    return data.Port(output.name, shape, checked=form != "any")
