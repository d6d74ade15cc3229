"""Tests of `fitspec.conformance.system.guarded` and of the warden: nothing of a program is left."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.system.guarded import Guarded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Start = Callable[..., Guarded]

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps and tells children")
#: Starts a program in a session of its own, with nothing of the environment that it had.
STRANGER = "env -i setsid /bin/sleep 60"
#: How long what was killed may take to be gone, in s.
SOON = 60.0


@pytest.fixture
def alive(tmp_path: Path) -> Iterator[Callable[[float], bool]]:
    """Return what tells whether a process still holds the pipe `alive`, after so many s."""
    os.mkfifo(tmp_path / "alive")
    reader = os.open(tmp_path / "alive", os.O_RDONLY | os.O_NONBLOCK)

    def held(seconds: float) -> bool:
        return not select.select([reader], [], [], seconds)[0]

    yield held
    os.close(reader)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a shell that holds the pipe `alive`, and wait for its first line."""
    started: list[Guarded] = []

    def start_shell(script: str) -> Guarded:
        program = Guarded(
            ["/bin/sh", "-c", f"exec 9> {tmp_path}/alive; {script}"], stdout=subprocess.PIPE
        )
        started.append(program)
        assert program.stdout is not None
        assert program.stdout.readline() == b"ready\n"
        return program

    yield start_shell
    for program in started:
        program.kill()
        assert program.stdout is not None
        program.stdout.close()


def rest(program: Guarded) -> bytes:
    """Return what is still printed, once nothing holds the pipe any more."""
    assert program.stdout is not None
    return program.stdout.read()


def test_a_program_may_end_by_itself(start: Start) -> None:
    """What it has to do when it is asked to end is done."""
    program = start("trap 'echo done; exit 3' TERM; echo ready; while :; do /bin/sleep 0.01; done")

    program.end(10.0)

    assert (program.wait(), rest(program)) == (3, b"done\n")


def test_a_program_that_does_not_want_to_end_is_killed(start: Start) -> None:
    """When the time is over that it is given, and its children with it."""
    program = start("trap '' TERM; echo ready; /bin/sleep 60")

    program.end(0.01)

    assert (program.wait(), rest(program)) == (-signal.SIGKILL, b"")


def test_the_status_is_that_of_the_program(start: Start) -> None:
    """A signal that ended it is told as `subprocess` does."""
    program = start("echo ready; kill -SEGV $$")

    assert program.wait() == -signal.SIGSEGV


def test_what_outlives_a_program_is_ended(start: Start) -> None:
    """With the end of the program, before that is told."""
    program = start("/bin/sleep 60 & echo ready")

    assert (program.wait(), rest(program)) == (0, b"")
    program.kill()


@linux
def test_nothing_escapes(start: Start, alive: Callable[[float], bool]) -> None:
    """Neither a new session nor an empty environment hides a process, nor parents that ended."""
    program = start(f"(({STRANGER}) & {STRANGER} &); {STRANGER} & echo ready; wait")
    assert alive(0)

    program.kill()

    assert not alive(0)


@linux
def test_what_goes_on_forking_is_ended(start: Start, alive: Callable[[float], bool]) -> None:
    """A process that leaves another one in its place all the time is caught."""
    hops = "import os\nwhile os.fork() == 0 or os._exit(0): os.setsid()"
    program = start(f"{sys.executable} -I -S -c '{hops}' & echo ready; wait")
    assert alive(0)

    program.kill()

    assert not alive(0)


@linux
def test_a_warden_that_was_stopped_goes_on(start: Start, alive: Callable[[float], bool]) -> None:
    """A program may stop its parent; that does not keep it alive."""
    program = start(f"{STRANGER} & kill -STOP $PPID; echo ready; wait")

    program.kill()

    assert not alive(0)


@linux
def test_without_its_warden_a_program_is_dead(start: Start, alive: Callable[[float], bool]) -> None:
    """Whoever kills the warden kills the program; what left its session is found by its mark."""
    program = start("setsid /bin/sleep 60 & echo ready; kill -KILL $PPID; wait")

    assert program.wait() == -signal.SIGKILL
    assert not alive(SOON)


PARENT = """
import sys
from fitspec.conformance.system.guarded import Guarded
program = Guarded(["/bin/sh", "-c", sys.argv[1]])
program.wait()
"""


@linux
@pytest.mark.parametrize(
    "fork", ["", "import os\nif os.fork() == 0: os.execv('/bin/cat', ['cat'])"]
)
def test_nothing_outlives_its_parent(
    fork: str, tmp_path: Path, alive: Callable[[float], bool]
) -> None:
    """When whoever started it is killed, it ends; also if a fork of that holds on to everything."""
    script = f"exec 9> {tmp_path}/alive; {STRANGER} & echo ready; wait"
    source = PARENT.replace("program.wait()", f"{fork}\nprogram.wait()")
    with subprocess.Popen(
        [sys.executable, "-c", source, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ready\n"
        assert alive(0)

        parent.kill()

        assert not alive(SOON)


def test_what_is_held_is_held_to_the_end(
    start: Start, tmp_path: Path, alive: Callable[[float], bool]
) -> None:
    """A descriptor stays open with the warden, and the program does not get it."""
    writer = os.open(tmp_path / "alive", os.O_WRONLY)
    program = Guarded(["/bin/sh", "-c", f"ls /proc/$$/fd > {tmp_path}/fds"], held=[writer])
    os.close(writer)

    assert program.wait() == 0
    assert str(writer) not in (tmp_path / "fds").read_text().split()
    assert not alive(0)
    assert start("echo ready").wait() == 0


def test_what_is_ignored_stays_ignored(start: Start) -> None:
    """A program under `nohup` does not hear that the terminal is closed."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        program = start("echo ready; kill -HUP $$; echo lives")
    finally:
        signal.signal(signal.SIGHUP, before)

    assert rest(program) == b"lives\n"


@pytest.mark.parametrize("command", ["nowhere-to-be-found", "/"])
def test_what_cannot_be_started_is_told(command: str) -> None:
    """As `subprocess` does, by the name of the program."""
    before = list(Path("/proc/self/fd").iterdir())
    with pytest.raises(OSError, match=rf"\[Errno (2|13)\] .*'{command}'"):
        Guarded([command])

    assert list(Path("/proc/self/fd").iterdir()) == before


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """It is the folder that is missing then, not the program."""
    with pytest.raises(FileNotFoundError) as caught:
        Guarded(["/bin/true"], cwd=tmp_path / "nowhere")

    assert caught.value.filename == str(tmp_path / "nowhere")
