"""Tests of `fitspec.conformance.report.merging`: several reports as one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.report.merging import read_all
from fitspec.conformance.report.report import ReportError, write
from fitspec.conformance.report.verdicts import Verdict

from .. import hand_made
from ..hand_made import OTHER, found

if TYPE_CHECKING:
    from pathlib import Path

    from fitspec.conformance.report.report import Report

FIRST = hand_made.report(found("predict.order", Verdict.PASS))
SECOND = hand_made.report(
    found("predict.order", Verdict.FAIL, implementation="keras-2.3"), subjects=(OTHER,)
)


def written(folder: Path, *reports: Report) -> list[Path]:
    """Write reports and return where."""
    paths = [folder / f"{number}.ndjson" for number in range(len(reports))]
    for path, report in zip(paths, reports, strict=True):
        write(report, path)
    return paths


def test_one_report_is_itself(tmp_path: Path) -> None:
    """A single file is read as it is."""
    assert read_all(written(tmp_path, FIRST)) == FIRST


def test_reports_of_several_implementations_become_one(tmp_path: Path) -> None:
    """The columns stand in the order of the files."""
    whole = read_all(written(tmp_path, SECOND, FIRST))

    assert [item.name for item in whole.subjects] == ["keras-2.3", "reference"]
    assert whole.findings == (*SECOND.findings, *FIRST.findings)


def test_an_implementation_has_one_report(tmp_path: Path) -> None:
    """Which of two would be shown is not guessed."""
    with pytest.raises(ValueError, match=r"reference: in several .*0\.ndjson and .*2\.ndjson"):
        read_all(written(tmp_path, FIRST, SECOND, FIRST))


@pytest.mark.parametrize(("key", "value"), [("fitspec", "0.2.0"), ("clauses", 7)])
def test_reports_of_different_contracts_are_not_mixed(
    tmp_path: Path, key: str, value: object
) -> None:
    """A denominator that is one thing here and another there would be none."""
    other = replace(SECOND, header={**SECOND.header, key: value})

    with pytest.raises(ValueError, match=f"cannot be one report: {key} "):
        read_all(written(tmp_path, FIRST, other))


def test_a_spoilt_report_spoils_the_whole(tmp_path: Path) -> None:
    """A file that was cut short is refused as always."""
    first, second = written(tmp_path, FIRST, SECOND)
    second.write_text(second.read_text()[:-9])

    with pytest.raises(ReportError, match=r"1\.ndjson"):
        read_all([first, second])
