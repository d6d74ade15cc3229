"""Interruptions: Ctrl-C, a polite kill, and a terminal that is closed.

All three come as `KeyboardInterrupt`, and are held back while a process is being started: between
its start and the moment from which it is looked after, they would leave it running.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
#: Those that this system has.
_SIGNALS = tuple(signal.Signals[name] for name in _NAMES if name in signal.Signals.__members__)


@contextmanager
def raised() -> Iterator[None]:
    """Have a polite kill and a closed terminal raise `KeyboardInterrupt`, as Ctrl-C does.

    Only the first does: whoever closes a terminal may tell of it several times, and what is being
    tidied up then is tidied up once. What is ignored stays so, as `nohup` wants it.
    """
    before: dict[signal.Signals, Any] = {}

    def interrupt(came: int, _: object) -> None:
        for number in before:
            signal.signal(number, lambda *_: None)
        if signal.Signals(came).name == "SIGHUP":
            _write_nowhere()
        raise KeyboardInterrupt

    for number in _SIGNALS:
        if number is not signal.SIGINT and signal.getsignal(number) is not signal.SIG_IGN:
            before[number] = signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _write_nowhere() -> None:
    """Let what is still printed go nowhere, where the terminal refuses it by now."""
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is None:
            continue
        try:
            os.write(stream.fileno(), b"")
        except OSError:
            with open(os.devnull, "wb") as nowhere:  # noqa: PTH123  no path of ours
                os.dup2(nowhere.fileno(), stream.fileno())


@contextmanager
def held_back() -> Iterator[Callable[[], None]]:
    """Keep Ctrl-C and a polite kill until the end of the block, or until what is given is called.

    Only the main thread hears of signals; elsewhere there is nothing to hold back.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: None
        return
    came: list[int] = []
    before: dict[signal.Signals, Any] = {}

    def release() -> None:
        while before:
            number, handler = before.popitem()
            signal.signal(number, handler)
        while came:
            signal.raise_signal(came.pop())

    for number in _SIGNALS:
        # What is ignored or left to the system stays so.
        if callable(signal.getsignal(number)):
            before[number] = signal.signal(number, lambda caught, _: came.append(caught))
    try:
        yield release
    finally:
        release()
