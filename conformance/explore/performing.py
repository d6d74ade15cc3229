"""What comes of a program on one implementation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from fitspec.conformance.claims.expect import documented_class
from fitspec.conformance.explore.materials import arguments_of
from fitspec.conformance.worker.process import WorkerDied, WorkerFailed, WorkerTimedOut
from fitspec.conformance.worker.remote import NotOffered, RemoteError, RemoteObject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.conformance.explore.program import Call, Program
    from fitspec.conformance.worker.remote import Events, Model
    from fitspec.conformance.worker.session import Session

#: How long any answer may take, in s.
SECONDS: Final = 20.0

RETURNED, RAISED, ABSENT = "returned", "raised", "absent"
#: What ends a worker, and with it the program.
FATAL: Final = ("timeout", "crash", "nonsense")
#: What a history has of the clock: no two runs come to the same.
_MEASURED: Final = frozenset({"time"})


@dataclass(frozen=True)
class Step:
    """What came of one call.

    Args:
        ended: `RETURNED`, `RAISED`, `ABSENT` or one of `FATAL`.
        said: of an exception its class, and what it said; of anything else that did not return,
            the reason.
        value: what was returned, as plain values; of a History its epochs and its history.
        hooks: what the first callback was called for, each with the index; None if that is not to
            be looked at.
        weights: those of the model afterwards, by layer; None if they could not be read.
    """

    ended: str
    said: tuple[str, str] = ("", "")
    value: Any = None
    hooks: Sequence[tuple[str, int | None]] | None = ()
    weights: Any = None


@dataclass(frozen=True)
class Outcome:
    """What came of a program: a step for each call that was made."""

    steps: Sequence[Step] = field(default_factory=tuple)

    @property
    def fatal(self) -> str:
        """How the worker was ended by it; empty if it was not."""
        return self.steps[-1].ended if self.steps and self.steps[-1].ended in FATAL else ""

    @property
    def absent(self) -> int | None:
        """The place of the first call that is not offered."""
        return next((at for at, step in enumerate(self.steps) if step.ended == ABSENT), None)


def perform(program: Program, session: Session, seconds: float = SECONDS) -> Outcome:
    """Have an implementation perform a program; it ends early with what is not offered there.

    Args:
        program: what to do.
        session: with the implementation. A worker that does not survive is started again by the
            next program.
        seconds: how long any answer may take.

    Raises:
        Unavailable: the worker does not start.
        ProtocolFault: a request was not of the protocol.
        ValueError: the program hands over what stands for nothing.
    """
    session.begin(seconds)
    steps: list[Step] = []
    try:
        model = session.build(program.subject.describe())
    except (RemoteError, NotOffered, WorkerFailed) as error:
        return Outcome([_fallen(error)])
    sparse = False
    for call in program.calls:
        if call.method == "compile":
            sparse = "sparse" in str(call.arguments.get("loss"))
        step = _made(call, program, model, sparse=sparse)
        steps.append(step)
        if step.ended in (ABSENT, *FATAL):
            break
    return Outcome(steps)


def _made(call: Call, program: Program, model: Model, *, sparse: bool) -> Step:
    given = arguments_of(call, program.subject, sparse=sparse)
    try:
        if call.method == "trainable":
            model.set_trainable(**given)
            return Step(RETURNED, weights=model.weights())
        came = getattr(model, call.method)(**given)
    except RemoteError as error:
        return _fallen(error, _hooks(error.events), model)
    except (NotOffered, WorkerFailed) as error:
        return _fallen(error)
    try:
        weights = _weights_of(model)
    except WorkerFailed as error:
        return _fallen(error)
    return Step(RETURNED, value=_plain(came.value), hooks=_hooks(came.events), weights=weights)


def _weights_of(model: Model) -> Any:
    """Return the weights, by layer; None if they could not be read."""
    try:
        return model.weights()
    except (RemoteError, NotOffered):
        return None


def _hooks(events: Events) -> tuple[tuple[str, int | None], ...]:
    """Return what the first callback was called for, as all hear the same."""
    marks = ("train", "test", "predict", "epoch")
    heard = [event for event in events if event.kind.startswith(marks)]
    return tuple((each.kind, each.index) for each in heard if each.probe == heard[0].probe)


def _fallen(
    error: Exception, hooks: Sequence[tuple[str, int | None]] = (), model: Model | None = None
) -> Step:
    if isinstance(error, RemoteError):
        weights = None
        if model is not None:
            try:
                weights = _weights_of(model)
            except WorkerFailed as fatal:
                return _fallen(fatal)
        said = documented_class(error), error.message
        return Step(RAISED, said, hooks=hooks, weights=weights)
    if isinstance(error, NotOffered):
        return Step(ABSENT, ("", str(error)))
    lost = "timeout" if isinstance(error, WorkerTimedOut) else "nonsense"
    return Step("crash" if isinstance(error, WorkerDied) else lost, ("", str(error)))


def _plain(value: Any) -> Any:
    """Return a value as lists, dicts and numbers."""
    if isinstance(value, RemoteObject):
        if "history" in value.attributes:
            measured = dict.fromkeys(_MEASURED & value.history.keys(), "measured")
            epochs = _plain(value.attributes.get("epoch"))
            return {"epoch": epochs, **_plain(value.history), **measured}
        return _plain(value.array) if value.array is not None else f"a {value.classes[0]}"
    if isinstance(value, (np.ndarray, np.generic)):
        return _plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    return value
