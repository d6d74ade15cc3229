"""Putting a site in its folder: whoever looks finds the old one or the new one, never half."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from fitspec.conformance.system import atomic

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Lists the files of a site, so that nothing but them is ever replaced.
LIST = "fitspec-site.json"
_FORMAT = 1
_SHOWN = 3


def check_destination(folder: Path) -> None:
    """Refuse a folder that could not be written or holds something else than a site.

    Raises:
        ValueError: saying which.
    """
    atomic.check_destination(_beside(folder), "site")
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"site {folder}: this is a file; a folder was expected")
    if folder.is_dir() and (others := _others(folder)):
        some = ", ".join(others[:_SHOWN])
        raise ValueError(
            f"site {folder}: the folder holds files that are no part of a site of fitspec: {some}; "
            "a new or empty folder, or one with a site to be replaced, was expected"
        )


def write(files: Iterable[tuple[str, str | bytes]], folder: Path) -> int:
    """Write the files of a site into a folder, in the place of the site that is there.

    Everything is written beside it first, and then takes its place at once.

    Args:
        files: path within the site, and content.
        folder: where to; what was there is replaced as a whole.

    Returns:
        How many files were written.

    Raises:
        ValueError: as `check_destination`.
        OSError: it cannot be written; what was there before is untouched. It names `folder`.
    """
    folder = folder.resolve()
    check_destination(folder)
    with atomic.named(folder):
        return _replace(files, folder)


def _replace(files: Iterable[tuple[str, str | bytes]], folder: Path) -> int:
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".partial", dir=folder.parent))
    try:
        draft.chmod(0o777 & ~atomic.umask())
        written = [_write(draft, path, content) for path, content in files]
        content = {"format": _FORMAT, "files": sorted([*written, LIST])}
        _write(draft, LIST, json.dumps(content, indent=0) + "\n")
        _exchange(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return len(written)


def _write(draft: Path, path: str, content: str | bytes) -> str:
    file = draft / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _exchange(draft: Path, folder: Path) -> None:
    """Let `folder` be what `draft` is, and `draft` what `folder` was, if it was there."""
    if not folder.exists():
        draft.rename(folder)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".old", dir=folder.parent))
    try:
        folder.rename(aside)
        try:
            draft.rename(folder)
        except BaseException:
            aside.rename(folder)
            raise
        aside.rename(draft)
    finally:
        if aside.exists():
            aside.rmdir()


def _others(folder: Path) -> list[str]:
    """Return the files in a folder that are not of the site that its list describes."""
    there = sorted(
        item.relative_to(folder).as_posix() for item in folder.rglob("*") if not item.is_dir()
    )
    return [item for item in there if item not in _listed(folder)]


def _listed(folder: Path) -> frozenset[str]:
    try:
        return frozenset(json.loads((folder / LIST).read_text("utf-8"))["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()


def _beside(folder: Path) -> Path:
    """Return where the draft of a site goes: a file of its folder's parent."""
    return folder.resolve().with_name(f".{folder.resolve().name}.partial")
