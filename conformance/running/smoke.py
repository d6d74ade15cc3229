"""A quick proof that an adapter works: one step after the other, in plain words.

The checks tell what a library does. Before that, this tells whether the adapter reaches it at all,
and what to mend first if it does not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.text import Text

from fitspec.conformance.claims.expect import show
from fitspec.conformance.environments import programs
from fitspec.conformance.environments.environment import BuildFailed, Unavailable, prepare
from fitspec.conformance.implementations import javascript
from fitspec.conformance.report.subject import version_line
from fitspec.conformance.report.telling import counted
from fitspec.conformance.running.suite import places_from_here
from fitspec.conformance.vocabulary import models
from fitspec.conformance.vocabulary.probes import SGD, Recorder
from fitspec.conformance.worker.limits import Limits
from fitspec.conformance.worker.process import WorkerFailed, WorkerTimedOut
from fitspec.conformance.worker.remote import NotOffered, RemoteError, RemoteObject
from fitspec.conformance.worker.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from rich.console import Console

    from fitspec.conformance.implementations.implementation import Implementation
    from fitspec.conformance.worker.remote import Model

#: One feature, and targets for y = 2·x.
X = np.asarray([[1.0], [3.0]], np.float32)
Y = np.asarray([[2.0], [6.0]], np.float32)

#: y = 1·x at first. The squared error is ((2 - 1)² + (6 - 3)²)/2 = 5 and its derivative by the
#: weight is 2·((1 - 2)·1 + (3 - 6)·3)/2 = -10, so that a step at the rate 0.05 makes 1 into 1.5.
#: Then the error is ((2 - 1.5)² + (6 - 4.5)²)/2 = 1.25, and predicted are 1.5 and 4.5.
RATE = 0.05
WEIGHT, LOSS, PREDICTED = 1.5, 1.25, [1.5, 4.5]

_NEAR = 1e-5
_WIDTH = 15


@dataclass(frozen=True)
class Step:
    """What one step came to.

    Args:
        name: of what was tried.
        saw: what came of it, in words.
        mend: what to look at first; empty if all was as it should be.
        fatal: whether the steps after it could not be tried.
    """

    name: str
    saw: str
    mend: str = ""
    fatal: bool = False


class NotStarted(RuntimeError):  # noqa: N818  it says what happened
    """The worker does not start, or not with this adapter.

    Args:
        reason: what happened.
        mend: what to look at first.
    """

    def __init__(self, reason: str, mend: str) -> None:
        super().__init__(f"{reason}\nmend first: {mend}")
        self.reason = reason
        self.mend = mend


def smoke(
    implementation: Implementation,
    python: Path | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Iterator[Step]:
    """Start a worker and try what nearly every check needs, step by step.

    Args:
        implementation: whose adapter is tried.
        python: an interpreter to use instead of building an environment.
        progress: called with one short line for what takes time before the first step.

    Raises:
        NotStarted: it could not be tried.
    """
    try:
        programs.require(implementation)
        interpreter = prepare(implementation, python=python, progress=progress)
    except BuildFailed as error:
        raise NotStarted(
            str(error), "the requirements: what pip says above is wrong with them"
        ) from error
    except Unavailable as error:
        raise NotStarted(error.reason, error.remedy) from error
    with Session(implementation, interpreter, Limits()) as session:
        try:
            identity = session.start()
        except Unavailable as error:
            words = f"{error.reason}\n{error.remedy}"
            raise NotStarted(words, _to_start(words, implementation)) from error
        versions = (
            version_line(identity.versions, places_from_here(identity.places)) or "no versions"
        )
        in_javascript = implementation.adapter.suffix in javascript.SUFFIXES
        within = "" if in_javascript else f"; Python {identity.python}"
        yield Step("start", f"{versions}{within}")
        session.begin(session.limits.check)
        for step in _steps(session):
            yield replace(step, mend=_in_javascript(step.mend)) if in_javascript else step


def tell(name: str, steps: Iterable[Step], console: Console) -> bool:
    """Print the steps as they are taken; return whether one did not come out.

    Raises:
        NotStarted: it could not be tried.
    """
    wrong = 0
    for step in steps:
        mark = Text("✗ ", "bold red") if step.mend else Text("✓ ", "green")
        first, *more = step.saw.splitlines() or [""]
        heading = f"{step.name:<{_WIDTH}}", "bold"
        console.print(Text.assemble(mark, heading, first), soft_wrap=True)
        for line in more:
            console.print(Text(" " * (_WIDTH + 2) + line.strip(), "dim"), soft_wrap=True)
        if step.mend:
            wrong += 1
            console.print(Text(f"{'':<{_WIDTH + 2}}mend first: {step.mend}"), soft_wrap=True)
    last = f"{name} works; now: fitspec run {name}"
    if wrong:
        last = (
            f"{name}: {counted(wrong, 'step')} did not come out as expected; what your library does"
            f" not have may stay so, and the rest is shown by fitspec run {name}"
        )
    console.print(Text(f"\n{last}"), soft_wrap=True)
    return wrong > 0


#: What a step is about, where that is not the method of its name.
_PLACES = {
    "read it": "`weights(model)`",
    "read it again": "`weights(model)`",
    "callback": "`callback_class` and `hooks`",
}


def _steps(session: Session) -> Iterator[Step]:
    try:
        model = session.build(models.linear(1.0))
    except (NotOffered, RemoteError, WorkerFailed) as error:
        yield _fallen("build", error, "`build_model`")
        return
    yield Step("build", "a model with one weight, which is 1")
    initial = "`build_model` must set the weights that it is given"
    trained = (
        "the rate of `build_sgd`, the loss, the batch size; a library that limits gradients by"
        " itself takes a shorter step, and may go on"
    )
    steps: dict[str, Callable[[str], Step]] = {
        "read it": lambda name: _weights(name, model, 1.0, initial),
        "compile": lambda name: _compile(name, model),
        "fit": lambda name: _fit(name, model),
        "read it again": lambda name: _weights(name, model, WEIGHT, trained),
        "evaluate": lambda name: _evaluate(name, model),
        "predict": lambda name: _predict(name, model),
        "callback": lambda name: _callback(name, session),
    }
    for name, take in steps.items():
        try:
            step = take(name)
        except (NotOffered, RemoteError, WorkerFailed) as error:
            of_method = f"`methods` and `arguments` for `{name}`"
            step = _fallen(name, error, _PLACES.get(name, of_method))
        yield step
        if step.fatal:
            return


def _compile(name: str, model: Model) -> Step:
    model.compile(optimizer=SGD(RATE), loss="mse")
    return Step(name, f"with SGD at the rate {RATE} and the loss mse")


def _fit(name: str, model: Model) -> Step:
    came = model.fit(X, Y, batch_size=2, epochs=1).value
    if isinstance(came, RemoteObject) and "history" in came.attributes:
        return Step(name, f"one epoch of two samples; history is {show(came.history)}")
    kind = came.classes[0] if isinstance(came, RemoteObject) else show(came)
    return Step(name, f"one epoch; it returned {kind}", "`reveals`: what its history is called")


def _weights(name: str, model: Model, wanted: float, mend: str) -> Step:
    found = model.weights()
    values = [np.ravel(each).tolist() for each in found.get("y", [])]
    saw = f"the weights are {show(found)}"
    if "y" not in found:
        return Step(
            name, saw, "`weights(model)`: the layer is called 'y'; keys are names of layers"
        )
    if len(values) != 1 or len(values[0]) != 1:
        return Step(name, saw, "`weights(model)`: the layer has one kernel of one number, no bias")
    if abs(values[0][0] - wanted) > _NEAR:
        return Step(name, f"{saw}; expected {wanted}", mend)
    return Step(name, saw)


def _evaluate(name: str, model: Model) -> Step:
    came = model.evaluate(X, Y, batch_size=2).value
    return _number(name, came, [LOSS], "the loss that `compile` passes on; what it returns")


def _predict(name: str, model: Model) -> Step:
    came = model.predict(X).value
    return _number(name, came, PREDICTED, "whether the trained model is the one that predicts")


def _callback(name: str, session: Session) -> Step:
    model, recorder = session.build(models.linear(1.0)), Recorder(weights=True)
    model.compile(optimizer=SGD(RATE), loss="mse")
    heard = model.fit(X, Y, batch_size=2, epochs=1, callbacks=[recorder]).events.by(recorder).kinds
    if not heard:
        return Step(name, "it heard of nothing", "`hooks`: what a callback's methods are called")
    return Step(name, f"in one epoch of one batch it heard {', '.join(heard)}")


def _number(name: str, came: Any, wanted: list[float], mend: str) -> Step:
    try:
        values = np.ravel(np.asarray(came, float)).tolist()
    except (TypeError, ValueError):
        return Step(name, f"it returned {show(came)}; expected {show(wanted)}", mend)
    near = len(values) == len(wanted) and np.allclose(values, wanted, atol=_NEAR)
    text = f"it returned {show(came)}"
    return Step(name, text) if near else Step(name, f"{text}; expected {show(wanted)}", mend)


def _fallen(name: str, error: Exception, place: str) -> Step:
    """Say what a step fell over, and what to look at."""
    if isinstance(error, NotOffered):
        is_open = str(error).endswith("is to be written")
        mend = f"write {place}" if is_open else f"{place}, if your library has it by another name"
        return Step(name, f"not offered: {error}", mend)
    if isinstance(error, RemoteError):
        words = [line for line in error.traceback.splitlines() if line.strip()][-4:]
        saw = "\n".join([f"raised {error}", *words])
        if "NotImplementedError" in error.classes:
            return Step(name, saw, f"write {place}; the class Adapter leaves it to you")
        if missing := re.search(_CAUSES[0][0], str(error)):
            return Step(name, saw, _CAUSES[0][1].format(**missing.groupdict()))
        return Step(name, saw, place)
    late = isinstance(error, WorkerTimedOut)
    what = "what it waits for" if late else "what ends the process"
    return Step(name, str(error), f"{what} in {place}", fatal=True)


#: What is said when a worker does not start -> what to look at first.
_CAUSES = (
    (
        r"No module named '(?P<name>[^']+)'",
        (
            "the package {name}: name it in `dependencies` at the top of the adapter, give an"
            " interpreter that has it with --python, or put its folder into PYTHONPATH"
        ),
    ),
    (
        r"Cannot find package '(?P<name>[^']+)'",
        "the package {name}: `npm install` it in the folder of the adapter, or above",
    ),
    (
        r"Cannot find module .* imported from .*/node_modules/",
        "the import of the library: what can only be required is loaded by `createRequire`",
    ),
    (
        r"is not defined in ES module scope",
        (
            "the import of the library: its package calls this file a module, which it is not;"
            " import another of its files by path"
        ),
    ),
    (r"must define one subclass of Adapter", "the file: one class derived from `Adapter`"),
    (r"in versions|NotImplementedError", "`versions()`: a dict of names and versions"),
    (r"SyntaxError", "the file: that Python does not read it"),
)


#: A part of an adapter in Python -> what the skeleton in JavaScript calls it.
_PARTS = {
    "`build_model`": "`buildModel`",
    "`build_sgd`": "`buildSGD`",
    "`methods` and `arguments`": "`METHODS` and `ARGUMENTS`",
    "`reveals`": "`describe`",
    "`callback_class` and `hooks`": "`Recorder` and `HOOKS`",
    "`hooks`": "`HOOKS`",
}


def _in_javascript(mend: str) -> str:
    for part, own in _PARTS.items():
        mend = mend.replace(part, own)
    return mend


def _to_start(words: str, implementation: Implementation) -> str:
    for pattern, advice in _CAUSES:
        if found := re.search(pattern, words):
            return advice.format(**found.groupdict())
    return f"what is said above of {implementation.adapter.name}"
