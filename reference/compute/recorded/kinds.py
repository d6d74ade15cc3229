"""What the engine remembers of the kinds of batches that it has seen."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fitspec.reference.compute.cuda.transfer import Transfer
from fitspec.reference.compute.recorded.allowed import is_replayable
from fitspec.reference.compute.recorded.recorder import plain
from fitspec.reference.compute.recorded.settings import are_same, settings
from fitspec.reference.compute.recorded.step import kind_of
from fitspec.reference.tensor import array_library
from fitspec.reference.tensor.autodiff import Tensor
from fitspec.reference.tensor.repeatable import Settings
from fitspec.reference.training.engine import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.compute.recorded.step import RecordedStep, StepRecording
    from fitspec.reference.data.batches import Batch
    from fitspec.reference.network.network import Network
    from fitspec.reference.tensor.array_library import Array
    from fitspec.reference.training.plan import OutputPlan


@dataclass(frozen=True)
class KnownStep:
    """A step that can be done again, and where its results are found."""

    plan: RecordedStep
    outcome: Outcome


@dataclass(frozen=True)
class BegunStep:
    """A training step of which the first part is recorded, and where to keep the whole."""

    recording: StepRecording
    total: Tensor
    memo: StepMemory


class StepMemory:
    """What the engine remembers of the kinds of batches that it has seen."""

    LIMIT = 16

    def __init__(self) -> None:
        self._outputs: object = None
        self._graph: object = None
        self._changes = -1
        self._settings: list[object] = []
        self._able = False
        self._seen: dict[Any, KnownStep | None] = {}
        self._quick: dict[Any, KnownStep] = {}
        self._kind: Any = None

    def look_up(
        self, batch: Batch, outputs: Sequence[OutputPlan], network: Network, *, training: bool
    ) -> KnownStep | bool | None:
        """Return what is known of a kind of batch: True the second time, a step from then on.

        None is for what is seen first, and for what cannot be done again by itself.
        """
        graph = network.graph
        asked_for = outputs is self._outputs and graph is self._graph
        if not asked_for or Settings.changes != self._changes:
            self._changes = Settings.changes
            found = settings(network, outputs)
            if not asked_for or not are_same(found, self._settings):
                self._forget()
                self._outputs, self._graph, self._settings = outputs, graph, found
                self._able = is_replayable(network, outputs)
        if not self._able:
            return None
        quick = (batch.kind, batch.size, training)
        known: KnownStep | bool | None = self._quick.get(quick) if batch.kind is not None else None
        if known is None:
            known = self._of_kind((training, *kind_of(batch)))
            if isinstance(known, KnownStep) and batch.kind is not None:
                self._quick[quick] = known
        if isinstance(known, KnownStep) and not known.plan.is_current():
            self._forget()
            return None
        return known

    def _of_kind(self, kind: tuple[object, ...]) -> KnownStep | bool | None:
        self._kind = kind
        if kind in self._seen:
            return self._seen[kind] or True
        if max(len(self._seen), len(self._quick)) >= self.LIMIT:
            self._forget()
        self._seen[kind] = None
        return None

    def keep(self, plan: RecordedStep, outcome: Outcome) -> None:
        """Remember the step of the kind that was looked up last."""
        self._seen[self._kind] = KnownStep(plan, outcome)

    def give_up(self) -> None:
        """Note that nothing can be remembered for this model."""
        self._able = False

    def _forget(self) -> None:
        self._seen = {}
        self._quick = {}


class ThreadMemory(threading.local):
    """What is remembered, in every thread by itself: a step works on arrays of its own."""

    def __init__(self) -> None:
        self.steps = StepMemory()
        self.predictions = StepMemory()
        self._transfer: Transfer | None = None

    def transfer(self, device: str) -> Transfer:
        """Return what brings batches to a device."""
        if self._transfer is None:
            self._transfer = Transfer(array_library.library(device))
        return self._transfer

    def __reduce__(self) -> tuple[type[ThreadMemory], tuple[()]]:
        """Have a copy of a model begin anew: a step works on the weights of one model."""
        return ThreadMemory, ()


def plain_outcome(recorded: Outcome) -> Outcome:
    """Return an outcome with plain arrays in place of recorded ones."""

    def bare(tensor: Any) -> Any:
        return None if tensor is None else Tensor(plain(tensor.data))

    return Outcome(
        bare(recorded.total),
        [bare(each) for each in recorded.losses],
        [bare(each) for each in recorded.targets],
        [bare(each) for each in recorded.predictions],
        [None if each is None else plain(each) for each in recorded.weights],
        late=recorded.late,
    )


def read_of(outcome: Outcome) -> list[Array]:
    """Return the arrays that are read of an outcome."""
    tensors = [outcome.total, *outcome.losses, *outcome.targets, *outcome.predictions]
    arrays = [tensor.data for tensor in tensors if tensor is not None]
    return arrays + [each for each in outcome.weights if each is not None]
