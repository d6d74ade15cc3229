"""What `compile` says, kept and asked for."""

from __future__ import annotations

import contextlib
import copy
import threading
from abc import ABC, abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fitspec.reference.api import arguments, compiling
from fitspec.reference.data import feeding
from fitspec.reference.training.plan import Users

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fitspec.reference.api.compiling import Vocabulary
    from fitspec.reference.callbacks.base import History
    from fitspec.reference.data.batches import Port
    from fitspec.reference.training.engine import Engine
    from fitspec.reference.training.plan import OutputPlan, TrainingPlan


class Compiled(ABC):
    """What knows, once compiled, its optimizer, losses and metrics.

    A subclass says what is compiled: the names of its outputs, what data must look like, and what
    computes. With that and a name the whole documented API works.

    Attributes:
        name: For messages.
        batch_size: The number of samples that every batch must have, None if any will do.
        is_stateful: Whether it keeps a state from batch to batch.
        history: The History of the last `fit`, None before.
        stop_training: Set it to True in a callback to end training after the current batch.

    """

    name: str
    batch_size: int | None = None
    history: History | None = None
    stop_training: bool = False
    _plan: TrainingPlan | None = None

    @property
    @abstractmethod
    def output_names(self) -> list[str]:
        """The names by which targets in a dict are found."""

    @property
    @abstractmethod
    def engine(self) -> Engine:
        """What computes."""

    @property
    @abstractmethod
    def vocabulary(self) -> Vocabulary:
        """Which optimizers, losses, metrics and tensors `compile` takes."""

    @abstractmethod
    def feed(self, x: object) -> feeding.Feed:
        """Return what data must look like.

        Args:
            x: The inputs about to be checked.

        """

    def tentatively(self) -> contextlib.AbstractContextManager[None]:
        """Undo within a block that raises what data decided about this model: nothing, here."""
        return contextlib.nullcontext()

    @property
    def is_stateful(self) -> bool:
        """Whether samples go on from batch to batch."""
        return False

    def compile(  # noqa: PLR0913, PLR0917 - as documented: compile.signature.defaults
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
            RuntimeError: The model is trained or tested at this moment, as in a callback of `fit`.

        """
        given = arguments.request("compile", locals())
        if vars(self).get("_users"):
            raise RuntimeError(f"model {self.name!r} can be compiled when its training has ended")
        self._plan = compiling.resolve(self.output_names, self.vocabulary, given)
        self.was_compiled(given)

    def was_compiled(self, given: arguments.Request) -> None:  # noqa: B027 - few have to
        """Take note of what `compile` was given, beside the plan that came of it."""

    @property
    def users(self) -> list[Users]:
        """Who trains or tests the model, and who all that this changes, be it shared with others.

        A subclass adds those of weights that other models may train as well.
        """
        return [vars(self).setdefault("_users", Users()), *self.plan.users]

    @contextlib.contextmanager
    def in_use(self) -> Iterator[None]:
        """Train or test, in the block, in one thread at a time: metrics add up in the model.

        What a callback trains or tests meanwhile leaves the metrics of the call around it alone.

        Raises:
            RuntimeError: Another thread trains or tests the model, or one that shares what is
                changed by that, or it was never compiled.

        """
        users, me, taken = self.users, threading.get_ident(), list[Users]()
        kept = [vars(metric) for metric in self.plan.all_metrics] if me in users[0] else ()
        states = [copy.deepcopy({k: v for k, v in m.items() if is_state(v)}) for m in kept]
        try:
            for each in users:
                taken.append(each)
                each.append(me)
                if each[0] != me:  # whoever comes first is first, whatever other threads do
                    raise RuntimeError(
                        f"model {self.name!r} is trained or tested by another thread now, or has a "
                        "weight, metric or optimizer of one that is: give each a model of its own"
                    )
            yield
        finally:
            for metric, state in zip(kept, states, strict=True):
                metric.update(state)
            for each in taken:
                each.remove(me)

    @property
    def is_compiled(self) -> bool:
        """Whether `compile` was called, and nothing was added since."""
        return self._plan is not None

    @property
    def plan(self) -> TrainingPlan:
        """What `compile` said.

        Raises:
            RuntimeError: The model was never compiled (`fit.raises.not-compiled-RuntimeError`).

        """
        if self._plan is None:
            raise RuntimeError(f"model {self.name!r} must be compiled first: call compile(...)")
        return self._plan

    @property
    def optimizer(self) -> Any:
        """The optimizer in use; RuntimeError before compile."""
        return self.plan.optimizer

    @property
    def metrics_names(self) -> list[str]:
        """The labels of the numbers that `evaluate` returns; RuntimeError before compile."""
        return self.plan.metrics_names

    def require_engine(self) -> None:
        """Refuse to train or test what cannot be trained or tested.

        Raises:
            ValueError: No output has a loss, or compile was given arguments that the array library
                does not know.

        """
        plan = self.plan
        if plan.backend_arguments:  # compile.kwargs.backend
            raise ValueError(
                f"compile got {sorted(plan.backend_arguments)}, which it does not take"
            )
        if all(output.loss is None for output in plan.outputs):
            raise ValueError("loss: the model was compiled without one, so nothing can be trained")


def is_state(value: object) -> bool:
    """Whether an attribute of a metric is about the batches that it has seen, or may be."""
    return not callable(value) and not isinstance(value, Users)


def feed_of(
    inputs: Sequence[Port],
    own: Sequence[Any | None],
    outputs: Sequence[Port],
    plan: TrainingPlan | None,
) -> feeding.Feed:
    """Return what data must look like.

    Args:
        inputs: All inputs.
        own: For every input the tensor it brings itself, or None.
        outputs: All outputs.
        plan: What compile said, None before.

    """
    open_inputs = [port for port, tensor in zip(inputs, own, strict=True) if tensor is None]
    own_samples = max((len(tensor) for tensor in own if tensor is not None), default=0)
    if plan is None:
        return feeding.Feed(open_inputs, [], [], [], own_samples)
    targets = [
        target_port(output, port) if output.needs_target else None
        for output, port in zip(plan.outputs, outputs, strict=True)
    ]
    temporal = [output.temporal for output in plan.outputs]
    return feeding.Feed(open_inputs, targets, plan.output_names, temporal, own_samples)


def target_port(output: OutputPlan, port: Port) -> Port:
    """Return what targets of an output must look like, as far as its loss knows."""
    form = "any" if output.loss is None else output.loss.target_form
    if form == "same":
        return port
    shape = (*port.shape[:-1], 1) if form == "index" and port.checked else port.shape
    return replace(port, shape=shape, checked=port.checked and form != "any")
