"""Tests of `fitspec.conformance.environments.programs`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from fitspec.conformance.environments.environment import Unavailable
from fitspec.conformance.environments.programs import lacks, require
from fitspec.conformance.implementations.implementation import Implementation, Program

ADAPTER = Path(__file__)


def program(command: str, *ready: str) -> Program:
    """Return a program that has to succeed with the arguments `ready`."""
    return Program((command,), Path("worker.R"), ready, "apt install it")


def test_nothing_is_lacking_where_the_program_succeeds() -> None:
    """A program that succeeds with its arguments is ready."""
    ready = program(sys.executable, "-c", "import json")

    assert lacks(ready) == ""
    require(Implementation("mine", "Mine", ADAPTER, program=ready))


def test_an_implementation_may_need_no_program() -> None:
    """Where Python runs the worker there is nothing to ask for."""
    require(Implementation("mine", "Mine", ADAPTER))


@pytest.mark.parametrize(
    ("needed", "words"),
    [
        (program("no-such-program"), "no-such-program is not on this machine"),
        (
            program(
                sys.executable, "-c", "import sys; sys.exit('\\n there is no reticulate\\nmore')"
            ),
            f"{sys.executable} lacks something: there is no reticulate",
        ),
        (
            program(sys.executable, "-c", "import sys; sys.exit(3)"),
            f"{sys.executable} lacks something: it does not say what",
        ),
    ],
    ids=["no program", "no library", "no word"],
)
def test_what_is_lacking_is_said_in_a_line(needed: Program, words: str) -> None:
    """What is missing is one line, and the remedy is what a user types."""
    with pytest.raises(Unavailable) as caught:
        require(Implementation("mine", "Mine", ADAPTER, program=needed))

    assert (caught.value.reason, caught.value.remedy) == (words, "install it with `apt install it`")


def test_a_program_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that does not answer in time is as good as missing."""
    monkeypatch.setattr("fitspec.conformance.environments.programs.PATIENCE", 0.05)

    needed = program(sys.executable, "-c", "import signal; signal.pause()")

    assert lacks(needed) == f"{sys.executable} does not answer"
