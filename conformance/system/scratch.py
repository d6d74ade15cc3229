"""Folders for what is needed as long as a process lives; those of processes that died are swept.

A lock tells them apart: the kernel gives it up with the process, however that ended.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Self

from fitspec.conformance.system import posix
from fitspec.conformance.system.interrupts import held_back

#: How the names of such folders begin. Not with a hyphen: what is put aside for a person does, as
#: the pages of R.
PREFIX = "fitspec."
#: The file in a folder that its process has locked.
_OWNER = ".owner"
#: After how long a folder without that file is nobody's any more, in s: it is made in a moment.
_ABANDONED = 3600.0
#: How often a folder is removed that somebody writes into, and how long between, in s.
_ATTEMPTS, _PAUSE = 20, 0.05


class Scratch:
    """A new folder, which is removed at the end of the block, or once this process is dead.

    Whoever makes one sweeps those of the dead that lie beside it.

    Args:
        prefix: how its name begins, and that of those beside it.
        beside: the folder in which it is made; None: that for temporary files.

    Raises:
        OSError: it cannot be made.
    """

    def __init__(self, prefix: str = PREFIX, beside: Path | None = None) -> None:
        # Python tries whether it can write there, once: an interruption would leave the attempt.
        with held_back():
            tempfile.gettempdir()
        sweep(prefix, beside)
        self._lock = -1
        try:
            with held_back():
                self._make(prefix, beside)
        except BaseException:
            # What was held back comes at the end, when there is something to remove.
            self.remove()
            raise

    def _make(self, prefix: str, beside: Path | None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=prefix, dir=beside))
        try:
            self._lock = os.open(self.folder / f"{_OWNER}.new", os.O_CREAT | os.O_WRONLY, 0o600)
            # Before it has its name: whoever sweeps takes one that is not locked for a dead one's.
            posix.lock(self._lock)
            (self.folder / f"{_OWNER}.new").rename(self.folder / _OWNER)
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def remove(self) -> None:
        """Remove it; doing so again is harmless."""
        if self._lock >= 0:
            _remove(self.folder)
            lock, self._lock = self._lock, -1
            os.close(lock)


def _remove(folder: Path) -> None:
    """Remove a folder, into which what is about to die of a kill may still write."""
    for _ in range(_ATTEMPTS):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(_PAUSE)


def sweep(prefix: str = PREFIX, beside: Path | None = None) -> None:
    """Remove the folders of processes that died.

    Args:
        prefix: how their names begin.
        beside: where they are; None: in the folder for temporary files.
    """
    for folder in Path(beside or tempfile.gettempdir()).glob(f"{prefix}*"):
        # Another one may be at it, and what others own is theirs to sweep.
        with contextlib.suppress(OSError):
            if _is_dead(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_dead(folder: Path) -> bool:
    """Return whether the process that made a folder has ended.

    Raises:
        OSError: it cannot be told.
    """
    if folder.is_symlink():
        return False
    try:
        lock = os.open(folder / _OWNER, os.O_WRONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return time.time() - folder.stat().st_mtime > _ABANDONED
    try:
        return posix.try_lock(lock)
    finally:
        os.close(lock)
