"""Make a virtual environment and install packages into it, with every line kept in a log."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fitspec.conformance.environments.building import redacted, step

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_NEWS: Final = (
    "Collecting ",
    "Downloading ",
    "Building wheel",
    "Installing collected packages",
)
"""How those lines of pip begin that say what it is doing."""

_CONFLICT: Final = "The conflict is caused by:"

_WIDTH: Final = 88

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
        step([str(base), "-I", "-m", "venv", str(folder)], file, log, "venv", complaint)
        options = ["--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
        if constraints is not None:
            options += ["--constraint", str(constraints)]
        pip = [str(folder / "bin" / "python"), "-I", "-m", "pip", "install", *options]
        for asked in installs:
            progress(f"pip installs {' '.join(map(redacted, asked))}")
            step([*pip, *asked], file, log, "pip", complaint, lambda line: _report(line, progress))


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


def _report(line: str, progress: Callable[[str], None]) -> None:
    line = line.strip()
    if line.startswith(_NEWS):
        progress(_shortened(line))


def _shortened(line: str) -> str:
    # The end of a line of pip is worth keeping: it says how much is downloaded.
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 21]}…{line[-20:]}"
