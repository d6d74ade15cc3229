"""Files that are whole or as they were."""

from pathlib import Path

import pytest

from fitspec.reference.config.atomic_file import replaced


def test_a_draft_takes_the_place_of_the_file(tmp_path: Path) -> None:
    """Nothing else is left, and missing folders are made."""
    path = tmp_path / "new" / "file"

    with replaced(path) as draft:
        draft.write_text("content")
        assert not path.exists()

    assert path.read_text() == "content"
    assert list(path.parent.iterdir()) == [path]


def test_what_fails_changes_nothing(tmp_path: Path) -> None:
    """The old file stays, and the draft goes."""
    path = tmp_path / "file"
    path.write_text("old")

    with pytest.raises(ZeroDivisionError), replaced(path) as draft:
        draft.write_text(str(1 / 0))

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(FileExistsError), replaced(path, overwrite=False):
        pytest.fail("the block runs")


def test_a_file_may_be_read_by_whoever_may_read_new_ones(tmp_path: Path) -> None:
    """Permissions are those of every new file; a link goes on pointing at the file."""
    (tmp_path / "other").touch()
    (tmp_path / "link").symlink_to(tmp_path / "file")

    with replaced(tmp_path / "link") as draft:
        draft.write_text("content")

    assert (tmp_path / "file").stat().st_mode == (tmp_path / "other").stat().st_mode
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "link").read_text() == "content"
