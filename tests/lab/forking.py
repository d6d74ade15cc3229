"""Workers of the reference that start at once: forks of a process that has imported what they need.

Each is a process of its own, with nothing in it of what another one did.
"""

from __future__ import annotations

import faulthandler
import importlib.util
import os
import signal
import subprocess
import sys
import time
import traceback
import warnings
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np

import fitspec.adapters
from fitspec.conformance.worker import process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from types import ModuleType

#: How often one who waits for a worker looks again, in s.
_LOOK = 0.002
#: How long what was killed may take to end, in s.
_PATIENCE = 60.0


def _worker_module() -> ModuleType:
    path = Path(fitspec.adapters.__file__).with_name("worker.py")
    found = importlib.util.spec_from_file_location("fitspec_worker", path)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    # As a program has none: processes that are spawned are told of the file instead.
    module.__spec__ = None
    return module


WORKER = _worker_module()


class ForkedWorker:
    """Has the face of `Guarded`, as far as `WorkerProcess` looks at it."""

    #: What the next worker does its work in.
    around: Callable[[], AbstractContextManager[None]] = nullcontext
    #: How many were started by this process.
    started = 0

    def __init__(  # noqa: PLR0913  as of `Guarded`
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        fds: Sequence[int],
        stdout: IO[bytes],
        stderr: IO[bytes],
    ) -> None:
        ForkedWorker.started += 1
        self._status: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            try:
                _become(command[1:], stdout.fileno(), stderr.fileno(), fds, env, cwd)
            except BaseException:  # noqa: BLE001  nothing may come back into the harness
                os.write(2, traceback.format_exc().encode())
            finally:
                os._exit(1)

    def poll(self) -> int | None:
        """Return its exit status, or None while it runs."""
        if self._status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._status = os.waitstatus_to_exitcode(status)
        return self._status

    def wait(self, timeout: float) -> int:
        """Return its exit status once it has ended.

        Raises:
            TimeoutExpired: it has not in time.
        """
        until = time.monotonic() + timeout
        while (status := self.poll()) is None:
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired("a worker", timeout)
            time.sleep(_LOOK)
        return status

    def kill(self) -> None:
        """End it at once, with all of its group."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.wait(_PATIENCE)


def fork_workers() -> None:
    """Have workers be forks of this process from now on."""
    setattr(process, "Guarded", ForkedWorker)  # noqa: B010  of another type, as is meant


def _become(  # noqa: PLR0913, PLR0917  what a process is made of
    command: Sequence[str],
    stdout: int,
    stderr: int,
    fds: Sequence[int],
    env: Mapping[str, str],
    cwd: Path,
) -> None:
    """Be a worker, and end."""
    os.setsid()
    faulthandler.disable()
    nothing = os.open(os.devnull, os.O_RDONLY)
    for own, number in ((nothing, 0), (stdout, 1), (stderr, 2)):
        os.dup2(own, number)
    close_all_but(fds)
    os.chdir(cwd)
    be_worker(command, env)


def close_all_but(fds: Iterable[int]) -> None:
    """Close all descriptors but some and the first three."""
    kept = sorted({0, 1, 2, *fds})
    for low, high in zip(kept, [*kept[1:], os.sysconf("SC_OPEN_MAX")], strict=True):
        os.closerange(low + 1, min(high, 65536))


def be_worker(command: Sequence[str], env: Mapping[str, str]) -> None:
    """Do what an interpreter does that was started with the program of workers, and end."""
    os.environ.clear()
    os.environ.update(env)
    for name, number in (("stdout", 1), ("stderr", 2)):
        stream = os.fdopen(number, "w", encoding="utf-8", closefd=False, errors="backslashreplace")
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_IGN)
    warnings.resetwarnings()
    warnings.simplefilter("default")
    sys.argv = list(command)
    # Where processes are spawned, they look for what this one was started with.
    sys.modules["__main__"] = WORKER
    # It would draw what every other one draws.
    np.random.seed()  # noqa: NPY002  the stream that the reference draws from
    with ForkedWorker.around():
        status = WORKER.main()
    sys.stdout.flush()
    os._exit(status)
