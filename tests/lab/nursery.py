"""Workers of tests of the harness, which start at once: forks of a process that imported it all.

A worker takes a fourth of a second to start, for Python, NumPy and the reference; a test is often
done sooner. Nothing else is otherwise: a warden of its own stands over each, which is the program
of every warden, and the worker is the program of every worker. Only it is entered where a warden
would have another interpreter do so.
"""

from __future__ import annotations

import atexit
import fcntl
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import traceback
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

from fitspec.conformance.system import guarded, warden

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
#: What workers import: the adapter that most are of, and what NumPy loads late.
IMPORTED = ("fitspec.adapters.reference.plain", "numpy.ma")
#: What a session has set for its worker, beside what is set for this process.
SET = {"PYTHONHASHSEED": "0"}
#: From here on are the descriptors that came, until each has the number that it had before.
_HIGH = 512


class _Nursery:
    """The process, as seen from this one."""

    def __init__(self) -> None:
        self._channel, channel = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with channel:
            environment = {**os.environ, **SET}
            self.read_at_the_start = _read_at_the_start(environment)
            self._process = subprocess.Popen(
                [sys.executable, "-m", f"{__spec__.name}", str(channel.fileno())],
                env=environment,
                cwd=ROOT,
                pass_fds=[channel.fileno()],
            )

    def fork(self, descriptors: Mapping[int, int], arguments: Sequence[str]) -> int:
        """Have a warden be forked; return the descriptor of its process, which tells its end.

        Args:
            descriptors: its own number of each that it gets -> the number here.
            arguments: its own.
        """
        order = json.dumps([list(descriptors), list(arguments)]).encode()
        socket.send_fds(self._channel, [order], list(descriptors.values()))
        _, (pidfd,), _, _ = socket.recv_fds(self._channel, 1, 1)
        return pidfd

    def close(self) -> None:
        """End the process, which has nothing to tidy up."""
        self._channel.close()
        self._process.kill()
        self._process.wait()

    def offspring(self) -> list[int]:
        """Return the ids of what it forked and has not ended, and of what such a one left."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        found = map(int, children.read_text("ascii").split())
        return [pid for pid in found if not _is_dead(pid)]


def _read_at_the_start(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith("PYTHON")}


def _is_dead(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text("ascii", errors="replace")
    except FileNotFoundError:
        return True
    return status.rpartition(")")[2].split()[0] == "Z"


@cache
def _nursery() -> _Nursery:
    nursery = _Nursery()
    atexit.register(nursery.close)
    return nursery


def open_one() -> None:
    """Start the nursery of this process, if it has none; they end together."""
    _nursery()


def offspring() -> list[int]:
    """Return the ids of the forks that live, whoever their parent was."""
    return _nursery().offspring() if _nursery.cache_info().currsize else []


class _ForkedWarden:
    """Has the face of `subprocess.Popen`, as far as `Guarded` looks at it."""

    stdout = None

    def __init__(self, descriptors: Mapping[int, int], arguments: Sequence[str]) -> None:
        self._pidfd = _nursery().fork(descriptors, arguments)
        self._ended = False

    def _await(self, timeout: float | None) -> bool:
        if not self._ended and select.select([self._pidfd], [], [], timeout)[0]:
            self._ended = True
            os.close(self._pidfd)
        return self._ended

    def poll(self) -> int | None:
        """Return a number once it has ended; its channel says which status the program had."""
        return 0 if self._await(0) else None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end.

        Raises:
            subprocess.TimeoutExpired: it lives after so many seconds.
        """
        if not self._await(timeout):
            raise subprocess.TimeoutExpired("a warden", timeout or 0.0)
        return 0

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it lives."""
        if not self._ended:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, number)

    def kill(self) -> None:
        """End it without letting it end what it stands over."""
        self.send_signal(signal.SIGKILL)


class _Forked(guarded.Guarded):
    @staticmethod
    def _warden_with(
        arguments: Sequence[str],
        fds: Sequence[int],
        *,
        stdin: int | IO[bytes],  # noqa: ARG004  there is nothing to read
        stdout: int | IO[bytes] | None,
        stderr: int | IO[bytes] | None,
    ) -> Any:
        with open(os.devnull, "rb") as nothing:  # noqa: PTH123  as a descriptor
            streams = dict(enumerate(map(_number, (nothing, stdout, stderr))))
            return _ForkedWarden({**streams, **{one: one for one in fds}}, arguments)


def _number(stream: int | IO[bytes] | None) -> int:
    assert stream is not None
    return stream if isinstance(stream, int) else stream.fileno()


def start(command: Sequence[str], *, env: Mapping[str, str], **how: Any) -> guarded.Guarded:
    """Start a worker, as `Guarded` does: by a fork where a new interpreter would be the same."""
    alike = (
        hasattr(os, "pidfd_open")
        and command[0] == sys.executable
        and Path(command[1]).name == "worker.py"
        and _read_at_the_start(env) == _nursery().read_at_the_start
    )
    return (_Forked if alike else guarded.Guarded)(command, env=env, **how)


# -- in the process that is forked --


def main() -> None:
    """Fork a warden for each order that comes."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    channel.set_inheritable(False)
    del sys.path[0]  # the folder in which it was started
    for name in (f"{__spec__.parent}.forking", *IMPORTED):
        import_module(name)
    control = warden._control()  # noqa: SLF001  a part of it
    if control is not None:
        # What a warden left that was killed is seen here.
        control(warden._SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # noqa: SLF001  as above
    gc.collect()
    gc.freeze()
    while True:
        order, fds, _, _ = socket.recv_fds(channel, 2**16, 64)
        if not order:
            return
        pid = os.fork()
        if pid == 0:
            numbers, arguments = json.loads(order)
            _be_warden(dict(zip(numbers, fds, strict=True)), arguments)
        pidfd = os.pidfd_open(pid)
        socket.send_fds(channel, [b"."], [pidfd])
        for descriptor in (pidfd, *fds):
            os.close(descriptor)
        # Only now: what has ended and was waited for has no descriptor.
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _be_warden(descriptors: Mapping[int, int], arguments: Sequence[str]) -> NoReturn:
    """Be a warden, and end."""
    from .forking import be_worker, close_all_but  # noqa: PLC0415  imported by now

    try:
        os.setsid()
        high = {
            number: fcntl.fcntl(came, fcntl.F_DUPFD, _HIGH) for number, came in descriptors.items()
        }
        for number, place in high.items():
            os.dup2(place, number)
        close_all_but(descriptors)

        class Warden(warden.Warden):
            def _enter(self, order: dict[str, Any]) -> None:
                close_all_but(order["fds"])
                be_worker(order["command"][1:], order["env"])

        setattr(warden, "Warden", Warden)  # noqa: B010  in this process alone
        sys.argv = [warden.__file__, *arguments]
        warden.main()
    except BaseException:  # noqa: BLE001  it shall not go on as the process that it was forked from
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(1)


if __name__ == "__main__":
    main()
