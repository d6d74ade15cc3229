"""Read the inline script metadata (PEP 723) that an adapter file may carry.

An adapter file can say in a comment which Python and which packages it needs:

    # /// script
    # requires-python = "==3.7.*"
    # dependencies = ["keras==2.3.1"]
    # [tool.fitspec]
    # title = "my fork of Keras"
    # ///
"""

from __future__ import annotations

import sys
import tomllib
from typing import TYPE_CHECKING, Any, Final

from packaging.specifiers import InvalidSpecifier, SpecifierSet

if TYPE_CHECKING:
    from pathlib import Path

_OPENING: Final = "# /// script"
_CLOSING: Final = "# ///"

_OLDEST_MINOR: Final = 7
"""The worker runs on Python 3.7 and later."""
_NEWEST_MINOR: Final = 30
_PATCHES: Final = range(40)


def read_block(file: Path) -> dict[str, Any] | None:
    """Return the `script` block of a file as a table, or None where there is none.

    Raises:
        ValueError: The file is not UTF-8, has two blocks or one without an end, or the block is
            not TOML.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise ValueError(f"{file}: not UTF-8 text: {error}") from error
    starts = [number for number, line in enumerate(lines) if line.rstrip() == _OPENING]
    if not starts:
        return None
    if len(starts) > 1:
        numbers = " and ".join(str(number + 1) for number in starts)
        raise ValueError(
            f"{file}: one `{_OPENING}` block is allowed, found them in lines {numbers}"
        )
    content = _content(file, lines, starts[0])
    try:
        return tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(
            f"{file}: the `{_OPENING}` block in line {starts[0] + 1} is not TOML: {error}"
        ) from error


def _content(file: Path, lines: list[str], start: int) -> str:
    """Return the text of the block that opens in line `start` (from 0), without the `# `."""
    block = []
    for line in lines[start + 1 :]:
        if line.rstrip() != "#" and not line.startswith("# "):
            break
        block.append(line)
    # The last closing line of the comment ends the block: TOML itself may contain `///`.
    ends = [number for number, line in enumerate(block) if line.rstrip() == _CLOSING]
    if not ends:
        # The standard lets a tool ignore such a block. Then the adapter would run in an
        # interpreter that its author did not mean.
        raise ValueError(
            f"{file}: the `{_OPENING}` block in line {start + 1} has no closing `{_CLOSING}` line"
        )
    return "\n".join(line[2:] for line in block[: ends[-1]])


def python_for(requires_python: str) -> str:
    """Choose the Python, as `X.Y`, for a `requires-python` such as `==3.7.*` or `>=3.8`.

    The Python that runs fitspec is taken where it is allowed; otherwise the nearest older one,
    otherwise the nearest newer one. A bound on the patch version only decides whether a minor
    version is possible at all.

    Raises:
        ValueError: It is not a version specifier, or allows no Python from 3.7 on.
    """
    try:
        allowed = SpecifierSet(requires_python)
    except InvalidSpecifier as error:
        raise ValueError(
            f'expected a version specifier such as ">=3.8", got {requires_python!r}'
        ) from error
    running = sys.version_info.minor
    older = range(running, _OLDEST_MINOR - 1, -1)
    newer = range(running + 1, _NEWEST_MINOR + 1)
    for minor in (*older, *newer):
        if any(allowed.contains(f"3.{minor}.{patch}") for patch in _PATCHES):
            return f"3.{minor}"
    raise ValueError(f"{requires_python!r} allows no Python from 3.{_OLDEST_MINOR} on")
