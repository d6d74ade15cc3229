"""The file with the hashes of what constraints name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.implementations import constraints, hashes, table

if TYPE_CHECKING:
    from pathlib import Path

A, B = (f"sha256:{digit * 64}" for digit in "ab")


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """Hashes come in order; a release that is built differently for each machine has none."""
    file = hashes.file_of(tmp_path / "table.toml")

    hashes.write(file, {"two==1.0": [B, A], "one==2.0": []})

    assert hashes.read(file) == {"one==2.0": (), "two==1.0": (A, B)}
    assert file.read_text("utf-8").splitlines()[1:4] == [
        "# Builds of it differ, and which is taken is the choice of who runs it.",
        '"one==2.0" = [',
        "]",
    ]


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    """A table of one's own needs no hashes."""
    assert hashes.read(tmp_path / "hashes.toml") == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[", "not TOML"),
        ('"one==1" = "sha256:1"', "'one==1' must be a list of `sha256:…`, got 'sha256:1'"),
        ('"one==1" = ["sha256:1"]', "'one==1' must be a list"),
        (f'"one==1" = ["{A}", 3]', "'one==1' must be a list"),
    ],
)
def test_what_is_no_list_of_hashes_is_refused(text: str, words: str, tmp_path: Path) -> None:
    """The file and the entry are named."""
    file = tmp_path / "hashes.toml"
    file.write_text(text, "utf-8")

    with pytest.raises(ValueError, match=words) as caught:
        hashes.read(file)
    assert str(file) in str(caught.value)


def test_all_that_is_pinned_has_hashes() -> None:
    """Each constraint of fitspec's own table does, but PyTorch, whose builds differ; no other."""
    known = hashes.read(hashes.file_of(table.file()))
    pins = {
        pin
        for name in table.own()
        for pin in constraints.read(constraints.file_of(name, table.file()))
    }

    assert pins
    assert known.keys() == pins
    assert [pin for pin, values in known.items() if not values] == ["torch==2.13.0"]
