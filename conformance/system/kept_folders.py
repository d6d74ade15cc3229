"""Folders of the cache that are made once, when first needed, and kept.

A lock lets one fitspec at a time make one, and a marker that is written last tells a whole folder
from the remains of an interrupted one.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from filelock import FileLock, Timeout

from fitspec.conformance.system import atomic, posix

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


class KeptFolder:
    """The place of a kept folder, whether it is made or not; a subclass says what is in it."""

    MARKER: ClassVar[str]
    """The name of the marker."""
    CONTENT: ClassVar[str]
    """What whoever waits for another fitspec is told that it does."""

    folder: Path

    @property
    def log(self) -> Path:
        """What was printed when it was made last."""
        return self.folder.with_name(f"{self.folder.name}.log")

    @property
    def lock(self) -> Path:
        """The file that one builder at a time holds."""
        return self.folder.with_name(f"{self.folder.name}.lock")

    @property
    def marker(self) -> Path:
        """The file that is written last: without it the folder is not whole."""
        return self.folder / self.MARKER

    def built(self) -> datetime | None:
        """Return when it was finished; None if it is missing, unfinished or something else."""
        try:
            content = json.loads(self.marker.read_text(encoding="utf-8"))
            return datetime.fromisoformat(content["finished"]) if self.is_this(content) else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def is_this(self, content: Mapping[str, Any]) -> bool:  # noqa: ARG002  for subclasses
        """Whether a marker is about what is wanted here."""
        return True

    def is_whole(self) -> bool:
        """Whether it can be used."""
        return self.built() is not None

    def provide(self, make: Callable[[], None], progress: Callable[[str], None]) -> None:
        """Make it if it is missing.

        Args:
            make: does so.
            progress: called with one short line if another fitspec is at it.

        Raises:
            OSError: the disk is full, or refuses; it names the folder.
        """
        if self.is_whole():
            return
        with atomic.named(self.folder):
            self._provide(make, progress)

    def _provide(self, make: Callable[[], None], progress: Callable[[str], None]) -> None:
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.lock)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            progress(f"waiting for another fitspec that {self.CONTENT}")
            lock.acquire()
        try:
            # Whoever held the lock before may have made it.
            if not self.is_whole():
                self._wait_for_the_last()
                make()
        finally:
            lock.release()

    def _wait_for_the_last(self) -> None:
        """Wait until nothing of a fitspec that was killed writes here: that holds the log."""
        with contextlib.suppress(FileNotFoundError), self.log.open("r+b") as log:
            posix.lock(log.fileno())

    def finish(self, content: Mapping[str, Any], seconds: float) -> None:
        """Write the marker.

        Args:
            content: what else it says.
            seconds: how long it took.
        """
        finished = datetime.now(UTC).isoformat(timespec="seconds")
        noted = {**content, "finished": finished, "seconds": round(seconds, 1)}
        atomic.write_text(self.marker, json.dumps(noted, indent=1))

    def remove(self) -> None:
        """Remove it."""
        # The marker goes first: removing the rest takes a while and can be interrupted.
        self.marker.unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)
