"""Tests of `changes.trend`, `terminal.trend` and ``fitspec trend``: reports of several days."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from fitspec.conformance.changes.trend import read_folder, steps
from fitspec.conformance.cli.main import main
from fitspec.conformance.report.report import ReportError, write
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.terminal.trend import render

from .. import snapshot
from ..hand_made import GONE, SUBJECT, found, report

if TYPE_CHECKING:
    from pathlib import Path

    from fitspec.conformance.report.report import Report

PASS, FAIL, ABSENT = Verdict.PASS, Verdict.FAIL, Verdict.ABSENT


def day(number: int, version: str, *verdicts: Verdict | None, behaviour: str = "samples") -> Report:
    """Return the report of a day on three clauses at the most and one that is left open."""
    ids = ("fit.epochs.final-epoch", "predict.order", "get_layer.by-name")
    findings = [found(*pair) for pair in zip(ids, verdicts, strict=False)]
    left_open = found("fit.verbose.1-counts", None, behaviour=behaviour)
    subject = replace(SUBJECT, versions={"fitspec": version})
    whole = report(*findings, left_open, subjects=(subject,))
    header = {**whole.header, "finished": f"2026-03-{number:02}T04:05:06+00:00"}
    return replace(whole, header=header)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of reports whose names do not tell their order."""
    (tmp_path / "older").mkdir()
    write(day(20, "0.3", PASS, FAIL, PASS, behaviour="batches"), tmp_path / "a.ndjson")
    write(day(3, "0.1", FAIL, PASS), tmp_path / "older" / "z.ndjson")
    write(day(11, "0.2", PASS, ABSENT), tmp_path / "older" / "b.ndjson")
    gone = found("predict.order", Verdict.UNAVAILABLE, implementation="keras-3-torch")
    both = report(gone, subjects=(GONE,))
    write(
        replace(both, header={**both.header, "finished": "2026-03-12T00:00:00+00:00"}),
        tmp_path / "c.ndjson",
    )
    return tmp_path


def test_the_trend_is_as_it_was_found_good(folder: Path) -> None:
    """The table, and what changed when, are what a person has read and approved."""
    screen = Console(file=io.StringIO(), width=100, color_system=None)

    render(read_folder(folder), screen)

    assert isinstance(screen.file, io.StringIO)
    assert snapshot.matches("trend", screen.file.getvalue())


def test_reports_are_put_in_order_by_when_they_were_made(folder: Path) -> None:
    """Not by their names or folders."""
    standings = read_folder(folder)["reference"]

    assert [item.finished[:10] for item in standings] == ["2026-03-03", "2026-03-11", "2026-03-20"]
    assert [item.counts[PASS] for item in standings] == [1, 1, 2]


def test_a_day_on_which_nothing_was_found_is_passed_over(folder: Path) -> None:
    """What changed is told from the last one that found something."""
    broken = replace(day(15, "0.2", FAIL, FAIL), faults=("it broke",))
    write(broken, folder / "broken.ndjson")

    compared = steps(read_folder(folder)["reference"])

    assert [standing.side is None for standing, _ in compared] == [False, False, True, False]
    before = compared[3][1]
    assert before is not None
    assert before.before.findings["predict.order"].verdict is ABSENT


def test_a_folder_that_tells_nothing_is_refused(tmp_path: Path) -> None:
    """No folder, no report, or half of one."""
    with pytest.raises(ValueError, match="there is no such folder"):
        read_folder(tmp_path / "nowhere")
    with pytest.raises(ValueError, match=r"no report; files NAME\.ndjson"):
        read_folder(tmp_path)
    (tmp_path / "half.ndjson").write_text('{"type": "header", "format": 1}\n')
    with pytest.raises(ReportError, match=r"half\.ndjson"):
        read_folder(tmp_path)


def test_the_command_prints_those_that_are_asked_for(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And refuses a name that is in none of the reports."""
    assert main(["trend", str(folder), "--of", "reference"]) == 0
    assert "keras-3-torch" not in capsys.readouterr().out
    assert main(["trend", str(folder), "--of", "kears"]) == 2
    assert "--of kears: the reports are of keras-3-torch, reference" in capsys.readouterr().err
