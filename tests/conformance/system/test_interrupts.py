"""Tests of `fitspec.conformance.system.interrupts`."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.system.interrupts import held_back

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _raising() -> Iterator[None]:
    """Have Ctrl-C raise, also where a shell has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_an_interruption_comes_at_the_end_of_the_block() -> None:
    """What is begun in the block is done before Ctrl-C takes effect."""
    done = []

    with pytest.raises(KeyboardInterrupt), held_back():  # noqa: PT012  what it is held back from
        signal.raise_signal(signal.SIGINT)
        done.append("all")
    assert done == ["all"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interruption_comes_when_it_is_let_in() -> None:
    """From the moment on from which a process is looked after, Ctrl-C is heard at once."""
    done = []

    with pytest.raises(KeyboardInterrupt), held_back() as release:  # noqa: PT012  as above
        signal.raise_signal(signal.SIGINT)
        done.append("started")
        release()
        done.append("never")
    assert done == ["started"]


def test_other_threads_hold_nothing_back() -> None:
    """Only the main thread may set how signals are answered."""
    done = []

    def work() -> None:
        with held_back() as release:
            release()
            done.append("done")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(10)

    assert done == ["done"]
