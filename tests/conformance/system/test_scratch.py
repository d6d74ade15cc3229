"""Tests of `fitspec.conformance.system.scratch`: what the dead leave is swept."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING, Any

import pytest

from fitspec.conformance.system import scratch as module
from fitspec.conformance.system.scratch import Scratch, sweep

if TYPE_CHECKING:
    from pathlib import Path

OTHER = """
import sys
from fitspec.conformance.system.scratch import Scratch
folder = Scratch().folder
(folder / "inside").mkdir()
print(folder, flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have temporary files in a place of their own."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def test_a_folder_goes_at_the_end(place: Path) -> None:
    """With all that is in it; removing it again does no harm."""
    with Scratch() as scratch:
        (scratch.folder / "file").touch()
        assert scratch.folder.parent == place

    scratch.remove()

    assert list(place.iterdir()) == []


def test_the_folder_of_a_killed_process_is_swept(place: Path) -> None:
    """By whoever makes one beside it next, and not before that process is dead."""
    with subprocess.Popen(
        [sys.executable, "-c", OTHER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        folder = other.stdout.readline().strip()
        with Scratch() as scratch:
            assert {str(item) for item in place.iterdir()} == {folder, str(scratch.folder)}
        other.kill()

    with Scratch() as scratch:
        assert list(place.iterdir()) == [scratch.folder]


def test_what_nobody_has_locked_yet_may_be_in_the_making(place: Path) -> None:
    """A folder without an owner is swept when it is old."""
    new, old = place / "fitspec.new", place / "fitspec.old"
    new.mkdir()
    old.mkdir()
    os.utime(old, (0, 0))

    sweep()

    assert list(place.iterdir()) == [new]


def test_what_is_no_folder_of_ours_stays(place: Path, tmp_path: Path) -> None:
    """Neither links nor files nor what has another name is touched."""
    target = tmp_path / "target"
    target.mkdir()
    (target / ".owner").touch()
    (place / "fitspec.link").symlink_to(target)
    (place / "fitspec.file").touch()
    (place / "fitspec-page").mkdir()
    (place / "fitspec-page" / ".owner").touch()

    sweep()

    assert len(list(place.iterdir())) == 3
    assert (target / ".owner").exists()


def test_what_is_written_while_it_is_removed_goes_as_well(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that was killed may not have died yet."""
    scratch = Scratch()
    late, rmdir = iter(("first", "second")), os.rmdir

    def written_into(path: Any, *args: Any, **kwargs: Any) -> None:
        for name in itertools.islice(late, 1):
            (scratch.folder / name).touch()
        rmdir(path, *args, **kwargs)

    monkeypatch.setattr(os, "rmdir", written_into)
    monkeypatch.setattr(module, "_PAUSE", 0.0)

    scratch.remove()

    assert list(place.iterdir()) == []


@pytest.mark.parametrize("step", ["gettempdir", "mkdtemp"])
def test_an_interruption_while_it_is_made_leaves_nothing(
    step: str, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether Python tries if it can write there, or the folder is made."""
    original = getattr(tempfile, step)

    def interrupted(*args: Any, **kwargs: Any) -> Any:
        made = original(*args, **kwargs)
        signal.raise_signal(signal.SIGINT)
        return made

    monkeypatch.setattr(tempfile, step, interrupted)
    # A shell has what it starts in the background ignore Ctrl-C, and these tests may be that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    try:
        with pytest.raises(KeyboardInterrupt):
            Scratch()
    finally:
        signal.signal(signal.SIGINT, before)

    assert list(place.iterdir()) == []
