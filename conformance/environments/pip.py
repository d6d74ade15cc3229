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

_MISMATCH: Final = "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES"

_FORGED: Final = (
    "what the package index served is no file of this release, by its hash; set another index for "
    "pip, or clear its cache with `pip cache purge`"
)

_FELL_OVER: Final = "Exception:"
"""What pip says where it met an error that it does not expect, such as a build tool's."""

_AT: Final = re.compile(r"(?:Collecting|Processing) (?P<name>\S+)")

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
        r"^(?P<name>\S+==\S+) from \S+",
        r"Invalid requirement: '?(?P<name>[^':]+)",
    )
)


def build(  # noqa: PLR0913  what is installed, where, and who hears of it
    base: Path,
    folder: Path,
    installs: Sequence[Sequence[str]],
    constraints: Path | None = None,
    hashes: Sequence[Path] = (),
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
        hashes: Files with these and the hashes of their files, as far as they are known, in the
            order in which they are installed. Only what is pinned is installed from them, and held
            against the hashes; what is there as sources alone is built with what is installed by
            then, as what pip would fetch for that is held against nothing. What the pinned packages
            depend on besides, on another kind of machine, comes after and is told.
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
        pip = [str(folder / "bin" / "python"), "-I", "-m", "pip", "install", *options]

        def install(*asked: str, told: Callable[[str], None] = progress) -> None:
            step([*pip, *asked], file, log, "pip", complaint, lambda line: _report(line, told))

        if hashes:
            progress("pip installs what is pinned, each file held against its hash")
        for each in hashes:
            held = ("--no-build-isolation", "--no-deps", "--require-hashes")
            install(*held, "--requirement", str(each))
        limits = [] if constraints is None else ["--constraint", str(constraints)]
        for asked in installs:
            progress(f"pip installs {' '.join(map(redacted, asked))}")
            install(*limits, *asked, told=_unpinned(progress) if hashes else progress)


def complaint(lines: Sequence[str]) -> tuple[str, str | None]:
    """Find in the output of pip what it complained about, and the requirement that it named."""
    errors = [line.strip() for line in lines if line.lstrip().upper().startswith("ERROR:")]
    # Before the true reason pip lists which other versions it passed over.
    errors = [
        line[len("ERROR:") :].strip() for line in errors if "Ignored the following" not in line
    ]
    said = [line.strip() for line in lines if line.strip()]
    mismatch = _part(lines, _MISMATCH)[1:]
    named = (
        match["name"]
        for pattern in _NAMED
        for line in (*errors, *mismatch)
        if (match := pattern.search(line))
    )
    requirement = next(named, None)
    if _FELL_OVER in errors:
        requirement = next(
            (found["name"] for line in reversed(said) if (found := _AT.match(line))), None
        )
        errors[errors.index(_FELL_OVER)] = said[-1]
    reasons = [*errors, *_part(lines, _CONFLICT), *mismatch]
    if mismatch:
        reasons.insert(0, _FORGED)
    reasons = reasons or said[-5:]
    if any("Retrying (Retry" in line for line in lines):
        reasons = ["the package index did not answer", *reasons]
    return "\n".join(reasons) or "it printed nothing", requirement


def _part(lines: Sequence[str], heading: str) -> list[str]:
    """Return what pip says under a heading, from it to the next empty line."""
    text = [line.strip() for line in lines]
    start = next((at for at, line in enumerate(text) if line.startswith(heading)), len(text))
    end = next((at for at in range(start, len(text)) if not text[at]), len(text))
    return text[start:end]


def _unpinned(progress: Callable[[str], None]) -> Callable[[str], None]:
    """Say of what pip installs that nobody pinned it."""

    def told(line: str) -> None:
        if line.startswith("Installing collected packages"):
            line = f"not pinned, so not held against a hash: {line.partition(': ')[2]}"
        progress(line)

    return told


def _report(line: str, progress: Callable[[str], None]) -> None:
    line = line.strip()
    if line.startswith(_NEWS):
        progress(_shortened(line))


def _shortened(line: str) -> str:
    # The end of a line of pip is worth keeping: it says how much is downloaded.
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 21]}…{line[-20:]}"
