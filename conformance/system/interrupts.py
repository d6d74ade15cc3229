"""Holding an interruption back while a process is being started.

A Ctrl-C between the start of a process and the moment from which it is looked after would leave it
running.
"""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


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
