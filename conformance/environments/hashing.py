"""Finding the hashes of all files of releases, as the package index of the user gives them.

pip tells the hash of the one file that it installs here, uv those of every file of a release,
whatever machine each is for, and whatever the Python that is asked about. Files in folders that pip
is told to look into, which no index names, are read.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    parse_sdist_filename,
    parse_wheel_filename,
)

from fitspec.conformance.environments.building import redacted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_LINE: Final = re.compile(
    r"^(?P<pin>[^\s=]+==[^\s;]+)|--hash=(?P<hash>sha256:[0-9a-f]{64})", re.MULTILINE
)

_NO_SOLUTION: Final = 1
"""How uv ends where it was answered, and a release was not there; of what goes wrong it is 2."""


class _NotThere(RuntimeError):  # noqa: N818 - reads as what happened where it is raised
    """A release is in no index."""


def hashes_of(pins: Sequence[str], python: str | None) -> dict[str, tuple[str, ...]]:
    """Return the hashes of all files of each `name==version`.

    There are none where pip is told to look for a build of one's own, such as `2.0+cpu`: it would
    pass it over for a file whose hash is known.

    Args:
        pins: what is asked for, a version of each package.
        python: the Python that they are for, as `X.Y`; None: that which runs.

    Raises:
        RuntimeError: uv is not installed, or does not find a release.
    """
    if find_spec("uv") is None:
        raise RuntimeError(
            "uv is not installed, which knows the hashes of releases; pip install 'fitspec[pin]'"
        )
    settings = _settings_of_pip()
    command = [sys.executable, "-m", "uv", "pip", "compile", "-", "--quiet", "--no-deps"]
    command += ["--generate-hashes", "--no-annotate", "--no-header", "--no-config"]
    command += ["--python-version", python or f"{sys.version_info[0]}.{sys.version_info[1]}"]
    # pip takes the newest of what all indexes have, too.
    command += ["--index-strategy", "unsafe-best-match"]
    command += [f"--index-url={value}" for value in settings.get("index-url", ())]
    more = [f"--extra-index-url={value}" for value in settings.get("extra-index-url", ())]
    found = _ask([*command, *more], settings, pins)
    # It tells the files of the first index that has a release, pip takes those of any.
    for used in range(1, len(more) + 1):
        for pin, hashes in _ask_what_is_there([*command, *more[used:]], settings, pins).items():
            found[pin] += hashes
    for file, pin, built_here in _files(settings.get("find-links", ())):
        if pin in found and built_here:
            found[pin] = []
        elif pin in found:
            with file.open("rb") as stream:
                found[pin].append(f"sha256:{hashlib.file_digest(stream, 'sha256').hexdigest()}")
    return {pin: tuple(sorted(set(hashes))) for pin, hashes in found.items()}


def _ask(
    command: list[str], settings: dict[str, list[str]], pins: Sequence[str]
) -> dict[str, list[str]]:
    """Return the hashes that uv tells of releases.

    Raises:
        _NotThere: one of them is in no index.
        RuntimeError: an index does not answer.
    """
    environment = dict(os.environ)
    if certificates := settings.get("cert"):
        environment["SSL_CERT_FILE"] = certificates[0]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            input="\n".join(pins),
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    if done.returncode != 0:
        kind = _NotThere if done.returncode == _NO_SOLUTION else RuntimeError
        raise kind(f"uv could not tell the hashes: {redacted(done.stderr.strip())}")
    found: dict[str, list[str]] = {}
    for match in _LINE.finditer(done.stdout):
        if match["pin"]:
            found[match["pin"]] = beside = []
        else:
            beside.append(match["hash"])
    return found


def _ask_what_is_there(
    command: list[str], settings: dict[str, list[str]], pins: Sequence[str]
) -> dict[str, list[str]]:
    """Do the same for those of the releases that are in an index: uv tells all or nothing."""
    try:
        return _ask(command, settings, pins)
    except _NotThere:
        if len(pins) == 1:
            return {}
    half = len(pins) // 2
    parts = [_ask_what_is_there(command, settings, part) for part in (pins[:half], pins[half:])]
    return parts[0] | parts[1]


def _settings_of_pip() -> dict[str, list[str]]:
    """Return what pip is told for installing by files and by variables, which count for more."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    lines = [line.partition("=") for line in done.stdout.splitlines()]
    return {
        key.removeprefix(section): value.strip("'\"").replace("\\n", " ").split()
        for section in ("global.", "install.", ":env:.")
        for key, _, value in lines
        if key.startswith(section)
    }


def _files(folders: Iterable[str]) -> Iterator[tuple[Path, str, bool]]:
    """Yield files of releases, with `name==version`, and whether it is one build among several."""
    for folder in map(Path, folders):
        for file in sorted(folder.glob("*")) if folder.is_dir() else ():
            try:
                parse = parse_wheel_filename if file.suffix == ".whl" else parse_sdist_filename
                name, version, *_ = parse(file.name)
            except (InvalidSdistFilename, InvalidWheelFilename):
                continue
            yield file, f"{name}=={version.public}", version.local is not None
