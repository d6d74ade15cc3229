"""Tests of `changes.sides`: whom a person means by the sides."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.changes.sides import sides
from fitspec.conformance.report.report import ReportError, write
from fitspec.conformance.report.verdicts import Verdict

from ..hand_made import found, report
from ..two_sides import reported

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fitspec.conformance.report.report import Report


def no_run(names: Sequence[str]) -> Report:
    """Fail, for nothing shall be run."""
    raise AssertionError(names)


@pytest.fixture
def both(tmp_path: Path) -> Path:
    """Return a report file that holds three implementations."""
    path = tmp_path / "both.ndjson"
    write(reported(), path)
    return path


def test_an_implementation_in_a_file_is_named_after_a_colon(both: Path) -> None:
    """FILE:NAME is one of several that a report holds."""
    before, after = sides(f"{both}:keras-2.3", f"{both}:keras-3-jax", no_run)

    assert (before.name, after.name) == ("keras-2.3", "keras-3-jax")
    assert after.findings["fit.epochs.final-epoch"].verdict is Verdict.FAIL


def test_a_file_with_one_implementation_needs_no_name(tmp_path: Path) -> None:
    """Two reports of one implementation are told apart by what was given."""
    days = [tmp_path / "monday.ndjson", tmp_path / "friday.ndjson"]
    for day in days:
        write(report(found("predict.order", Verdict.PASS)), day)

    before, after = sides(str(days[0]), str(days[1]), no_run)

    assert (before.name, after.name) == (str(days[0]), str(days[1]))


def test_what_is_no_file_is_run_with_the_other_side(tmp_path: Path) -> None:
    """Implementations are run all at once, a file is read."""
    file = tmp_path / "old.ndjson"
    write(report(found("predict.order", Verdict.FAIL)), file)
    asked: list[list[str]] = []

    def run(names: Sequence[str]) -> Report:
        asked.append(list(names))
        return report(found("predict.order", Verdict.PASS))

    before, after = sides(str(file), "reference", run)

    assert asked == [["reference"]]
    verdicts = [item.findings["predict.order"].verdict for item in (before, after)]
    assert verdicts == [Verdict.FAIL, Verdict.PASS]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("{both}", "it holds keras-2.3, keras-3-jax, keras-3-torch; say which one is meant"),
        ("{both}:keras-9", "the report holds keras-2.3, keras-3-jax, keras-3-torch, not 'keras-9'"),
        ("nowhere/old.ndjson", "nowhere/old.ndjson: there is no such file"),
        ("old.ndjson:keras-2.3", "old.ndjson:keras-2.3: there is no such file"),
        ("kears-2.3", "no implementation is called 'kears-2.3'"),
    ],
)
def test_what_means_nothing_is_refused_before_anything_is_run(
    both: Path, given: str, said: str
) -> None:
    """The message says what came and what was expected."""
    with pytest.raises(ValueError, match=said.replace(".", r"\.")):
        sides(given.format(both=both), "reference", no_run)


def test_a_side_that_could_not_be_started_is_refused(both: Path) -> None:
    """Nothing can be compared with it."""
    with pytest.raises(ReportError, match="keras-3-torch: it could not be started"):
        sides(f"{both}:keras-2.3", f"{both}:keras-3-torch", no_run)


def test_a_run_that_found_nothing_is_refused(tmp_path: Path) -> None:
    """It is no wrong usage, as a report file would be: nobody chose it."""
    file = tmp_path / "old.ndjson"
    write(report(found("predict.order", Verdict.FAIL)), file)
    broken = replace(report(found("predict.order", Verdict.PASS)), faults=("it broke",))

    with pytest.raises(RuntimeError, match="it broke"):
        sides(str(file), "reference", lambda _: broken)
