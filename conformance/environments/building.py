"""Run what builds an environment, with every line kept in a log."""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import textwrap
from typing import TYPE_CHECKING, Final, TextIO

from fitspec.conformance.system import atomic, posix
from fitspec.conformance.system.guarded import Guarded
from fitspec.conformance.system.interrupts import held_back
from fitspec.conformance.system.scratch import Scratch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_CREDENTIALS: Final = re.compile(r"://[^/\s]*@")

_GRACE_SECONDS: Final = 1.0

_REMOVED: Final = (
    # These would let the new environment see packages of another one.
    "PYTHONPATH",
    "PYTHONHOME",
    "VIRTUAL_ENV",
    "__PYVENV_LAUNCHER__",
    # These would make pip install elsewhere, or not at all.
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_ROOT",
    "PIP_USER",
    "PIP_PYTHON",
    "PIP_DRY_RUN",
    "PIP_REPORT",
    # These would hide what pip says.
    "PIP_QUIET",
    "PIP_LOG",
    # Lint-like settings of the caller would end pip at its first deprecation.
    "PYTHONWARNINGS",
)


class BuildFailed(RuntimeError):  # noqa: N818 - reads as what happened where it is raised
    """An environment could not be built; the message says why and where the log is.

    Attributes:
        requirement: The requirement that pip complained about, where it named one.
        log: The file with everything that was printed.
    """

    def __init__(self, reason: str, *, log: Path, requirement: str | None = None) -> None:
        super().__init__(f"{reason}\nThe full log is {log}")
        self.requirement = requirement
        self.log = log


def redacted(text: str) -> str:
    """Return a text with the credentials of every URL in it left out."""
    return _CREDENTIALS.sub("://****@", text)


def step(  # noqa: PLR0913, PLR0917  what is run, and who hears of it
    command: list[str],
    file: TextIO,
    log: Path,
    what: str,
    complaint: Callable[[list[str]], tuple[str, str | None]],
    on_line: Callable[[str], object] = lambda _: None,
) -> None:
    """Run one command to its end, with its output in the log.

    Args:
        command: The program and its arguments.
        file: The log, open.
        log: Where the log is, for who reads that the command failed.
        what: The name of the program.
        complaint: Finds in what was printed what it complained about, and the requirement named.
        on_line: Called with each line.

    Raises:
        BuildFailed: It could not be started or did not end with 0.
        OSError: the log cannot be written, as the disk is full.
    """
    file.write(f"$ {redacted(shlex.join(command))}\n")
    lines: list[str] = []

    def keep(line: str) -> None:
        lines.append(line)
        file.write(line)
        on_line(line)

    # Who builds next waits for what may write on when this process has been killed.
    posix.lock(file.fileno())
    try:
        code = follow(command, keep, held=[file.fileno()])
    except OSError as error:
        if atomic.is_full(error):
            raise
        raise BuildFailed(f"{command[0]} could not be started: {error}", log=log) from error
    file.write(f"(ended with {code})\n")
    if code == 0:
        return
    reason, requirement = complaint(lines)
    subject = f"could not install {requirement}" if requirement else f"ended with code {code}"
    raise BuildFailed(
        f"{what} {subject}:\n{textwrap.indent(reason, '    ')}", log=log, requirement=requirement
    )


def follow(command: Sequence[str], on_line: Callable[[str], None], held: Sequence[int] = ()) -> int:
    """Run a command, hand over each line that it prints without credentials, return its exit code.

    However this ends, by an interrupt too, no process that the command started is left running.

    Args:
        command: The program, and its arguments.
        on_line: Called with each line.
        held: Descriptors that stay open as long as any of these processes lives.
    """
    environment = {key: value for key, value in os.environ.items() if key not in _REMOVED}
    with Scratch() as scratch, held_back() as release:
        process = Guarded(
            command,
            # What it leaves there when it is killed goes as well.
            env={**environment, "TMPDIR": str(scratch.folder)},
            held=held,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert process.stdout is not None  # noqa: S101  it was asked for
        with io.TextIOWrapper(process.stdout, encoding="utf-8", errors="replace") as lines:
            try:
                release()
                for line in lines:
                    on_line(redacted(line))
                return process.wait()
            finally:
                process.end(_GRACE_SECONDS)
