"""Find the Python interpreters of this machine by version."""

from __future__ import annotations

import functools
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_QUESTION: Final = (
    "import sys; print(sys.executable); print('%d %d %d' % tuple(sys.version_info[:3]))"
)
_SECONDS: Final = 20


@dataclass(frozen=True)
class Interpreter:
    """A Python that was started and said which version it is."""

    path: Path
    version: tuple[int, int, int]

    @property
    def minor(self) -> str:
        """The version without the patch, such as `3.7`."""
        return f"{self.version[0]}.{self.version[1]}"

    def __str__(self) -> str:
        return f"Python {'.'.join(map(str, self.version))}"


def find_interpreter(version: str) -> Interpreter | None:
    """Find the newest patch of Python `X.Y` that runs here, or None.

    Looked for on `PATH`, among the versions of pyenv, among those that uv manages, and in the
    Python that runs fitspec. What does not start does not count: the `python3.7` of pyenv answers
    by name and fails where that version is not switched on.

    Raises:
        ValueError: The version is not of the form `X.Y`.
    """
    if not re.fullmatch(r"\d+\.\d+", version):
        raise ValueError(f'version must be such as "3.7", got {version!r}')
    found = (examine(candidate) for candidate in _candidates(version))
    fitting = [interpreter for interpreter in found if interpreter and interpreter.minor == version]
    # max() keeps the first of equals, so the order of the places decides among equal patches.
    return max(fitting, key=lambda interpreter: interpreter.version, default=None)


def commands_to_get(version: str) -> tuple[str, ...]:
    """Return the commands, each enough by itself, that install a Python that is missing here."""
    return (f"uv python install {version}", f"pyenv install {version}")


def examine(path: Path) -> Interpreter | None:
    """Start a Python and ask for its version and its own path; None where it does not run."""
    try:
        status = path.stat()
    except OSError:
        return None
    return _ask(path, status.st_mtime_ns)


@functools.cache
def _ask(path: Path, _changed: int) -> Interpreter | None:
    # The time of the last change is part of the key: a Python may be replaced under its path.
    try:
        answer = subprocess.run(
            [path, "-I", "-c", _QUESTION],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=True,
            encoding="utf-8",
            errors="replace",
        )
        executable, numbers = answer.stdout.splitlines()
        major, minor, patch = (int(number) for number in numbers.split())
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    # A shim reports the interpreter behind it, which stays when the shim is switched over.
    return Interpreter(Path(executable or path), (major, minor, patch))


def _candidates(version: str) -> Iterator[Path]:
    seen = set()
    for path in _places(version):
        if path not in seen and path.is_file():
            seen.add(path)
            yield path


def _places(version: str) -> Iterator[Path]:
    name = f"python{version}"
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        if folder:
            yield Path(folder, name).absolute()
    for root in _pyenv_roots():
        yield from sorted(root.glob(f"versions/*/bin/{name}"))
    yield from sorted(_uv_folder().glob(f"*/bin/{name}"))
    if sys.executable and sys.version_info[:2] == tuple(map(int, version.split("."))):
        yield Path(sys.executable)


def _pyenv_roots() -> Iterator[Path]:
    if root := os.environ.get("PYENV_ROOT"):
        yield Path(root)
    try:
        answer = subprocess.run(
            ["pyenv", "root"],  # noqa: S607 - pyenv is looked for where the user has it
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=True,
            encoding="utf-8",
            errors="replace",
        )
    except (OSError, subprocess.SubprocessError):
        pass
    else:
        yield Path(answer.stdout.strip())
    yield Path.home() / ".pyenv"


def _uv_folder() -> Path:
    if folder := os.environ.get("UV_PYTHON_INSTALL_DIR"):
        return Path(folder)
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data, "uv", "python")
