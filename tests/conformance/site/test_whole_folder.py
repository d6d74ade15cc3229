"""Tests of `fitspec.conformance.site.whole_folder`: the old site or the new one, never half."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.site.whole_folder import LIST, check_destination, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OLD: list[tuple[str, str | bytes]] = [("index.html", "old"), ("clauses/gone.html", "old")]
NEW: list[tuple[str, str | bytes]] = [("index.html", "new"), ("pictures/a.png", b"\x89PNG")]


def content(folder: Path) -> dict[str, bytes]:
    """Return what a folder holds."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != LIST
    }


def test_a_site_is_written_into_a_new_or_an_empty_folder(tmp_path: Path) -> None:
    """It needs to be made first in neither case."""
    (tmp_path / "empty").mkdir()

    counts = [write(OLD, tmp_path / name) for name in ("new", "empty")]

    assert counts == [2, 2]
    assert content(tmp_path / "new") == content(tmp_path / "empty")


def test_a_site_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    """Nothing is left of the old one, nor beside the new one."""
    write(OLD, tmp_path / "site")

    write(NEW, tmp_path / "site")

    assert content(tmp_path / "site") == {"index.html": b"new", "pictures/a.png": b"\x89PNG"}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("fault", [KeyboardInterrupt, RuntimeError])
def test_an_interrupted_run_leaves_the_old_site(tmp_path: Path, fault: type[BaseException]) -> None:
    """Whatever ends it before the last page, what was there is there still."""
    write(OLD, tmp_path / "site")

    def ends() -> Iterator[tuple[str, str]]:
        yield "index.html", "new"
        raise fault

    with pytest.raises(fault):
        write(ends(), tmp_path / "site")

    assert content(tmp_path / "site") == {"index.html": b"old", "clauses/gone.html": b"old"}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_an_interruption_while_folders_change_places_leaves_the_old_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also between the two steps of it."""
    write(OLD, tmp_path / "site")
    rename = type(tmp_path).rename

    def interrupted(path: Path, target: Path) -> Path:
        if path.name.endswith(".partial"):
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(type(tmp_path), "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(NEW, tmp_path / "site")

    assert content(tmp_path / "site") == {"index.html": b"old", "clauses/gone.html": b"old"}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    """What fitspec did not write, it does not replace."""
    write(OLD, tmp_path / "site")
    (tmp_path / "site" / "notes.txt").write_text("mine")

    with pytest.raises(ValueError, match=r"no part of a site of fitspec: notes\.txt; a new or"):
        write(NEW, tmp_path / "site")

    assert (tmp_path / "site" / "notes.txt").read_text() == "mine"
    assert (tmp_path / "site" / "index.html").read_text() == "old"


def test_places_that_cannot_be_written_are_refused(tmp_path: Path) -> None:
    """A file, and a folder of a folder that is not there."""
    (tmp_path / "file").write_text("mine")

    with pytest.raises(ValueError, match="this is a file; a folder was expected"):
        check_destination(tmp_path / "file")
    with pytest.raises(ValueError, match="does not exist"):
        check_destination(tmp_path / "no" / "site")


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    """What it leads to is replaced."""
    write(OLD, tmp_path / "site")
    (tmp_path / "link").symlink_to(tmp_path / "site")

    write(NEW, tmp_path / "link")

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "site" / "index.html").read_text() == "new"
