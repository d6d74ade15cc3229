"""The array engine of PyTorch: all that differs from the reference in training a module."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import torch

from fitspec.reference.data import batches, columns
from fitspec.reference.data.batches import Port
from fitspec.reference.torch.tensors import ModulePlace, array_of
from fitspec.reference.training.engine import Outcome, compared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.data.batches import Batch, Samples
    from fitspec.reference.tensor.array_library import Array
    from fitspec.reference.training.plan import OutputPlan


class TorchEngine:
    """Computes with a module of PyTorch.

    Losses are computed where the module is; metrics on the host, from arrays.

    Args:
        module: Takes the inputs in order, and returns a tensor, several in a tuple or list, or
            several by name.
        own: For every input the tensor it brings itself, or None.
        output_names: The names of the outputs.

    Attributes:
        place: Where it computes, and in which type.

    """

    def __init__(
        self,
        module: torch.nn.Module,
        own: Sequence[torch.Tensor | None],
        output_names: Sequence[str],
    ) -> None:
        self._module = module
        self.place = ModulePlace(module)
        self._own = own
        self._output_names = output_names
        self._running = RunLock()
        self._updates: WeakKeyDictionary[torch.optim.Optimizer, int] = WeakKeyDictionary()

    def forward(self, batch: Batch, outputs: Sequence[OutputPlan], *, training: bool) -> Outcome:
        """Compute predictions and losses of a batch."""
        with torch.set_grad_enabled(training):
            predictions = self._run(batch, training=training)
            outcome = compared(predictions, batch, outputs, self._as_target)
        measured = [bool(plan.metrics or plan.weighted_metrics) for plan in outputs]
        return Outcome(
            total=outcome.total.detach(),
            losses=[loss.detach() for loss in outcome.losses],
            targets=_on_host(outcome.targets, measured),
            predictions=_on_host(predictions, measured),
            weights=outcome.weights,
            # The total with the way back to the weights; above is its value alone.
            step=outcome.total,
        )

    def update(self, outcome: Outcome, optimizer: torch.optim.Optimizer) -> None:
        """Change the weights once."""
        optimizer.zero_grad()
        if outcome.step.requires_grad:  # not so where all weights are frozen, or there are none
            torch.autograd.backward(outcome.step)
        optimizer.step()
        self.count_updates(optimizer, self.updates(optimizer) + 1)

    def count_updates(self, optimizer: torch.optim.Optimizer, count: int) -> None:
        """Note how many updates were made with an optimizer."""
        self._updates[optimizer] = count

    def updates(self, optimizer: torch.optim.Optimizer) -> int:
        """Return how many updates were made with an optimizer."""
        return self._updates.get(optimizer, 0)

    def predict(self, batch: Batch) -> list[Array]:
        """Compute the outputs for a batch in inference mode."""
        with torch.no_grad():
            outputs = self._run(batch, training=False)
        return [array_of(output, copy=True) for output in outputs]

    def placed(self, samples: Samples) -> Samples:
        """Return the data as they are: every batch is brought to the module by itself."""
        return samples

    def _run(self, batch: Batch, *, training: bool) -> list[torch.Tensor]:
        fed = iter(batch.inputs)
        place = self.place
        inputs = [
            place.tensor(next(fed)) if own is None else own.to(place.device) for own in self._own
        ]
        # Whether it trains is a state of the module, and so one thread computes at a time.
        with self._running:
            self._module.train(training)
            predictions = listed(self._module(*inputs), self._output_names)
        for name, one in zip(self._output_names, predictions, strict=True):
            if not one.ndim or len(one) != batch.size:
                raise ValueError(
                    f"module: output {name!r} has shape {tuple(one.shape)} for {batch.size} samples"
                )
        return predictions

    def _as_target(self, given: Array, prediction: torch.Tensor, plan: OutputPlan) -> torch.Tensor:
        """Return targets in the form in which their loss compares them with a prediction.

        Raises:
            ValueError: Their shape does not fit that of the prediction.

        """
        form = "any" if plan.loss is None else plan.loss.target_form
        shape = tuple(prediction.shape[1:])
        if form == "index":
            shape = (*shape[:-1], 1)
        elif form == "any" and shape != (1,):
            shape = ()  # perhaps class indices: they stay as they are
        port = Port(plan.name, shape, checked=form != "any")
        array = batches.with_feature_axis(given, port)
        columns.check_shape(array, port, "y")
        target = self.place.tensor(array)
        # Whole numbers of the output's shape are values; those of another shape, class indices.
        return target.to(prediction.dtype) if target.shape == prediction.shape else target


class RunLock:
    """Lets one thread in at a time, and the same one again; copies of a model have their own."""

    def __init__(self) -> None:
        self._lock = threading.RLock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def __reduce__(self) -> tuple[type[RunLock], tuple[()]]:
        return RunLock, ()


def listed(outputs: Any, names: Sequence[str]) -> list[torch.Tensor]:
    """Return what a module returned as one tensor per output.

    Raises:
        ValueError: It is not one tensor for each name.

    """
    if isinstance(outputs, Mapping):
        missing = [name for name in names if name not in outputs]
        if missing:
            raise ValueError(f"module: it returned {list(outputs)}, but no output {missing[0]!r}")
        each = [outputs[name] for name in names]
    else:
        each = list(outputs) if isinstance(outputs, (tuple, list)) else [outputs]
    if len(each) != len(names) or not all(isinstance(one, torch.Tensor) for one in each):
        kinds = [type(one).__name__ for one in each]
        raise ValueError(f"module: it must return a tensor for each of {list(names)}, not {kinds}")
    return each


def _on_host(tensors: Sequence[torch.Tensor | None], measured: list[bool]) -> list[Any]:
    """Return the arrays of tensors that metrics look at; what none looks at stays where it is."""
    return [
        array_of(tensor) if wanted and tensor is not None else tensor
        for tensor, wanted in zip(tensors, measured, strict=True)
    ]
