"""Tests of `fitspec.conformance.cli.export`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fitspec import spec
from fitspec.conformance.cli.main import main
from fitspec.conformance.report import report
from fitspec.conformance.report.verdicts import Verdict

from .. import hand_made
from ..exported import REPORT
from ..hand_made import found

if TYPE_CHECKING:
    from pathlib import Path

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a report of some clauses, and one of all."""
    monkeypatch.chdir(tmp_path)
    every = [
        found(item.id, Verdict.PASS)
        for item in spec.contract().clauses.values()
        if item.level is not spec.Level.OBSERVED
    ]
    report.write(REPORT, tmp_path / "some.ndjson")
    report.write(hand_made.report(*every), tmp_path / "all.ndjson")
    (tmp_path / "e.toml").write_text(
        '[[expect]]\nclause = "fit.x.array"\nverdict = "absent"\nreason = "None."\n'
    )


def test_each_form_is_written_where_it_is_wanted(capsys: Capture, tmp_path: Path) -> None:
    """The paths are told, so that a log shows what there is."""
    forms = ["--junit", "j.xml", "--sarif", "s.sarif", "--markdown", "m.md", "--badges", "b"]

    assert main(["export", "all.ndjson", *forms]) == 0

    names = [f"b/reference-as-{profile}" for profile in spec.contract().profiles]
    written = ["j.xml", "s.sarif", "m.md"]
    written += [f"{name}.{suffix}" for name in names for suffix in ("svg", "json")]
    assert capsys.readouterr().out.splitlines() == written
    assert all((tmp_path / name).stat().st_size for name in written)


def test_expectations_tell_apart_what_is_known(tmp_path: Path) -> None:
    """Each form has the reason."""
    forms = ["--junit", "j.xml", "--sarif", "s.sarif", "--markdown", "m.md"]

    assert main(["export", "some.ndjson", "--expect", "e.toml", *forms]) == 0

    for name in forms[1::2]:
        assert "None." in (tmp_path / name).read_text()


def test_a_run_of_some_clauses_gets_no_badge(capsys: Capture, tmp_path: Path) -> None:
    """It is said why there is none."""
    report.write(hand_made.report(found("predict.order", Verdict.PASS)), tmp_path / "one.ndjson")

    assert main(["export", "one.ndjson", "--badges", "b"]) == 0
    assert "no badge: of no implementation was a whole profile examined" in capsys.readouterr().out


USAGE = {
    "no form": (["export", "some.ndjson"], 2, "--badges was expected"),
    "no folder": (
        ["export", "some.ndjson", "--junit", "no/j.xml"],
        2,
        "junit no/j.xml: the folder",
    ),
    "badges in a file": (["export", "some.ndjson", "--badges", "e.toml"], 2, "this is a file"),
    "badges nowhere": (["export", "some.ndjson", "--badges", "no/b"], 2, "does not exist"),
    "no report": (["export", "e.toml", "--junit", "j.xml"], 2, "no JSON"),
    "no expectations": (
        ["export", "some.ndjson", "--expect", "some.ndjson", "--junit", "j.xml"],
        2,
        "no TOML",
    ),
}


@pytest.mark.parametrize("name", USAGE)
def test_wrong_usage_writes_nothing(name: str, capsys: Capture, tmp_path: Path) -> None:
    """What is wrong is said before anything is written."""
    before = sorted(tmp_path.iterdir())
    arguments, status, words = USAGE[name]

    assert main(arguments) == status
    assert words in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == before
