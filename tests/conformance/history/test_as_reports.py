"""Tests of `history.as_reports`: a history for what shows reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.conformance.cli.main import main
from fitspec.conformance.history.as_reports import as_reports
from fitspec.conformance.history.history import EMPTY
from fitspec.conformance.history.making import with_reports
from fitspec.conformance.history.storing import write
from fitspec.conformance.report import reading, report

from .versioned import history

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_they_are_whole_reports_of_the_same(tmp_path: Path) -> None:
    """They can be read, and made into the history that they came from."""
    made = as_reports(history())
    for place, each in enumerate(made):
        report.write(each, tmp_path / f"{place}.ndjson")

    again = [reading.read(tmp_path / f"{place}.ndjson") for place in range(len(made))]

    found = with_reports(EMPTY, again)
    assert [item.name for item in found.versions] == [item.name for item in history().versions]
    assert found.clauses == history().clauses


def test_a_site_can_be_made_of_a_history(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each version is a column, in order."""
    write(history(), tmp_path / "own.json")

    site = tmp_path / "site"
    assert main(["report", "--history", str(tmp_path / "own.json"), "-o", str(site)]) == 0

    assert "2 clauses, 5 implementations" in capsys.readouterr().out
    text = (site / "index.html").read_text("utf-8")
    places = [text.index(f"<span>{name}</span>") for name in ("keras@3.3.0", "keras@3.10.0")]
    assert places == sorted(places)
    assert "0 ms" not in "".join(file.read_text("utf-8") for file in site.rglob("*.html"))
