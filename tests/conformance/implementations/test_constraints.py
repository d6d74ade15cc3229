"""Tests of `fitspec.conformance.implementations.constraints`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from fitspec.conformance.implementations import constraints
from fitspec.conformance.implementations.registry import known

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """A file has a line for each package, and says by which command it is written anew."""
    file = constraints.file_of("keras-2.3", tmp_path / "table.toml")

    constraints.write(file, "keras-2.3", ("h5py==2.10.0", "keras==2.3.1"))

    assert file == tmp_path / "constraints" / "keras-2.3.txt"
    assert "`fitspec pin keras-2.3`" in file.read_text("utf-8").splitlines()[0]
    assert constraints.read(file) == ("h5py==2.10.0", "keras==2.3.1")
    assert [path.name for path in file.parent.iterdir()] == ["keras-2.3.txt"]


def test_without_a_file_pip_chooses(tmp_path: Path) -> None:
    """An implementation whose constraints nobody has written has none."""
    assert constraints.read(tmp_path / "nowhere.txt") == ()


def test_names_are_read_as_pip_takes_them(tmp_path: Path) -> None:
    """Upper case, underscores, blank lines and the order make no difference."""
    file = tmp_path / "a.txt"
    file.write_text("# why\n\nml_dtypes==0.6.0\nJinja2==3.1.6\n", "utf-8")

    assert constraints.read(file) == ("jinja2==3.1.6", "ml-dtypes==0.6.0")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("keras\n", r"line 1: 'keras' is not of the form name==version"),
        ("# a\nkeras>=2\n", r"line 2: 'keras>=2' is not of the form"),
        ("keras==2.*\n", "is not of the form"),
        ("keras==two\n", "is not of the form"),
        ("keras @ file:///k.whl\n", "is not of the form"),
        ("-r others.txt\n", "is not of the form"),
        ("a_b==1\nA-b==2\n", "line 2: a-b is there twice"),
    ],
)
def test_a_malformed_file_is_refused_by_line(text: str, words: str, tmp_path: Path) -> None:
    """What would have pip install something else than one version is refused."""
    file = tmp_path / "a.txt"
    file.write_text(text, "utf-8")

    with pytest.raises(ValueError, match=rf"a\.txt, {words}|a\.txt, .*{words}"):
        constraints.read(file)


def test_a_freeze_becomes_constraints() -> None:
    """The installer itself is left out, and so is what tells builds of one version apart."""
    lines = ["torch==2.13.0+cpu\n", "", "PyYAML==6.0.1", "pip==23.2.1", "setuptools==65.5.0"]

    assert constraints.of_freeze(lines) == (
        "pyyaml==6.0.1",
        "setuptools==65.5.0",
        "torch==2.13.0",
    )


def test_what_was_installed_from_a_path_cannot_be_kept() -> None:
    """A version that only this machine has would be no constraint for others."""
    with pytest.raises(ValueError, match="mine @ file"):
        constraints.of_freeze(["mine @ file:///home/me/mine"])


@pytest.mark.parametrize("name", [name for name, row in known().items() if row.requirements])
def test_the_whole_tree_of_each_implementation_is_kept(name: str) -> None:
    """Each row of the table that pip installs has constraints, which agree with the row."""
    row = known()[name]

    asked = [Requirement(item) for item in row.requirements + row.no_deps]

    pins = {f"{canonicalize_name(item.name)}{item.specifier}" for item in asked}
    assert pins - set(row.constraints) == set()
    assert not row.unpinned
