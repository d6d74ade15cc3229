"""Tests of `fitspec.conformance.upgrade.sides`: whom a person can name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.report.report import write
from fitspec.conformance.upgrade.sides import comparison

from ..two_sides import reported

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("asked", "version"),
    [
        ("keras-2.3", "2.3.1"),
        ("keras@2.3", "2.3.1"),
        ("keras-3-torch", "3.15.1"),
        ("keras@3.15.1", "3.15.1"),
    ],
)
def test_versions_of_the_history_are_sides(asked: str, version: str) -> None:
    """By a name of the table, or by a version or what it begins with."""
    before = comparison(asked, "keras-3-jax").before

    assert (before.name, before.subject.versions["keras"]) == (asked, version)


def test_report_files_can_be_given(tmp_path: Path) -> None:
    """Of one's own implementation, as `fitspec diff` takes them."""
    write(reported(), tmp_path / "both.ndjson")
    both = str(tmp_path / "both.ndjson")

    found = comparison(f"{both}:keras-2.3", "keras-3-jax")

    assert found.before.subject.versions == {"keras": "2.3.1"}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("keras@2.1", r"keras@2\.1: the history that comes with fitspec does not have it, as it"),
        ("reference", r"reference: the history .* `fitspec run reference --report found.ndjson`"),
        ("keras-9", "no implementation is called 'keras-9'"),
        ("nowhere.ndjson", r"nowhere\.ndjson: there is no such file"),
    ],
)
def test_who_is_not_known_is_refused(name: str, message: str) -> None:
    """With what can be done about it."""
    with pytest.raises(ValueError, match=message):
        comparison(name, "keras-3-jax")
