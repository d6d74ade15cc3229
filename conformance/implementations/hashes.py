"""The file with the hashes of what the constraints of implementations name.

A version says which release is meant; a hash, which bytes. For each `name==version` the file has
the SHA-256 of every file that the release consists of, so that it serves any kind of machine. Of a
release that is built differently for each kind of machine, as PyTorch is, it has none: which build
pip takes is the choice of who runs it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fitspec.conformance.implementations import constraints, declared
from fitspec.conformance.system import atomic

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_HASH: Final = re.compile(r"sha256:[0-9a-f]{64}")


def file_of(table: Path) -> Path:
    """Return where the hashes lie: with the constraints of all implementations of a table."""
    return table.parent / constraints.FOLDER / "hashes.toml"


def read(file: Path) -> dict[str, tuple[str, ...]]:
    """Return the hashes, as `sha256:…`, by `name==version`; none if there is no file.

    Raises:
        ValueError: the file is no TOML, or an entry is no list of hashes.
    """
    try:
        content = declared.toml(file)
    except FileNotFoundError:
        return {}
    for pin, hashes in content.items():
        if not (isinstance(hashes, list) and all(map(_is_hash, hashes))):
            raise ValueError(f"{file}: {pin!r} must be a list of `sha256:…`, got {hashes!r}")
    return {pin: tuple(hashes) for pin, hashes in content.items()}


def write(file: Path, hashes: Mapping[str, Iterable[str]]) -> None:
    """Write the file, whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    lines = ["# The files of each release that constraints name. Written by `fitspec pin`."]
    for pin, values in sorted((pin, sorted(values)) for pin, values in hashes.items()):
        if not values:
            lines.append("# Builds of it differ, and which is taken is the choice of who runs it.")
        lines += [f'"{pin}" = [', *(f'  "{value}",' for value in values), "]"]
    file.parent.mkdir(exist_ok=True)
    atomic.write_text(file, "\n".join([*lines, ""]))


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and _HASH.fullmatch(value) is not None
