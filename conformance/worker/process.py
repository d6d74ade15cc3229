"""A worker process, contained: whatever it does, the harness keeps its time and its memory.

A worker may die, hang, fork, print without end or write nonsense where an answer should be. Each
is an exception of this module, after which nothing of the process is left.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import tempfile
import time
from contextlib import ExitStack
from importlib.resources import as_file, files
from io import FileIO
from typing import IO, TYPE_CHECKING, Self

from fitspec.conformance.system import posix
from fitspec.conformance.system.guarded import Guarded
from fitspec.conformance.worker.limits import Limits, memory_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

#: How often a waiting harness looks whether the worker still lives and how much it printed, in s.
_POLL = 0.05


class WorkerFailed(Exception):  # noqa: N818  the three below are its kinds
    """The worker can answer no more; it has been stopped."""


class WorkerDied(WorkerFailed):
    """The process ended by itself, by a signal, or because it had to be stopped for flooding."""


class WorkerTimedOut(WorkerFailed):
    """No answer came in time."""


class WorkerSpokeNonsense(WorkerFailed):
    """Something came that is no answer."""


def _unnamed_file(folder: Path) -> IO[bytes]:
    """Return an empty file without a name, which the worker can write to but not remove.

    Everything is written at its end, wherever that is by then: a file that was emptied in the
    meantime must not begin with a hole. The mode "a" alone does not have the kernel do so.
    """
    file = tempfile.TemporaryFile("a+b", dir=folder)  # noqa: SIM115  the caller closes it
    posix.write_at_end(file.fileno())
    return file


class WorkerProcess:
    """A running worker and the two pipes to it.

    Args:
        python: the interpreter to run it with.
        adapter: the adapter file.
        scratch: a folder of its own, where its events go; also its working folder.
        environment: the whole environment of the process.
        limits: how much it may print and answer, and how long it may take to end.
        start: how its command begins where the worker is no Python: a program, its options and
            the worker's file.

    Raises:
        OSError: it cannot be started.
    """

    def __init__(  # noqa: PLR0913, PLR0917  all that a process is made of
        self,
        python: Path,
        adapter: Path,
        scratch: Path,
        environment: Mapping[str, str],
        limits: Limits = Limits(),  # noqa: B008  frozen
        start: Sequence[str] | None = None,
    ) -> None:
        self._limits = limits
        self._buffer = bytearray()
        self._memory = 0
        self._ended = False
        self._last: dict[str, bytes] = {}
        with ExitStack() as ours, ExitStack() as theirs:
            requests, self._requests = _pipe(read=theirs, write=ours)
            self._answers, answers = _pipe(read=ours, write=theirs)
            os.set_blocking(self._requests.fileno(), False)
            self._output = {
                stream: ours.enter_context(_unnamed_file(scratch))
                for stream in ("stdout", "stderr")
            }
            self._told = dict.fromkeys(self._output, 0)
            worker = theirs.enter_context(as_file(files("fitspec.adapters") / "worker.py"))
            command = [
                *(start or (str(python), str(worker))),
                *("--adapter", str(adapter)),
                *("--requests", str(requests.fileno()), "--answers", str(answers.fileno())),
                *("--events", str(scratch / "events.jsonl")),
            ]
            self._process = Guarded(
                command,
                env=environment,
                cwd=scratch,
                fds=(requests.fileno(), answers.fileno()),
                stdout=self._output["stdout"],
                stderr=self._output["stderr"],
            )
            self._held = ours.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process has not ended."""
        return self._process.poll() is None

    # -- what it prints --

    def printed(self, stream: str) -> bytes:
        """Return what was written to ``"stdout"`` or ``"stderr"`` since this was last asked."""
        if self._ended:
            return self._last.pop(stream, b"")
        descriptor = self._output[stream].fileno()
        size = os.fstat(descriptor).st_size - self._told[stream]
        # Beyond the limit nobody reads on: a flood must not fill our memory as well.
        data = os.pread(descriptor, max(0, min(size, self._limits.output)), self._told[stream])
        self._told[stream] += len(data)
        return data

    def forget_printed(self) -> None:
        """Empty stdout and stderr, so that the limit counts from here."""
        if self._ended:
            self._last.clear()
            return
        for stream, file in self._output.items():
            os.ftruncate(file.fileno(), 0)
            self._told[stream] = 0

    # -- requests and answers --

    def exchange(self, line: bytes, deadline: float) -> bytes:
        """Send one line and return the line that answers it.

        Args:
            line: a request, ended by a newline.
            deadline: when to give up, as `time.monotonic` counts.

        Raises:
            WorkerFailed: one of its kinds; the process has then been killed.
        """
        if self._ended:
            raise WorkerDied("the worker has been stopped")
        try:
            return self._exchange(line, deadline)
        except BaseException:
            # Also after Ctrl-C: a late answer would be taken for that to the next request.
            self.kill()
            raise

    def _exchange(self, line: bytes, deadline: float) -> bytes:
        unsent = memoryview(line)
        self._memory = 0
        end = -1
        with selectors.DefaultSelector() as selector:
            selector.register(self._answers, selectors.EVENT_READ)
            selector.register(self._requests, selectors.EVENT_WRITE)
            while end < 0:
                # Asked before the wait: what was written before the end is read all the same.
                alive = self.alive
                ready = [key.fileobj for key, _ in selector.select(timeout=_POLL)]
                if self._answers in ready:
                    end = self._receive(deadline)
                elif not alive:
                    raise WorkerDied(f"the worker {self._end(deadline)}")
                if self._requests in ready:
                    unsent = self._send(unsent, deadline)
                    if not unsent:
                        selector.unregister(self._requests)
                self._watch(deadline)
        answer = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        if self._buffer:
            raise WorkerSpokeNonsense(f"more than one answer came: {bytes(self._buffer[:80])!r}")
        return answer

    def _receive(self, deadline: float) -> int:
        """Read some of the answer and return where it ends, or -1."""
        data = os.read(self._answers.fileno(), 2**20)
        if not data:
            raise WorkerDied(f"the worker {self._end(deadline)}")
        before = len(self._buffer)
        self._buffer += data
        # While it comes: who waited for the end of an answer without end would have it all.
        self._memory += memory_of(data)
        if self._memory > self._limits.answer:
            raise WorkerSpokeNonsense(
                f"an answer takes more than {self._limits.answer} bytes of memory"
            )
        return self._buffer.find(b"\n", before)

    def _send(self, unsent: memoryview, deadline: float) -> memoryview:
        try:
            return unsent[os.write(self._requests.fileno(), unsent) :]
        except BlockingIOError:
            return unsent
        except BrokenPipeError:
            raise WorkerDied(f"the worker {self._end(deadline)}") from None

    def _watch(self, deadline: float) -> None:
        if time.monotonic() > deadline:
            raise WorkerTimedOut("no answer came in time")
        for stream, file in self._output.items():
            if os.fstat(file.fileno()).st_size > self._limits.output:
                raise WorkerDied(
                    f"the worker wrote more than {self._limits.output} bytes to {stream}"
                    " and was stopped"
                )

    def _end(self, deadline: float) -> str:
        """Say how the process ended."""
        try:
            left = max(0.0, deadline - time.monotonic())
            status = self._process.wait(timeout=min(self._limits.grace, left))
        except subprocess.TimeoutExpired:
            return "closed its end of the pipe and was stopped"
        if status < 0:
            return f"was killed by {_signal_name(-status)}"
        return f"exited with status {status}"

    # -- the end --

    def stop(self) -> None:
        """End the worker politely, then surely."""
        if not self._ended:
            self._requests.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=self._limits.grace)
        self.kill()

    def kill(self) -> None:
        """End the worker and every process that it started; doing so again is harmless."""
        if self._ended:
            return
        self._process.kill()
        self._last = {stream: self.printed(stream) for stream in self._output}
        # Only now: when Ctrl-C comes before, the next call ends what this one left.
        self._ended = True
        self._held.close()


def _pipe(read: ExitStack, write: ExitStack) -> tuple[FileIO, FileIO]:
    """Return the ends of a new pipe, each to be closed with its owner."""
    reader, writer = os.pipe()
    return (
        read.enter_context(FileIO(reader, "rb")),
        write.enter_context(FileIO(writer, "wb")),
    )


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
