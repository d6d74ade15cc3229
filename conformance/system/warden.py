"""The process that stands between this one and a program, and that no child of it escapes.

A program of its own, run by path, with the standard library alone. It starts what the first line on
its channel describes and waits for its end, for the end of the channel or for that of its parent,
whichever comes first; then it ends all that descends from the program. On Linux that is all there
is: a process whose parent has ended becomes the warden's child, though it left its group, its
session and its environment behind.

The program itself says ``pid N`` on a descriptor that the order names, before it becomes what it
is to be, and ``errno N FILE`` if it cannot. On the channel comes ``status N`` at its end, as
`subprocess` counts. A byte that comes there means that the program shall be asked to end.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How often it looks whether its parent still lives: what that forked may hold the channel, in s.
_LOOK = 0.5
#: How long it waits for what it killed before it looks for more, in s.
_DYING = 0.01
#: Asks of `prctl`.
_SET_PARENT_DEATH_SIGNAL, _SET_CHILD_SUBREAPER = 1, 36


class Warden:
    """Looks after one program.

    Args:
        channel: the descriptor on which it is spoken to.
        control: `prctl` of the C library, where there is one.
    """

    def __init__(self, channel: int, control: Any) -> None:
        self._channel = channel
        self._control = control
        self._parent = os.getppid()
        self._over = False
        self._program = 0
        self._status: int | None = None
        self._woken, waker = os.pipe()
        for descriptor in (self._woken, waker):
            os.set_blocking(descriptor, False)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            # What is ignored stays so, for the program as well.
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._finish)

    def _finish(self, *_: object) -> None:
        self._over = True

    def start(self, order: dict[str, Any]) -> None:
        """Start the program.

        Args:
            order: its `command`, `env`, `cwd`, the descriptors that it inherits, `fds`, and the one
                to `tell` on how it went.
        """
        if self._control is not None:
            self._control(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        gate, opener = os.pipe()
        self._program = os.fork()
        if self._program == 0:
            with contextlib.suppress(BaseException):
                os.close(opener)
                os.read(gate, 1)
                self._become(order)
            os._exit(127)
        # Only then it may begin: it could stop this process, and who waits for ends would wait.
        for descriptor in (*order["fds"], order["tell"], gate, opener):
            os.close(descriptor)

    def _become(self, order: dict[str, Any]) -> None:
        """Become the program, in a session of its own; it dies when the warden is killed."""
        os.setsid()
        if self._control is not None:
            self._control(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
        # Python ignores these two, and no other program expects that.
        for number in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)
        _tell(order["tell"], f"pid {os.getpid()}")
        place = order["cwd"]
        try:
            if place is not None:
                os.chdir(place)
            place = order["command"][0]
            self._enter(order)
        except OSError as error:
            _tell(order["tell"], f"errno {error.errno} {place}")

    def _enter(self, order: dict[str, Any]) -> None:
        """Go on as the program, in the place of this one."""
        os.execvpe(order["command"][0], order["command"], order["env"])  # noqa: S606  it is told

    def watch(self) -> None:
        """Wait until the program has ended, or is to be ended."""
        poll = _poll(self._channel, self._woken)
        while self._reap() and self._status is None and not self._over:
            for descriptor, _ in poll.poll(_LOOK * 1000):
                if descriptor == self._woken:
                    os.read(descriptor, 2**12)
                elif self._is_asked():
                    self._send(signal.SIGTERM)
                else:
                    self._over = True
            if os.getppid() != self._parent:
                self._over = True

    def _is_asked(self) -> bool:
        """Return whether the program shall be asked to end, rather than be ended."""
        try:
            return bool(os.read(self._channel, 1))
        except ConnectionError:
            return False

    def end(self) -> int:
        """End all that is left, and return the status of the program."""
        poll = _poll(self._woken)
        self._send(signal.SIGKILL)
        while self._reap():
            for pid in _descendants():
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            if poll.poll(_DYING * 1000):
                os.read(self._woken, 2**12)
        return -signal.SIGKILL if self._status is None else self._status

    def _send(self, number: signal.Signals) -> None:
        # Where only dead processes are left, macOS answers that the signal is not permitted.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._program, number)

    def _reap(self) -> bool:
        """Take note of those that have ended, and return whether any child is left."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            if pid == self._program:
                self._status = os.waitstatus_to_exitcode(status)


def _poll(*descriptors: int) -> select.poll:
    poll = select.poll()
    for descriptor in descriptors:
        poll.register(descriptor, select.POLLIN)
    return poll


def _descendants() -> Iterator[int]:
    """Yield the children of this process, their children and so on; Linux tells them."""
    waiting = [os.getpid()]
    while waiting:
        pid = waiting.pop()
        children: list[int] = []
        # A process can end while it is looked at.
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208  as below
                # Without pathlib it starts in two thirds of the time.
                with open(f"/proc/{pid}/task/{task}/children", "rb") as file:  # noqa: PTH123
                    children += map(int, file.read().split())
        yield from children
        waiting += children


def _control() -> Any:
    """Return `prctl` where children can be kept, and seen: elsewhere they go to the system."""
    if not os.path.exists(f"/proc/{os.getpid()}/task/{os.getpid()}/children"):  # noqa: PTH110  as above
        return None
    import ctypes  # noqa: PLC0415  only here

    return ctypes.CDLL(None).prctl


def _line(channel: int) -> bytes:
    """Return the first line; what there is of it if the other side ended."""
    line = b""
    while not line.endswith(b"\n") and (data := os.read(channel, 2**16)):
        line += data
    return line


def main() -> None:
    """Look after the program that the line describes."""
    channel, *held = map(int, sys.argv[1:])
    for descriptor in (channel, *held):
        os.set_inheritable(descriptor, False)
    line = _line(channel)
    if not line.endswith(b"\n"):
        return
    order = json.loads(line)
    os.set_inheritable(order["tell"], False)
    warden = Warden(channel, _control())
    try:
        warden.start(order)
    except OSError as error:
        _tell(order["tell"], f"errno {error.errno} {order['command'][0]}")
        return
    try:
        warden.watch()
    finally:
        _tell(channel, f"status {warden.end()}")
    # Who waits for the end need not wait for Python to tidy up.
    os._exit(0)


def _tell(descriptor: int, words: str) -> None:
    # Nobody may be there any more to be told.
    with contextlib.suppress(OSError):
        os.write(descriptor, f"{words}\n".encode(errors="surrogateescape"))


if __name__ == "__main__":
    main()
