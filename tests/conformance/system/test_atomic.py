"""Tests of `fitspec.conformance.system.atomic`: the old file or the new one, never half."""

from __future__ import annotations

import errno
import io
import os
import stat
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from fitspec.conformance.system.atomic import (
    check_destination,
    check_room,
    is_full,
    make_folder,
    says_full,
    write_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

NEW = "the new one\n" * 9


class _FullDisk(io.BufferedWriter):
    """A file on a disk that fills up."""

    def write(self, content: Any, /) -> int:
        super().write(content[:10])
        super().flush()
        raise OSError(errno.ENOSPC, "No space left on device")


def _full_disk(descriptor: int, *_: Any, **__: Any) -> io.BufferedWriter:
    return _FullDisk(io.FileIO(descriptor, "wb"))


def _failing(number: int) -> Callable[..., None]:
    def fail(*_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize(
    ("name", "stand_in"),
    [
        ("os.fdopen", _full_disk),
        ("os.fsync", _failing(errno.EIO)),
        ("pathlib.Path.replace", _failing(errno.EPERM)),
    ],
)
def test_what_cannot_be_written_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, stand_in: Callable[..., Any]
) -> None:
    """When the disk is full or refuses, the old file stays and no remains lie about."""
    path = tmp_path / "r.ndjson"
    path.write_text("the old one")

    with monkeypatch.context() as patch:
        patch.setattr(name, stand_in)
        with pytest.raises(OSError, match=r"space|error|permitted"):
            write_text(path, NEW)

    assert [item.name for item in tmp_path.iterdir()] == ["r.ndjson"]
    assert path.read_text() == "the old one"


def test_a_missing_folder_is_no_place_for_a_file(tmp_path: Path) -> None:
    """Neither is it made, nor is the run done first."""
    path = tmp_path / "missing" / "r.ndjson"

    with pytest.raises(FileNotFoundError):
        write_text(path, NEW)
    with pytest.raises(ValueError, match="does not exist"):
        check_destination(path)


def test_a_folder_is_no_place_for_a_file(tmp_path: Path) -> None:
    """A folder is refused before the run."""
    with pytest.raises(ValueError, match="this is a folder"):
        check_destination(tmp_path)


def test_a_folder_that_cannot_be_written_to_is_refused_before_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder without permission is refused before the run."""
    monkeypatch.setattr(os, "access", lambda *_: False)

    with pytest.raises(ValueError, match="cannot be written to"):
        check_destination(tmp_path / "r.ndjson")


def test_a_good_place_is_not_touched_by_being_looked_at(tmp_path: Path) -> None:
    """Looking whether a file can be written writes none."""
    check_destination(tmp_path / "r.ndjson")
    check_destination(None)

    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_made(tmp_path: Path) -> None:
    """A folder that is not there yet is made, and nothing is left in it."""
    make_folder(tmp_path / "a" / "b")

    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_what_is_no_folder_is_refused_and_named(tmp_path: Path) -> None:
    """A file in the place of the folder is found before anything is run."""
    (tmp_path / "file").touch()

    with pytest.raises(FileExistsError) as caught:
        make_folder(tmp_path / "file")

    assert caught.value.filename == str(tmp_path / "file")


def test_a_link_is_followed(tmp_path: Path) -> None:
    """What a link leads to is replaced, and not the link."""
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    link.symlink_to(target)

    write_text(link, NEW)

    assert link.is_symlink()
    assert target.read_text() == NEW


def test_a_device_is_written_to_and_not_replaced() -> None:
    """What is written to a device goes into it: replacing `/dev/null` would harm everybody."""
    before = Path("/dev/null").stat()

    write_text(Path("/dev/null"), NEW)

    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    assert Path("/dev/null").stat().st_ino == before.st_ino
    with pytest.raises(OSError, match="No space left"):
        write_text(Path("/dev/full"), NEW)


def test_a_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    """A file can be read by whom the user's mask lets read."""
    mask = os.umask(0o027)
    try:
        write_text(tmp_path / "r.ndjson", NEW)
    finally:
        os.umask(mask)

    assert stat.S_IMODE((tmp_path / "r.ndjson").stat().st_mode) == 0o640


def test_a_file_that_is_written_anew_keeps_its_permissions(tmp_path: Path) -> None:
    """A program of which a line was rewritten can still be executed."""
    path = tmp_path / "program.py"
    path.write_text("the old one")
    path.chmod(0o750)

    write_text(path, NEW)

    assert stat.S_IMODE(path.stat().st_mode) == 0o750


def test_a_name_may_be_as_long_as_the_file_system_takes(tmp_path: Path) -> None:
    """What is written before it is whole has a name of its own, which is not longer."""
    write_text(tmp_path / ("é" * 127), NEW)

    assert [item.name for item in tmp_path.iterdir()] == ["é" * 127]


def test_a_full_disk_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With the folder, and as nothing but a full disk is."""
    check_room(tmp_path)
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_bavail=0))

    with pytest.raises(OSError, match=str(tmp_path)) as caught:
        check_room(tmp_path)

    assert is_full(caught.value)
    assert says_full(str(caught.value))
    assert not says_full(str(FileNotFoundError(errno.ENOENT, "No such file")))


# A file that was being opened is closed by whoever collects it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_whatever_comes_while_it_is_written_leaves_one_file(tmp_path: Path) -> None:
    """As a signal does, which may come between any two lines of it, or of what it calls."""
    path = tmp_path / "a.txt"
    old, new, place = 0, 0, 0
    while not new or path.read_text("utf-8") == "old":
        path.write_text("old", "utf-8")
        came = _interrupted(place, lambda: write_text(path, "new"))
        assert [each.name for each in tmp_path.iterdir()] == ["a.txt"], place
        assert path.read_text("utf-8") in {"old", "new"}, place
        old, new, place = old + came, new + (not came), place + 1
    assert old > 20


class _CameError(BaseException):
    """What a signal raises."""


def _interrupted(place: int, call: Callable[[], None]) -> bool:
    """Return whether a call executes more lines than some, and interrupt it before the next one."""
    left = place

    def trace(_frame: FrameType, event: str, _given: object) -> Callable[..., Any]:
        nonlocal left
        if event == "line":
            left -= 1
            if left == -1:
                raise _CameError
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    except _CameError:
        return True
    finally:
        sys.settrace(before)
    return False
