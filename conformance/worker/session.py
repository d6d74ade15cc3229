"""A conversation with one implementation: starts its worker, asks, and starts it again."""

from __future__ import annotations

import errno
import math
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from fitspec.adapters import wire
from fitspec.conformance.environments.environment import Unavailable
from fitspec.conformance.environments.npm import VARIABLE, packages_of
from fitspec.conformance.system.atomic import check_room, says_full
from fitspec.conformance.system.interrupts import held_back
from fitspec.conformance.system.scratch import Scratch
from fitspec.conformance.vocabulary.probes import ModelOf, Probe
from fitspec.conformance.worker.limits import Limits
from fitspec.conformance.worker.process import (
    WorkerDied,
    WorkerFailed,
    WorkerProcess,
    WorkerSpokeNonsense,
)
from fitspec.conformance.worker.remote import (
    Event,
    Events,
    Model,
    NotOffered,
    ProtocolFault,
    RemoteError,
    RemoteObject,
    Result,
    number_of,
)
from fitspec.conformance.worker.transcript import Request, Transcript
from fitspec.conformance.worker.variables import inherited

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fitspec.conformance.implementations.implementation import Implementation

#: What reading an answer raises that is of another form than the protocol's.
_MALFORMED = (AttributeError, LookupError, OverflowError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True)
class Identity:
    """Who answers: as the worker said it.

    Args:
        adapter: the name of its adapter.
        versions: of its libraries.
        python, platform: that it runs on.
        renames: documented name -> its own.
        dialect: of Keras, in which programs for it are written; empty if that is not said.
        imports: the import statements of such a program.
        places: the file or folder that each library was loaded from, where one is known.
        members: the public names of a model, to the parameters of a method; empty if nobody asked,
            or it does not say.
    """

    adapter: str
    versions: Mapping[str, str]
    python: str
    platform: str
    renames: Mapping[str, str]
    dialect: str = ""
    imports: str = ""
    places: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, str] = field(default_factory=dict)


class Session:
    """A conversation with one implementation.

    Args:
        implementation: whom to talk to.
        python: the interpreter with its libraries.
        limits: how long it may take, and how much it may say.
    """

    def __init__(
        self,
        implementation: Implementation,
        python: Path,
        limits: Limits = Limits(),  # noqa: B008  frozen
    ) -> None:
        self.implementation = implementation
        self.python = python
        self.limits = limits
        self.identity: Identity | None = None
        #: Time spent inside the implementation so far, in s.
        self.inside = 0.0
        #: What was asked since the check began.
        self.transcript = Transcript()
        self._process: WorkerProcess | None = None
        self._scratch = Scratch()
        self._refusal: Unavailable | None = None
        #: How long any answer is waited for, in s.
        self._patience = limits.start
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- life --

    def start(self) -> Identity:
        """Start the worker and prove that it answers: who it is, and an echo.

        Raises:
            Unavailable: it does not start here; also whenever asked again.
        """
        if self._refusal is not None:
            raise self._refusal
        self._patience = self.limits.start
        try:
            # A process that nobody knows of yet could not be ended.
            with held_back():
                self._process = self._new_process()
            self.identity = self._greet()
            self._echo()
            self._reset()
        except (WorkerFailed, RemoteError, NotOffered, OSError) as error:
            self._refusal = self._explain_refusal(error)
            self._kill()
            raise self._refusal from error
        return self.identity

    def _explain_refusal(self, error: Exception) -> Unavailable:
        lines = self._printed("stderr").splitlines()
        if isinstance(error, RemoteError):
            lines = error.traceback.splitlines()
        words = "\n".join([line for line in lines if line.strip()][-6:])
        name = self.implementation.name
        return Unavailable(
            f"{name} does not start: {error}",
            f"its last words:\n{words}" if words else "it left no last words",
        )

    def _new_process(self) -> WorkerProcess:
        folder = Path(tempfile.mkdtemp(prefix="worker-", dir=self._scratch.folder))
        program = self.implementation.program
        return WorkerProcess(
            self.python,
            self.implementation.adapter,
            folder,
            self.variables(folder),
            self.limits,
            None if program is None else [*program.command, str(program.worker)],
        )

    def variables(self, scratch: Path) -> dict[str, str]:
        """Return the environment of a worker that runs in the folder `scratch`."""
        variables = inherited(self.python)
        # What a worker that is killed leaves goes with all else. The folder of all of them, because
        # the paths of sockets have to be short.
        variables["TMPDIR"] = str(self._scratch.folder)
        variables.update(self.implementation.variables(scratch))
        variables["PYTHONHASHSEED"] = "0"
        if self.implementation.program is not None:
            variables["FITSPEC_PYTHON"] = str(self.python)
        packages = packages_of(self.implementation.program)
        if packages is not None:
            variables[VARIABLE] = str(packages.folder)
        return variables

    def _greet(self) -> Identity:
        try:
            return Identity(**self._ask("hello").value)
        except TypeError as error:
            raise WorkerSpokeNonsense(f"it says of itself: {error}") from error

    def _echo(self) -> None:
        """Prove that values arrive as they were sent; what a library does is for checks to judge.

        Raises:
            ProtocolFault: they do not.
        """
        array, others = np.asarray([[1.5], [-0.0]], np.float32), [(1, float("inf")), {2: "b"}, None]
        echo = self._ask("echo", value=[array, *others]).value
        if not (echo[0].tobytes() == array.tobytes() and echo[0].dtype == array.dtype):
            raise ProtocolFault(f"{array!r} came back as {echo[0]!r}")
        if echo[1:] != others:
            raise ProtocolFault(f"{others!r} came back as {echo[1:]!r}")

    def begin(self, seconds: float) -> None:
        """Begin a check, with nothing left of the one before.

        Args:
            seconds: how long any answer may take. How long they take together says how fast a
                library and its machine are, and how many questions a check has.

        Raises:
            Unavailable: the worker does not start.
        """
        try:
            self._reset()
        except (WorkerFailed, RemoteError, NotOffered):
            # What the last check left behind must not fall on this one.
            self._kill()
            self.start()
        self.transcript.clear()
        self._patience = min(seconds, self.limits.check)

    def check_room(self) -> None:
        """Refuse what came meanwhile if what is printed, or noted, finds no room.

        Raises:
            OSError: the disk is full.
        """
        check_room(self._scratch.folder)

    def _reset(self) -> None:
        self._patience = self.limits.reset
        if self._process is not None:
            self._process.forget_printed()
        self._ask("reset")

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process = None

    def close(self) -> None:
        """End the worker and remove its files."""
        try:
            if self._process is not None:
                self._process.stop()
                self._process = None
        finally:
            self._kill()
            self._scratch.remove()

    # -- requests --

    def tell(self, probe: Probe) -> None:
        """Have something be in effect from now on that is so once it has travelled.

        Raises:
            RemoteError, NotOffered: it cannot be.
        """
        self._ask("build", value=probe)

    def members(self) -> dict[str, str]:
        """Return the public names of a model, to the parameters of a method.

        None where it does not say. How models are made and compiled is for checks to judge: a
        worker that ends by it is started again for the first.
        """
        try:
            found = self._ask("members").value
        except (WorkerFailed, RemoteError, NotOffered, ProtocolFault):
            return {}
        said = found.items() if isinstance(found, dict) else ()
        return {str(name): str(text) for name, text in said}

    def build(self, description: ModelOf) -> Model:
        """Build a model and return what a check holds of it: each time another one.

        Raises:
            RemoteError: the implementation raised.
            NotOffered: it has no layer of a kind that is needed.
        """
        anew = replace(description)
        return Model(self._ask, self._ask("build", value=anew).value.reference)

    def _ask(self, operation: str, **request: Any) -> Result:
        if self._process is None:
            raise WorkerDied("the worker is not running")
        self._count += 1
        try:
            result = self._exchange(operation, request)
        except Exception as error:
            self.transcript.add(Request(operation, request, fell=True, error=error))
            raise
        self.transcript.add(Request(operation, request, result.value, came=result))
        return result

    def _exchange(self, operation: str, request: Mapping[str, Any]) -> Result:
        assert self._process is not None  # noqa: S101  the caller has looked
        message = {name: wire.encode(item, _encode_probe) for name, item in request.items()}
        line = wire.dump({"id": self._count, "op": operation, **message})
        try:
            return self._result(self._process.exchange(line, time.monotonic() + self._patience))
        except _MALFORMED as error:
            self._kill()
            raise WorkerSpokeNonsense(f"the answer was no message: {error}") from error
        except MemoryError:
            # Raised below: with it, what was read so far would stay where there is no room.
            self._kill()
        raise WorkerSpokeNonsense("the answer takes more memory than there is")

    def _result(self, line: bytes) -> Result:
        """Return what an answer brought.

        Raises:
            RemoteError: the implementation raised.
            NotOffered: it has no such thing.
            ProtocolFault: the request was wrong.
            OSError: the disk is full.
            ValueError and the rest of `_MALFORMED`: it is no answer.
        """
        answer = wire.load(line)
        if answer.get("id") != self._count:
            raise wire.WireError(f"it answers request {answer.get('id')!r}, not {self._count}")
        seconds = float(answer["seconds"])
        if not (math.isfinite(seconds) and seconds >= 0):
            raise wire.WireError(f"it took {seconds} s")
        self.inside += seconds
        events = Events(tuple(_event(item) for item in answer["events"]))
        if answer["outcome"] == "error":
            error = _error_of(answer["error"])
            if isinstance(error, RemoteError):
                if says_full(error.message):
                    # Whatever prints then raises it, which is no exception of the implementation's.
                    raise OSError(errno.ENOSPC, f"{error}, where the implementation runs")
                error.events = events
            raise error
        return Result(
            value=wire.decode(answer["value"], _decode_object),
            events=events,
            stdout=self._printed("stdout"),
            stderr=self._printed("stderr"),
            warnings=tuple((item["classes"][0], item["message"]) for item in answer["warnings"]),
            seconds=seconds,
        )

    def _printed(self, stream: str) -> str:
        """Return what was printed since this was last asked."""
        data = b"" if self._process is None else self._process.printed(stream)
        return data.decode("utf-8", errors="backslashreplace")


def _encode_probe(value: Any) -> Any:
    if isinstance(value, RemoteObject):
        return {"$": "ref", "ref": value.reference}
    if isinstance(value, Probe):
        settings = value.settings().items()
        return {
            "$": "probe",
            "key": value.key,
            "kind": value.kind,
            "watched": value.watched,
            "fields": {name: wire.encode(item, _encode_probe) for name, item in settings},
        }
    raise wire.WireError(f"a value of type {type(value).__name__} cannot be sent")


def _decode_object(form: Mapping[str, Any]) -> Any:
    if form["$"] == "probe":
        raise wire.WireError("a worker cannot send a probe")
    if "number" in form:
        return number_of((form.get("classes") or ["number"])[0], wire.decode(form["number"]))
    attributes = form.get("attributes", {})
    array = form.get("array")
    return RemoteObject(
        reference=form["ref"],
        classes=tuple(form.get("classes", ())),
        attributes={name: wire.decode(item, _decode_object) for name, item in attributes.items()},
        text=form.get("repr", ""),
        array=None if array is None else wire.decode(array),
    )


def _event(form: Mapping[str, Any]) -> Event:
    fields = wire.decode(form["fields"], _decode_object)
    return Event(**{**form, "fields": fields})


def _error_of(form: Mapping[str, Any]) -> Exception:
    if form.get("protocol"):
        return ProtocolFault(form["message"])
    if "not_offered" in form:
        missing = form["not_offered"]
        reason = f": {missing['reason']}" if missing["reason"] else ""
        return NotOffered(f"no {missing['kind']} `{missing['name']}`{reason}")
    return RemoteError(
        [str(name) for name in form["classes"]], str(form["message"]), str(form["traceback"])
    )
