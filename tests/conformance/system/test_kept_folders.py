"""Tests of `fitspec.conformance.system.kept_folders`: folders that are made once and kept."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from fitspec.conformance.system.kept_folders import KeptFolder

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Kept(KeptFolder):
    """One with a single file."""

    MARKER = "marker.json"
    CONTENT = "makes the same"

    folder: Path

    def make(self) -> None:
        """Make it."""
        self.folder.mkdir()
        (self.folder / "file").write_text("text")
        self.finish({"what": "a file"}, 0.25)


def test_it_is_made_once(tmp_path: Path) -> None:
    """What is whole is not made again."""
    kept = Kept(tmp_path / "environments" / "a")
    made: list[str] = []

    def make() -> None:
        made.append("made")
        kept.make()

    for _ in range(2):
        kept.provide(make, made.append)

    assert made == ["made"]
    assert kept.built() is not None


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"finished": "yesterday"}'])
def test_without_its_marker_it_is_not_whole(tmp_path: Path, content: str | None) -> None:
    """The remains of an interrupted one, or a marker that says nothing, do not count."""
    kept = Kept(tmp_path / "a")
    kept.folder.mkdir()
    if content is not None:
        kept.marker.write_text(content)

    assert not kept.is_whole()


def test_what_another_one_made_meanwhile_is_taken(tmp_path: Path) -> None:
    """Whoever waits says so, and then makes nothing."""
    kept = Kept(tmp_path / "a")
    told: list[str] = []
    waiting = threading.Event()

    def tell(text: str) -> None:
        told.append(text)
        waiting.set()

    with FileLock(kept.lock):
        other = threading.Thread(target=kept.provide, args=(pytest.fail, tell))
        other.start()
        assert waiting.wait(60)
        kept.make()
    other.join(60)

    assert told == ["waiting for another fitspec that makes the same"]


def test_removed_it_is_gone(tmp_path: Path) -> None:
    """Doing so again is harmless."""
    kept = Kept(tmp_path / "a")
    kept.make()

    kept.remove()
    kept.remove()

    assert not kept.folder.exists()
