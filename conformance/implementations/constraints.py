"""The files that name the version of everything that pip may install for an implementation.

A requirement such as `keras==2.3.1` leaves the versions of what it depends on to the day on which
pip is asked. A constraints file fixes them: a line `name==version` for each package of the tree.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from fitspec.conformance.system import atomic

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FOLDER: Final = "constraints"
"""Where the files lie, beside the table of implementations."""

_LINE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*==[^\s;,#*]+")

#: It comes with Python and installs the others.
_NOT_OF_THE_TREE: Final = ("pip",)


def file_of(name: str, table: Path) -> Path:
    """Return where the constraints of an implementation lie, whether there are any or not."""
    return table.parent / FOLDER / f"{name}.txt"


def read(file: Path) -> tuple[str, ...]:
    """Return the lines of a constraints file, in order of their names; none if there is no file.

    Raises:
        ValueError: a line is no `name==version`, or two are about one package.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return ()
    except UnicodeDecodeError as error:
        raise ValueError(f"{file}: not UTF-8 text: {error}") from error
    pins: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            name, version = _parts(line.strip())
        except ValueError as error:
            raise ValueError(f"{file}, line {number}: {error}") from error
        if name in pins:
            raise ValueError(f"{file}, line {number}: {name} is there twice")
        pins[name] = version
    return _sorted(pins)


def of_freeze(lines: Iterable[str]) -> tuple[str, ...]:
    """Return the constraints that `pip freeze --all` of an environment amounts to.

    What tells builds of one version apart, such as `+cpu`, is left out: which build there is
    differs from machine to machine.

    Raises:
        ValueError: a package was not installed by its version, such as one from a path.
    """
    pins: dict[str, str] = {}
    for line in filter(None, map(str.strip, lines)):
        name, version = _parts(line)
        if name not in _NOT_OF_THE_TREE:
            pins[name] = version.partition("+")[0]
    return _sorted(pins)


def write(file: Path, name: str, constraints: Iterable[str]) -> None:
    """Write the constraints of an implementation, whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    heading = f"# What {name} is made of. Written by `fitspec pin {name}`.\n"
    file.parent.mkdir(exist_ok=True)
    atomic.write_text(file, heading + "".join(f"{line}\n" for line in constraints))


def _parts(line: str) -> tuple[str, str]:
    if not _LINE.fullmatch(line):
        raise ValueError(f"{line!r} is not of the form name==version")
    try:
        Requirement(line)
        name, version = line.split("==")
        Version(version)
    except (InvalidRequirement, InvalidVersion, ValueError) as error:
        raise ValueError(f"{line!r} is not of the form name==version") from error
    return canonicalize_name(name), version


def _sorted(pins: dict[str, str]) -> tuple[str, ...]:
    return tuple(f"{name}=={version}" for name, version in sorted(pins.items()))
