"""Make a virtual environment and install packages into it, with every line kept in a log."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from typing import TYPE_CHECKING, Final, TextIO

from fitspec.conformance.system import ending
from fitspec.conformance.system.interrupts import held_back

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_CREDENTIALS: Final = re.compile(r"://[^/\s]*@")

_NEWS: Final = (
    "Collecting ",
    "Downloading ",
    "Building wheel",
    "Installing collected packages",
)
"""How those lines of pip begin that say what it is doing."""

_CONFLICT: Final = "The conflict is caused by:"

_WIDTH: Final = 88
_GRACE_SECONDS: Final = 5

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

_NAMED: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"No matching distribution found for (?P<name>\S+)",
        r"satisfies the requirement (?P<name>\S+)",
        r"Cannot install (?P<name>.+?) because",
        r"Package '(?P<name>[^']+)' requires a different Python",
        r"[Ff]ailed building wheel for (?P<name>\S+)",
        r"[Ff]ailed to build (?:installable wheels for .*\()?(?P<name>[^\s()]+)",
        r"Invalid requirement: '?(?P<name>[^':]+)",
    )
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


def build(  # noqa: PLR0913  what is installed, where, and who hears of it
    base: Path,
    folder: Path,
    installs: Sequence[Sequence[str]],
    constraints: Path | None = None,
    *,
    log: Path,
    progress: Callable[[str], None],
) -> None:
    """Make a virtual environment of the Python `base` in `folder` and install into it.

    pip runs with the settings of the user, so with his index, but never into another place.

    Args:
        base: The Python that the environment is made of.
        folder: Where it is made.
        installs: For each call of pip what it shall install: requirements, and options of pip.
        constraints: The file with the versions that pip shall keep to, if any.
        log: The file that keeps every line.
        progress: Called with one short line for each step.

    Raises:
        BuildFailed: The environment could not be made, or pip refused or failed.
    """
    with log.open("w", encoding="utf-8") as file:
        progress(f"making a virtual environment in {folder}")
        # -I keeps modules that happen to lie in the current folder from standing in for real ones.
        _step([str(base), "-I", "-m", "venv", str(folder)], file, log, lambda _: None)
        options = ["--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
        if constraints is not None:
            options += ["--constraint", str(constraints)]
        pip = [str(folder / "bin" / "python"), "-I", "-m", "pip", "install", *options]
        for asked in installs:
            progress(f"pip installs {' '.join(map(redacted, asked))}")
            _step([*pip, *asked], file, log, lambda line: _report(line, progress))


def redacted(text: str) -> str:
    """Return a text with the credentials of every URL in it left out."""
    return _CREDENTIALS.sub("://****@", text)


def complaint(lines: Sequence[str]) -> tuple[str, str | None]:
    """Find in the output of pip what it complained about, and the requirement that it named."""
    errors = [line.strip() for line in lines if line.lstrip().upper().startswith("ERROR:")]
    # Before the true reason pip lists which other versions it passed over.
    errors = [
        line[len("ERROR:") :].strip() for line in errors if "Ignored the following" not in line
    ]
    named = (match["name"] for p in _NAMED for line in errors if (match := p.search(line)))
    requirement = next(named, None)
    reasons = [*errors, *_conflict(lines)] or [line.strip() for line in lines if line.strip()][-5:]
    if any("Retrying (Retry" in line for line in lines):
        reasons = ["the package index did not answer", *reasons]
    return "\n".join(reasons) or "it printed nothing", requirement


def _conflict(lines: Sequence[str]) -> list[str]:
    """Return what pip says of requirements that exclude each other, from its heading on."""
    text = [line.strip() for line in lines]
    start = next((at for at, line in enumerate(text) if line.startswith(_CONFLICT)), len(text))
    end = next((at for at in range(start, len(text)) if not text[at]), len(text))
    return text[start:end]


def _step(command: list[str], file: TextIO, log: Path, on_line: Callable[[str], None]) -> None:
    """Run one command to its end, with its output in the log.

    Raises:
        BuildFailed: It could not be started or did not end with 0.
    """
    file.write(f"$ {redacted(shlex.join(command))}\n")
    lines: list[str] = []

    def keep(line: str) -> None:
        lines.append(line)
        file.write(line)
        on_line(line)

    try:
        code = follow(command, keep)
    except OSError as error:
        raise BuildFailed(f"{command[0]} could not be started: {error}", log=log) from error
    file.write(f"(ended with {code})\n")
    if code == 0:
        return
    what = "pip" if "pip" in command else "venv"
    reason, requirement = complaint(lines)
    subject = f"could not install {requirement}" if requirement else f"ended with code {code}"
    raise BuildFailed(f"{what} {subject}:\n{_indented(reason)}", log=log, requirement=requirement)


def follow(command: Sequence[str], on_line: Callable[[str], None]) -> int:
    """Run a command, hand over each line that it prints without credentials, return its exit code.

    However this ends, by an interrupt too, no process that the command started is left running.
    """
    environment = {key: value for key, value in os.environ.items() if key not in _REMOVED}
    with held_back() as release:
        # A session of its own makes a process group of its own, which can be ended as a whole.
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
            encoding="utf-8",
            errors="replace",
        )
        with process:
            try:
                release()
                for line in process.stdout or ():
                    on_line(redacted(line))
                return process.wait()
            finally:
                # What the command started may outlive it, and would go on writing.
                ending.end(process, _GRACE_SECONDS)


def _report(line: str, progress: Callable[[str], None]) -> None:
    line = line.strip()
    if line.startswith(_NEWS):
        progress(_shortened(line))


def _shortened(line: str) -> str:
    # The end of a line of pip is worth keeping: it says how much is downloaded.
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 21]}…{line[-20:]}"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
