"""Tests of `fitspec.conformance.upgrade.sides`: whom a person can name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.gate.expected import known_causes
from fitspec.conformance.report.report import write
from fitspec.conformance.upgrade.sides import comparison, known

from ..two_sides import reported

if TYPE_CHECKING:
    from pathlib import Path


def test_reports_of_the_implementations_that_people_move_between_come_with_fitspec() -> None:
    """They are read from the package itself."""
    assert {"keras-2.3", "keras-3-jax", "keras-3-torch", "keras-3-tensorflow"} <= set(known())


def test_report_files_can_be_given(tmp_path: Path) -> None:
    """Of one's own implementation, as `fitspec diff` takes them."""
    write(reported(), tmp_path / "both.ndjson")
    both = str(tmp_path / "both.ndjson")

    found = comparison(f"{both}:keras-2.3", "keras-3-jax")

    assert found.before.subject.versions == {"keras": "2.3.1"}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("tf-keras", r"tf-keras: no report of it comes with fitspec, as do those of keras-2\.3, "),
        ("keras-9", "no implementation is called 'keras-9'"),
        ("nowhere.ndjson", r"nowhere\.ndjson: there is no such file"),
    ],
)
def test_who_is_not_known_is_refused(name: str, message: str) -> None:
    """With what can be done about it."""
    with pytest.raises(ValueError, match=message):
        comparison(name, "keras-3-jax")


def test_shipped_reports_say_what_is_known_of_the_implementations() -> None:
    """A report in which more or less falls short than is recorded is out of date."""
    for name in known():
        side = comparison(name, name).before
        entries = [item for item in known_causes() if name in item.of]
        sure = {clause for item in entries if not item.at_times for clause in item.clauses}
        short = {clause for clause, item in side.findings.items() if item.fell_short}
        assert sure & side.findings.keys() <= short, name
