"""Tests of `fitspec.conformance.cli.gate`: `fitspec gate`, `expect` and `merge`."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.cli.main import main
from fitspec.conformance.gate.expected import read
from fitspec.conformance.report import reading, report
from fitspec.conformance.report.verdicts import Verdict

from .. import hand_made
from ..hand_made import GONE, OTHER, found

if TYPE_CHECKING:
    from pathlib import Path

Capture = pytest.CaptureFixture[str]
CLAUSE = "fit.epochs.final-epoch"
PASSES = hand_made.report(found(CLAUSE, Verdict.PASS))
FALLS = hand_made.report(found(CLAUSE, Verdict.FAIL, observed="[0]"))
ENTRY = f'# Mine.\n\n[[expect]]\nclause = "{CLAUSE}"\nverdict = "fail"\nreason = "So it is."\n'


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a few reports and a file of expectations in the current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    gone = found(CLAUSE, Verdict.UNAVAILABLE, implementation=GONE.name)
    other = found(CLAUSE, Verdict.FAIL, implementation=OTHER.name)
    for name, whole in {
        "passes": PASSES,
        "falls": FALLS,
        "faulty": replace(PASSES, faults=("it broke",)),
        "gone": hand_made.report(gone, subjects=(GONE,)),
        "more": hand_made.report(*FALLS.findings, found("predict.order", Verdict.PASS)),
        "other": hand_made.report(other, subjects=(OTHER,)),
    }.items():
        report.write(whole, tmp_path / f"{name}.ndjson")
    (tmp_path / "e.toml").write_text(ENTRY)
    (tmp_path / "none.toml").touch()


STATUS = {
    "as expected": (["gate", "falls.ndjson", "--expect", "e.toml"], 0, "The gate is open"),
    "regressed": (
        ["gate", "falls.ndjson", "--expect", "none.toml", "--since", "passes.ndjson"],
        1,
        "Regressed: it passed before",
    ),
    "passes": (["gate", "passes.ndjson", "--expect", "e.toml"], 1, "Passes, which is not expected"),
    "of others": (
        ["gate", "more.ndjson", "--expect", "none.toml", "--clause", "predict.*"],
        0,
        "The gate is open",
    ),
    "several": (["gate", "falls.ndjson", "other.ndjson", "--expect", "e.toml"], 0, "keras-2.3: 0"),
    "fault": (["gate", "faulty.ndjson", "--expect", "none.toml"], 3, "it broke"),
    "unavailable": (["gate", "gone.ndjson", "--expect", "none.toml"], 3, "proves nothing"),
    "in order": (["expect", "--check", "e.toml", "none.toml"], 0, "e.toml: 1 entry, all in order"),
    "merged": (["merge", "falls.ndjson", "other.ndjson", "-o", "m.ndjson"], 0, "m.ndjson: ref"),
}


@pytest.mark.parametrize("name", STATUS)
def test_the_exit_status_is_as_of_a_run(name: str, capsys: Capture) -> None:
    """0: nothing is to be settled; 1: something is; 3: nothing was proved."""
    arguments, status, words = STATUS[name]

    assert main(arguments) == status
    assert words in capsys.readouterr().out


USAGE = {
    "no report": (["gate", "e.toml", "--expect", "e.toml"], 2, "no JSON"),
    "cut short": (["gate", "cut.ndjson", "--expect", "e.toml"], 2, "cut short"),
    "missing": (["gate", "nowhere.ndjson", "--expect", "e.toml"], 2, "No such file"),
    "no expectations": (["gate", "falls.ndjson", "--expect", "falls.ndjson"], 2, "no TOML"),
    "missing expectations": (["gate", "falls.ndjson", "--expect", "no.toml"], 2, "No such file"),
    "unknown clause": (
        ["gate", "falls.ndjson", "--expect", "e.toml", "--clause", "predict.ordr"],
        2,
        "the nearest are 'predict.order'",
    ),
    "for nothing": (
        ["gate", "falls.ndjson", "--expect", "e.toml", "--clause", "predict.order"],
        2,
        "no verdict on any of the clauses",
    ),
    "twice": (["merge", "falls.ndjson", "passes.ndjson", "-o", "m"], 2, "in several reports"),
    "no folder": (["merge", "falls.ndjson", "-o", "no/m"], 2, "does not exist"),
    "update of a faulty run": (["expect", "--update", "e.toml", "faulty.ndjson"], 3, "no evidence"),
    "update in no folder": (["expect", "--update", "no/e.toml", "falls.ndjson"], 2, "expectations"),
    "update of what is no text": (
        ["expect", "--update", "b.toml", "falls.ndjson"],
        2,
        "b.toml: no text",
    ),
    "check of a report": (["expect", "--check", "falls.ndjson"], 2, "no TOML"),
}


@pytest.mark.parametrize("name", USAGE)
def test_wrong_usage_says_what_is_wrong(name: str, capsys: Capture, tmp_path: Path) -> None:
    """What cannot be read is named; nothing is written."""
    whole = (tmp_path / "falls.ndjson").read_text()
    (tmp_path / "cut.ndjson").write_text("".join(whole.splitlines(keepends=True)[:-1]))
    (tmp_path / "b.toml").write_bytes(b"\xff")
    before = sorted(tmp_path.iterdir())
    arguments, status, words = USAGE[name]

    assert main(arguments) == status
    assert words in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "e.toml").read_text() == ENTRY


def test_a_check_tells_all_that_a_gate_would_refuse(capsys: Capture, tmp_path: Path) -> None:
    """Each file is looked at, whatever is wrong with the one before."""
    bad = ENTRY.replace("So it is.", "").replace(CLAUSE, "fit.nothing")
    (tmp_path / "bad.toml").write_text(bad)

    status = main(["expect", "--check", "bad.toml", "e.toml"])

    out = capsys.readouterr().out
    assert status == 1
    assert "Names no clause that gets a verdict" in out
    assert "bad.toml:3  fit.nothing  fail" in out
    assert "e.toml: 1 entry, all in order." in out


def test_an_update_without_a_terminal_leaves_reasons_open(capsys: Capture, tmp_path: Path) -> None:
    """It says so, and the gate refuses the file; a reason opens it."""
    assert main(["expect", "--update", "new.toml", "falls.ndjson"]) == 1

    out = capsys.readouterr().out
    assert f"{CLAUSE}: fail on reference; added" in out
    assert "new.toml: the gate refuses it as long as this is not settled." in out
    assert main(["gate", "falls.ndjson", "--expect", "new.toml"]) == 1
    text = (tmp_path / "new.toml").read_text()
    (tmp_path / "new.toml").write_text(text.replace('reason = ""', 'reason = "So."'))
    assert main(["expect", "--update", "new.toml", "falls.ndjson"]) == 0
    assert main(["gate", "falls.ndjson", "--expect", "new.toml"]) == 0


def test_an_update_leaves_alone_what_could_not_be_started(capsys: Capture, tmp_path: Path) -> None:
    """Nothing was found out, so that nothing is rewritten."""
    assert main(["expect", "--update", "e.toml", "gone.ndjson"]) == 0
    assert "keras-3-torch: unavailable; what is expected of it stays" in capsys.readouterr().out
    assert (tmp_path / "e.toml").read_text() == ENTRY


def test_an_update_at_a_terminal_asks(tmp_path: Path) -> None:
    """A person who is there says the reason, and the file has it."""
    theirs, ours = pty.openpty()
    code = "import sys; from fitspec.conformance.cli.main import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "expect", "--update", "new.toml", "falls.ndjson"]
    with subprocess.Popen(command, stdin=ours, stdout=ours, stderr=ours) as process:
        os.close(ours)
        os.write(theirs, b"It counts from 1.\n")
        status = process.wait(60)
    said = os.read(theirs, 2**16).decode()
    os.close(theirs)

    assert status == 0
    assert "reason (Enter for later, Ctrl-D to end)> " in said
    assert read(tmp_path / "new.toml")[0].reason == "It counts from 1."


def test_a_merged_report_holds_both(tmp_path: Path) -> None:
    """One report of two is as any other."""
    main(["merge", "falls.ndjson", "other.ndjson", "-o", "m.ndjson"])

    assert [item.name for item in reading.read(tmp_path / "m.ndjson").subjects] == [
        "reference",
        "keras-2.3",
    ]
