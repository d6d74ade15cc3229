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
import time
import uuid
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: More than this on stdout or stderr within one check is a flood, in bytes.
OUTPUT_LIMIT = 32 * 2**20
#: An answer longer than this is no answer, in bytes.
ANSWER_LIMIT = 512 * 2**20
#: How often a waiting harness looks whether the worker still lives and how much it printed, in s.
_POLL = 0.05
#: A worker asked to end has this long before it is killed, in s.
_GRACE = 5.0


class WorkerFailed(Exception):  # noqa: N818  the three below are its kinds
    """The worker can answer no more; it has been stopped."""


class WorkerDied(WorkerFailed):
    """The process ended by itself, by a signal, or because it had to be stopped for flooding."""


class WorkerTimedOut(WorkerFailed):
    """No answer came in time."""


class WorkerSpokeNonsense(WorkerFailed):
    """Something came that is no answer."""


class WorkerProcess:
    """A running worker and the two pipes to it.

    Args:
        python: the interpreter to run it with.
        adapter: the adapter file.
        scratch: a folder of its own, where its output and events go; also its working folder.
        environment: the whole environment of the process.
    """

    def __init__(
        self, python: Path, adapter: Path, scratch: Path, environment: Mapping[str, str]
    ) -> None:
        self.scratch = scratch
        self._token = uuid.uuid4().hex
        self._buffer = b""
        requests, self._requests = os.pipe()
        self._answers, answers = os.pipe()
        os.set_blocking(self._requests, False)
        self.stdout_path, self.stderr_path = scratch / "stdout", scratch / "stderr"
        try:
            with (
                as_file(files("fitspec.adapters") / "worker.py") as worker,
                self.stdout_path.open("ab") as stdout,
                self.stderr_path.open("ab") as stderr,
            ):
                command = [
                    *(str(python), str(worker), "--adapter", str(adapter)),
                    *("--requests", str(requests), "--answers", str(answers)),
                    *("--events", str(scratch / "events.jsonl")),
                ]
                self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=stdout,
                    stderr=stderr,
                    pass_fds=(requests, answers),
                    env={**environment, "FITSPEC_WORKER": self._token},
                    cwd=scratch,
                    # Of its own, so that Ctrl-C reaches the harness alone and all its children
                    # can be ended with it.
                    start_new_session=True,
                )
        except BaseException:
            os.close(self._requests)
            os.close(self._answers)
            raise
        finally:
            os.close(requests)
            os.close(answers)

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

    def exchange(self, line: bytes, deadline: float) -> bytes:
        """Send one line and return the line that answers it.

        Args:
            line: a request, ended by a newline.
            deadline: when to give up, as `time.monotonic` counts.

        Raises:
            WorkerFailed: one of its kinds; the process has then been killed.
        """
        try:
            return self._exchange(line, deadline)
        except BaseException:
            # Also after Ctrl-C: a late answer would be taken for that to the next request.
            self.kill()
            raise

    def _exchange(self, line: bytes, deadline: float) -> bytes:
        unsent = memoryview(line)
        with selectors.DefaultSelector() as selector:
            selector.register(self._answers, selectors.EVENT_READ)
            selector.register(self._requests, selectors.EVENT_WRITE)
            while b"\n" not in self._buffer:
                alive = self.alive
                ready = selector.select(timeout=_POLL)
                for key, _ in ready:
                    if key.fd == self._answers:
                        self._receive()
                    else:
                        unsent = self._send(unsent)
                        if not unsent:
                            selector.unregister(self._requests)
                if not alive and b"\n" not in self._buffer and not self._answer_waits():
                    raise WorkerDied(f"the worker {self._end()}")
                self._watch(deadline)
        answer, self._buffer = self._buffer.split(b"\n", 1)
        if self._buffer:
            raise WorkerSpokeNonsense(f"more than one answer came: {self._buffer[:80]!r}")
        return answer

    def _answer_waits(self) -> bool:
        with selectors.DefaultSelector() as selector:
            selector.register(self._answers, selectors.EVENT_READ)
            if not selector.select(timeout=0):
                return False
        before = len(self._buffer)
        self._receive()
        return len(self._buffer) > before

    def _receive(self) -> None:
        self._buffer += os.read(self._answers, 2**20)
        if len(self._buffer) > ANSWER_LIMIT:
            raise WorkerSpokeNonsense(f"an answer is longer than {ANSWER_LIMIT} bytes")

    def _send(self, unsent: memoryview) -> memoryview:
        try:
            return unsent[os.write(self._requests, unsent) :]
        except BlockingIOError:
            return unsent
        except BrokenPipeError:
            raise WorkerDied(f"the worker {self._end()}") from None

    def _watch(self, deadline: float) -> None:
        if time.monotonic() > deadline:
            raise WorkerTimedOut("no answer came in time")
        for path in (self.stdout_path, self.stderr_path):
            if path.stat().st_size > OUTPUT_LIMIT:
                raise WorkerDied(
                    f"the worker wrote more than {OUTPUT_LIMIT // 2**20} MiB to {path.name}"
                    " and was stopped"
                )

    def _end(self) -> str:
        """Say how the process ended."""
        try:
            status = self._process.wait(timeout=_GRACE)
        except subprocess.TimeoutExpired:
            return "closed its end of the pipe"
        if status < 0:
            return f"was killed by {signal.Signals(-status).name}"
        return f"exited with status {status}"

    def stop(self) -> None:
        """End the worker politely, then surely."""
        with contextlib.suppress(OSError):
            os.close(self._requests)
        self._requests = -1
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=_GRACE)
        self.kill()

    def kill(self) -> None:
        """End the worker and every process that it started; doing so again is harmless."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._kill_escaped()
        for name in ("_requests", "_answers"):
            descriptor = getattr(self, name)
            if descriptor >= 0:
                with contextlib.suppress(OSError):
                    os.close(descriptor)
                setattr(self, name, -1)

    def _kill_escaped(self) -> None:
        """End children that left the process group; Linux shows whose environment they carry."""
        mark = f"FITSPEC_WORKER={self._token}".encode()
        with contextlib.suppress(FileNotFoundError):
            for entry in os.scandir("/proc"):
                if not entry.name.isdigit():
                    continue
                with contextlib.suppress(OSError):
                    with open(f"{entry.path}/environ", "rb") as file:  # noqa: PTH123  hot loop
                        marked = mark in file.read()
                    if marked:
                        os.kill(int(entry.name), signal.SIGKILL)
