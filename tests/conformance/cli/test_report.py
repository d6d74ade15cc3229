"""Tests of ``fitspec report``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.cli.main import main
from fitspec.conformance.report import report
from fitspec.conformance.report.verdicts import Verdict

from .. import hand_made

if TYPE_CHECKING:
    from pathlib import Path

CHUNKS = "fit.shuffle.batch-chunks"
CAUSES = """
[[expect]]
clause = "fit.shuffle.batch-chunks"
verdict = "fail"
reason = "Ours mixes the rows."
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A report file."""
    path = tmp_path / "found.ndjson"
    report.write(hand_made.report(hand_made.found(CHUNKS, Verdict.FAIL, observed="[1]")), path)
    return path


def test_a_site_is_made_of_reports(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What fell short is on the pages, not in the exit status; where they are is printed."""
    status = main(["report", str(file), "-o", str(tmp_path / "site")])

    assert status == 0
    assert "index.html: 1 clauses, 1 implementation; " in capsys.readouterr().out
    assert (tmp_path / "site" / "clauses" / f"{CHUNKS}.html").is_file()


def test_pictures_are_made_as_png_on_request(file: Path, tmp_path: Path) -> None:
    """Beside each SVG."""
    main(["report", str(file), "-o", str(tmp_path / "site"), "--png"])

    names = sorted(path.name for path in (tmp_path / "site" / "pictures").iterdir())
    assert names == [
        f"{name}.{form}" for name in ("history", "methods", "times") for form in ("png", "svg")
    ]


def test_reasons_of_the_user_are_shown(file: Path, tmp_path: Path) -> None:
    """The known cause can come from a file of expectations."""
    (tmp_path / "expectations.toml").write_text(CAUSES)

    causes = str(tmp_path / "expectations.toml")
    main(["report", str(file), "-o", str(tmp_path / "site"), "--expect", causes])

    page = tmp_path / "site" / "clauses" / f"{CHUNKS}.html"
    assert "Ours mixes the rows." in page.read_text("utf-8")


def test_a_cut_short_report_is_refused_before_anything_is_written(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As wrong usage, with the name of the file."""
    file.write_text(file.read_text().rpartition('{"type": "footer"')[0])

    status = main(["report", str(file), "-o", str(tmp_path / "site")])

    assert status == 2
    assert "cut short" in capsys.readouterr().err
    assert not (tmp_path / "site").exists()


def test_a_folder_of_other_files_is_refused(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The folder in which the reports are is not replaced by pages."""
    status = main(["report", str(file), "-o", str(tmp_path)])

    assert status == 2
    assert "no part of a site of fitspec: found.ndjson" in capsys.readouterr().err
    assert file.is_file()
