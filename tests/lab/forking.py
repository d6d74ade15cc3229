"""Workers of the reference that start at once: forks of a process that has imported all else.

A new worker imports the reference, with a mutant in the place of one module if one is given; NumPy
and whatever else it needs are there already. `watched` workers note which lines they execute.
"""

from __future__ import annotations

import faulthandler
import importlib.machinery
import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
import traceback
import warnings
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import coverage

import fitspec.adapters
import fitspec.reference
from fitspec.conformance.worker import process

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import CodeType, ModuleType

PACKAGE = "fitspec.reference"
#: Where the reference lies, as its modules are told to.
REFERENCE = Path(fitspec.reference.__file__).resolve().parent
#: How often one who waits for a worker looks again, in s.
_LOOK = 0.002


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


def forget_the_reference() -> None:
    """Leave only what the reference needs of others imported: each worker imports it anew."""
    import fitspec.adapters.reference.plain  # noqa: F401, PLC0415  with all that it needs

    own = (PACKAGE, "fitspec.adapters.reference")
    for name in [name for name in sys.modules if name.startswith(own)]:
        del sys.modules[name]
    # The packages that held them know them, too.
    for package, name in (("fitspec", "reference"), ("fitspec.adapters", "reference")):
        if hasattr(sys.modules[package], name):
            delattr(sys.modules[package], name)


class _Mutated(importlib.machinery.SourceFileLoader):
    """Loads another source in the place of a module's."""

    def __init__(self, fullname: str, path: str, source: bytes) -> None:
        super().__init__(fullname, path)
        self._source = source

    def get_code(self, fullname: str) -> CodeType:
        """Return the code of the other source, which nothing keeps."""
        del fullname
        return compile(self._source, self.path, "exec", dont_inherit=True)


class Planted:
    """Finds a module of the reference with another source.

    Args:
        module: its path below the reference, without the ending.
        source: what it shall be.

    Raises:
        SyntaxError: that is no program, so that nothing would be found out about it.
    """

    def __init__(self, module: str, source: bytes) -> None:
        compile(source, module, "exec", dont_inherit=True)
        parts = module.removesuffix("/__init__").split("/")
        self._name = ".".join([PACKAGE, *parts])
        self._path = str(REFERENCE / f"{module}.py")
        self._source = source

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return how to import the module, or None for any other."""
        del path, target
        if name != self._name:
            return None
        loader = _Mutated(name, self._path, self._source)
        return importlib.util.spec_from_file_location(name, self._path, loader=loader)


class Lines:
    """Notes which lines of the reference a worker executes, by what is on at the time.

    Args:
        folder: has a file `current` with the name of what is on; `lines` grows there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._coverage = coverage.Coverage(
            data_file=None, include=[f"{REFERENCE}/*"], config_file=False
        )
        self._now = ""

    def turn(self) -> None:
        """Write down what was executed since this was last called, if anything was on."""
        if self._now:
            self._coverage.stop()
            data = self._coverage.get_data()
            found = {
                Path(file).resolve().relative_to(REFERENCE).with_suffix("").as_posix(): lines
                for file in data.measured_files()
                if (lines := sorted(data.lines(file) or ()))
            }
            with (self._folder / "lines").open("a", encoding="utf-8") as file:
                file.write(json.dumps([self._now, found]) + "\n")
            self._coverage.erase()
        self._now = (self._folder / "current").read_text("utf-8")
        self._coverage.start()


class ForkedWorker:
    """Has the face of `subprocess.Popen`, as far as `WorkerProcess` looks at it."""

    #: What the next worker has in the place of a module.
    planted: Planted | None = None
    #: Where it notes its lines.
    watched: Path | None = None

    def __init__(  # noqa: PLR0913  as of `subprocess.Popen`
        self,
        command: Sequence[str],
        *,
        stdin: int,
        stdout: IO[bytes],
        stderr: IO[bytes],
        pass_fds: Sequence[int],
        env: Mapping[str, str],
        cwd: Path,
        start_new_session: bool,
    ) -> None:
        assert stdin == subprocess.DEVNULL
        assert start_new_session
        self.returncode: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            try:
                _become(command[1:], stdout.fileno(), stderr.fileno(), pass_fds, env, cwd)
            except BaseException:  # noqa: BLE001  nothing may come back into the harness
                os.write(2, traceback.format_exc().encode())
            finally:
                os._exit(1)

    def poll(self) -> int | None:
        """Return its exit status, or None while it runs."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Return its exit status once it has ended.

        Raises:
            TimeoutExpired: it has not in time.
        """
        until = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            if until is not None and time.monotonic() > until:
                raise subprocess.TimeoutExpired("a worker", timeout or 0.0)
            time.sleep(_LOOK)
        assert self.returncode is not None
        return self.returncode


class Starting:
    """Stands for the module `subprocess` where workers are started."""

    Popen = ForkedWorker
    DEVNULL = subprocess.DEVNULL
    TimeoutExpired = subprocess.TimeoutExpired


def fork_workers() -> None:
    """Have workers be forks of this process from now on."""
    setattr(process, "subprocess", Starting)  # noqa: B010  of another type, as is meant


def _become(  # noqa: PLR0913, PLR0917  what a process is made of
    command: Sequence[str],
    stdout: int,
    stderr: int,
    pass_fds: Sequence[int],
    env: Mapping[str, str],
    cwd: Path,
) -> None:
    """Be a worker, and end."""
    os.setsid()
    faulthandler.disable()
    nothing = os.open(os.devnull, os.O_RDONLY)
    for own, number in ((nothing, 0), (stdout, 1), (stderr, 2)):
        os.dup2(own, number)
    kept = sorted({0, 1, 2, *pass_fds})
    for low, high in zip(kept, [*kept[1:], os.sysconf("SC_OPEN_MAX")], strict=True):
        os.closerange(low + 1, min(high, 65536))
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    for name, number in (("stdout", 1), ("stderr", 2)):
        stream = os.fdopen(number, "w", encoding="utf-8", closefd=False, errors="backslashreplace")
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    warnings.resetwarnings()
    warnings.simplefilter("default")
    sys.argv = list(command)
    # Where processes are spawned, they look for what this one was started with.
    sys.modules["__main__"] = WORKER
    lines = None
    if ForkedWorker.planted is not None:
        sys.meta_path.insert(0, ForkedWorker.planted)
    if ForkedWorker.watched is not None:
        lines = Lines(ForkedWorker.watched)
        _turn_at_resets(lines)
    status = WORKER.main()
    if lines is not None:
        lines.turn()
    sys.stdout.flush()
    os._exit(status)


def _turn_at_resets(lines: Lines) -> None:
    reset = WORKER.Worker.do_reset

    def turned(self: Any, request: dict[str, Any]) -> Any:
        lines.turn()
        return reset(self, request)

    WORKER.Worker.do_reset = turned
