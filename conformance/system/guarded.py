"""Programs of which nothing is left: whoever starts one has a warden stand over it.

That ends all that descends from the program when the program ends, when it is told to, and when
this process ends, however that came. The program leads a session of its own, which also keeps
Ctrl-C from reaching it beside whoever looks after it.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from importlib.resources import as_file, files
from io import FileIO
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

#: The variable that tells the descendants of a program from all others.
_MARK = "FITSPEC_GUARDED"
_WARDEN = files("fitspec.conformance.system") / "warden.py"
#: How long a warden may take to end what it is over, in s; by then somebody has stopped it.
_PATIENCE = 5.0


class Guarded:
    """A program that is running, with a warden over it.

    Args:
        command: the program, looked for on `PATH`, and its arguments.
        env: its environment; that of this process if it is None.
        cwd: the folder that it runs in; that of this process if it is None.
        fds: descriptors that it inherits.
        held: descriptors that stay open as long as anything of it lives, locks for instance.
        stdin: what it reads; there is nothing to read if it is None.
        stdout, stderr: as `subprocess` takes them.

    Raises:
        OSError: it cannot be started.
    """

    def __init__(  # noqa: PLR0913  what a process is made of
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        fds: Sequence[int] = (),
        held: Sequence[int] = (),
        stdin: IO[bytes] | None = None,
        stdout: int | IO[bytes] | None = None,
        stderr: int | IO[bytes] | None = None,
    ) -> None:
        self._status: int | None = None
        self._mark = uuid.uuid4().hex
        self.pid = 0
        self._channel, channel = socket.socketpair()
        told, tell = os.pipe()
        order = {
            "command": list(command),
            "env": {**(os.environ if env is None else env), _MARK: self._mark},
            "cwd": None if cwd is None else str(cwd),
            "fds": list(fds),
            "tell": tell,
        }
        with FileIO(told) as news:
            try:
                with channel, FileIO(tell, "w"):
                    given = (channel.fileno(), *held)
                    self._warden = self._warden_with(
                        [str(number) for number in given],
                        (*given, tell, *fds),
                        stdin=subprocess.DEVNULL if stdin is None else stdin,
                        stdout=stdout,
                        stderr=stderr,
                    )
            except BaseException:
                self._channel.close()
                raise
            try:
                self._channel.sendall(json.dumps(order).encode() + b"\n")
                self._begin(news.readall().decode(errors="surrogateescape").splitlines())
            except BaseException:
                self.kill()
                raise

    @staticmethod
    def _warden_with(
        arguments: Sequence[str],
        fds: Sequence[int],
        *,
        stdin: int | IO[bytes],
        stdout: int | IO[bytes] | None,
        stderr: int | IO[bytes] | None,
    ) -> subprocess.Popen[bytes]:
        """Start the warden, with its arguments and the descriptors that it inherits."""
        with as_file(_WARDEN) as warden:
            return subprocess.Popen(
                # -I and -S: nothing of the user's shall stand in its way.
                [sys.executable, "-I", "-S", str(warden), *arguments],
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                pass_fds=fds,
                start_new_session=True,
            )

    def _begin(self, told: Sequence[str]) -> None:
        for kind, _, words in (line.partition(" ") for line in told):
            if kind == "pid":
                self.pid = int(words)
            else:
                number, _, name = words.partition(" ")
                raise OSError(int(number), os.strerror(int(number)), name)
        if not self.pid:
            raise OSError("the warden ended before it had started the program")

    @property
    def stdout(self) -> IO[bytes] | None:
        """What it prints, where a pipe was asked for."""
        return self._warden.stdout

    def poll(self) -> int | None:
        """Return the status with which it ended, negative for a signal; None while it lives.

        By then nothing of it is left.
        """
        return None if self._warden.poll() is None else self.wait()

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end and return its status; by then nothing of it is left.

        Raises:
            subprocess.TimeoutExpired: it still lives after `timeout` s.
        """
        self._warden.wait(timeout)
        if self._status is None:
            kind, _, words = self._last_words().partition(" ")
            if kind != "status":
                self._clear()
            self._status = int(words) if kind == "status" else -signal.SIGKILL
            self._channel.close()
        return self._status

    def ask(self) -> None:
        """Ask it to end, with all of its group."""
        with contextlib.suppress(OSError):
            self._channel.sendall(b"?")

    def end(self, grace: float) -> None:
        """End it, politely if that is still needed, then surely.

        Args:
            grace: how long it may take to end by itself once it is asked to, in s.
        """
        if self.poll() is None:
            self.ask()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.wait(grace)
        self.kill()

    def kill(self) -> None:
        """End it at once, with all that descends from it; doing so again is harmless."""
        if self.poll() is not None:
            return
        with contextlib.suppress(OSError):
            self._channel.shutdown(socket.SHUT_WR)
        # It may have been stopped, by what it is over.
        self._warden.send_signal(signal.SIGCONT)
        try:
            self._warden.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._warden.kill()
        self.wait()

    def _clear(self) -> None:
        """End what is left where the warden was killed: the program itself has died of that."""
        if self.pid:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
        deadline = time.monotonic() + _PATIENCE
        while (left := list(_marked(f"{_MARK}={self._mark}"))) and time.monotonic() < deadline:
            for pid in left:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            # Dying takes a moment, and one of them may have forked just before.
            time.sleep(0.001)

    def _last_words(self) -> str:
        """Return what the warden said at its end; nothing if it was killed."""
        said = b""
        with contextlib.suppress(ConnectionError):
            while data := self._channel.recv(2**12):
                said += data
        return said.decode()


def _marked(mark: str) -> Iterator[int]:
    """Yield the living processes that carry a mark in their environment; Linux shows it."""
    with contextlib.suppress(FileNotFoundError):
        for entry in os.scandir("/proc"):
            # A process can end between being listed and being read; those of others are hidden.
            with contextlib.suppress(OSError):
                if entry.name.isdigit():
                    with open(f"{entry.path}/environ", "rb") as file:  # noqa: PTH123  hot loop
                        if mark.encode() in file.read():
                            yield int(entry.name)
