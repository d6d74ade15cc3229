"""Tests of `fitspec.conformance.system.interrupts`."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.system.interrupts import held_back, raised

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
    thread.join(60)

    assert done == ["done"]


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_an_end_from_elsewhere_is_an_interruption(name: str) -> None:
    """A polite kill and a closed terminal raise what Ctrl-C does, once in all."""
    number = signal.Signals[name]
    before = signal.signal(number, signal.SIG_DFL)
    done = []
    try:
        with pytest.raises(KeyboardInterrupt), raised():  # noqa: PT012  what is tidied up
            try:
                signal.raise_signal(number)
            finally:
                signal.raise_signal(signal.SIGHUP)
                signal.raise_signal(signal.SIGTERM)
                done.append("tidied up")
        assert done == ["tidied up"]
        assert signal.getsignal(number) is signal.SIG_DFL
    finally:
        signal.signal(number, before)


def test_what_is_ignored_stays_ignored() -> None:
    """Under `nohup` a closed terminal ends nothing."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with raised():
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
