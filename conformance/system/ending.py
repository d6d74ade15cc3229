"""Ending processes with all that they started: whoever starts one makes it lead a group of its own.

That is `start_new_session`, which also keeps Ctrl-C from reaching it beside whoever looks after it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def end(process: subprocess.Popen[str], grace: float) -> None:
    """End a process and its group, politely if that is still needed, then surely.

    Args:
        process: that leads its group.
        grace: how long it may take to end by itself once it is asked to, in s.
    """
    if process.poll() is None:
        _send(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(grace)
    kill(process)


def kill(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    """End a process at once, and what is left of its group: that may outlive it."""
    _send(process.pid, signal.SIGKILL)
    process.wait()


def kill_escaped(mark: str, grace: float) -> None:
    """End the processes that left their group, and see that they are gone.

    Args:
        mark: a variable and its value, ``NAME=value``, that their environment has and no other.
        grace: how long to try, in s.
    """
    deadline = time.monotonic() + grace
    while (left := list(_marked(mark.encode()))) and time.monotonic() < deadline:
        for pid in left:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        # Dying takes a moment, and one of them may have forked just before.
        time.sleep(0.001)


def _send(leader: int, number: signal.Signals) -> None:
    # Where only dead processes are left, macOS answers that the signal is not permitted.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


def _marked(mark: bytes) -> Iterator[int]:
    """Yield the living processes that carry a mark in their environment; Linux shows it."""
    with suppress(FileNotFoundError):
        for entry in os.scandir("/proc"):
            # A process can end between being listed and being read; those of others are hidden.
            with suppress(OSError):
                if entry.name.isdigit():
                    with open(f"{entry.path}/environ", "rb") as file:  # noqa: PTH123  hot loop
                        if mark in file.read():
                            yield int(entry.name)
