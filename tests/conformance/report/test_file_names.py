"""Tests of `fitspec.conformance.report.file_names`: a name for each file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.report.file_names import file_name

if TYPE_CHECKING:
    from pathlib import Path


def test_a_plain_name_stays() -> None:
    """Whoever looks into the folder finds what was run."""
    assert file_name("keras@2.3.0", safe="@") == "keras@2.3.0"


@pytest.mark.parametrize("name", ["con", "nul", "lpt1", "com1.old", "aux ", "prn ."])
def test_no_name_is_that_of_a_device(name: str) -> None:
    """Windows opens its console for ``con.ndjson``; what only begins so is a name as any."""
    escaped = file_name(name, safe=" ")

    assert escaped == f"%{ord(name[0]):X}{name[1:]}"
    assert file_name(f"my{name}", safe=" ") == f"my{name}"
    assert file_name("console", safe=" ") == "console"
    assert file_name("NUL", safe="").startswith("%4EUL-")


def test_names_that_differ_in_capitals_alone_have_files_that_do_not() -> None:
    """They would be one file where Windows or macOS keeps it; the signs of an escape are none."""
    files = [file_name(name, safe="") for name in ("mylib", "MyLib", "MYLIB", "%mylib")]

    assert files[0] == "mylib"
    assert files[1].startswith("MyLib-")
    assert files[3] == "%25mylib"
    assert len({file.lower() for file in files}) == len(files)


def test_any_name_gives_a_file_of_its_own(tmp_path: Path) -> None:
    """Separators, line ends, halves of pairs and very long names are no obstacle."""
    names = ["a/b", "a\nb", "a\ud800", "..", "x" * 5000, "x" * 4999, "é" * 200]

    files = [f"{file_name(name, safe='@')}.ndjson" for name in names]

    assert len(set(files)) == len(names)
    for file in files:
        (tmp_path / file).touch()
