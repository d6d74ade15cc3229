"""Tests of `fitspec.conformance.cli.diff`: ``fitspec diff``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.cli.main import main
from fitspec.conformance.history import storing
from fitspec.conformance.report.report import write
from fitspec.conformance.report.verdicts import Verdict

from ..hand_made import found, report
from ..history.versioned import CLAUSE, decided_by
from ..two_sides import reported

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def both(tmp_path: Path) -> str:
    """Return the path of a report of two sides."""
    write(reported(), tmp_path / "both.ndjson")
    return str(tmp_path / "both.ndjson")


def test_something_that_starts_to_fail_is_the_exit_status(
    both: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What changes is printed, and a CI can act on it."""
    status = main(["diff", f"{both}:keras-2.3", f"{both}:keras-3-jax"])

    assert status == 1
    assert "Starts to fail: 5 clauses" in capsys.readouterr().out


def test_what_starts_to_pass_is_no_reason_to_stop(tmp_path: Path) -> None:
    """The exit status is 0 when nothing starts to fail."""
    for name, verdict in (("old", Verdict.FAIL), ("new", Verdict.PASS)):
        write(report(found("predict.order", verdict)), tmp_path / name)

    assert main(["diff", str(tmp_path / "old"), str(tmp_path / "new")]) == 0


def test_markdown_and_a_page_can_be_had(
    both: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Markdown is printed, the page goes to a file."""
    page = tmp_path / "page.html"

    sides = [f"{both}:keras-2.3", f"{both}:keras-3-jax"]
    status = main(["diff", *sides, "--markdown", "--page", str(page)])

    assert status == 1
    assert capsys.readouterr().out.startswith("# keras-2.3 → keras-3-jax\n")
    assert page.read_text("utf-8").startswith("<!doctype html>")


def test_wrong_usage_is_told_apart(both: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A side that means nothing, and a page that cannot be written, are wrong usage."""
    assert main(["diff", both, both]) == 2
    assert "say which one is meant" in capsys.readouterr().err
    sides = [f"{both}:keras-2.3", f"{both}:keras-3-jax"]
    assert main(["diff", *sides, "--page", "/nowhere/at/all.html"]) == 2
    assert "page /nowhere/at/all.html: the folder" in capsys.readouterr().err


def test_versions_of_the_history_need_no_run(capsys: pytest.CaptureFixture[str]) -> None:
    """And it is said that nothing was run, apart from what is printed for whoever reads it."""
    assert main(["diff", "keras@2.3", "keras@3.15"]) == 1

    printed = capsys.readouterr()
    assert "from keras@2.3  keras 2.3.1" in printed.out
    assert "keras@2.3: keras@2.3.1 on tensorflow, from the history" in printed.err


def test_what_another_check_decided_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of two versions whose checks differ, by the clauses that differ; of others nothing."""
    known = decided_by({"3.3.0": "old", "3.3.3": "old", "3.10.0": "new"})
    monkeypatch.setattr(storing, "shipped", lambda: known)

    assert main(["diff", "keras@3.3.0", "keras@3.10.0"]) == 1
    assert main(["diff", "keras@3.3.0", "keras@3.3.3"]) == 0

    first, *rest = [
        line for line in capsys.readouterr().err.splitlines() if "another check" in line
    ]
    assert (first.endswith(f": {CLAUSE}"), rest) == (True, [])
