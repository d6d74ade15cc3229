"""Tests of `fitspec.conformance.system.ending`: nothing of a process is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.system import ending

if TYPE_CHECKING:
    from collections.abc import Callable

    Start = Callable[..., subprocess.Popen[str]]

MARK = "FITSPEC_TEST_OF_ENDING"


@pytest.fixture
def start() -> Start:
    """Start a shell that leads a group of its own, and wait for its first line."""

    def started(script: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            ["/bin/sh", "-c", script],
            stdout=subprocess.PIPE,
            start_new_session=True,
            text=True,
            env={**os.environ, **environment},
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    return started


def rest(process: subprocess.Popen[str]) -> str:
    """Return what is still printed, once nothing holds the pipe any more."""
    assert process.stdout is not None
    with process.stdout:
        return process.stdout.read()


def test_a_process_may_end_by_itself(start: Start) -> None:
    """What it has to do at its end is done."""
    process = start("trap 'echo done; exit 3' TERM; echo ready; while :; do /bin/sleep 0.01; done")

    ending.end(process, 10.0)

    assert (process.returncode, rest(process)) == (3, "done\n")


def test_a_process_that_does_not_want_to_end_is_killed(start: Start) -> None:
    """When the time is over that it is given, and its children with it."""
    process = start("trap '' TERM; echo ready; /bin/sleep 60")

    ending.end(process, 0.01)

    assert (process.returncode, rest(process)) == (-signal.SIGKILL, "")


def test_what_outlives_a_process_is_killed(start: Start) -> None:
    """The group is ended also where its leader has ended."""
    process = start("/bin/sleep 60 & echo ready")
    process.wait()

    ending.kill(process)
    ending.kill(process)

    assert rest(process) == ""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows the environment of processes")
def test_what_left_its_group_is_found_by_its_mark(start: Start) -> None:
    """A process that made itself a session of its own is killed as well."""
    process = start("setsid /bin/sleep 60 & echo ready", **{MARK: str(os.getpid())})
    ending.kill(process)

    ending.kill_escaped(f"{MARK}={os.getpid()}", 10.0)

    assert rest(process) == ""
