"""No command has a terminal, or the log of a CI, obey what it prints, from wherever that comes."""

from __future__ import annotations

import json
import os
import re
import sys
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from fitspec.conformance.cli.main import main
from fitspec.conformance.report.report import write
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.running import engine

from .. import hand_made
from ..hand_made import found
from ..on_a_terminal import on_a_terminal
from ..sample_checks import write_checks

if TYPE_CHECKING:
    from pathlib import Path

    from fitspec.conformance.report.report import Report

Capture = pytest.CaptureFixture[str]

#: Clears the screen, names the window, turns the direction of writing, gives commands to GitHub,
#: Azure and TeamCity, is markup to `rich`, and cannot be saved as UTF-8.
HOSTILE = (
    "a\n::error::b\n  ::add-mask::c ##[error]d ##vso[task.complete]e\n##teamcity[f]\r::g\u2028::h"
    "\x1b[2J\x1b]0;title\x07\x9b2J\u202edrow\u200b\x00\x08 [/red][bold]i\ud800"
)
CLAUSE = "fit.epochs.default-1"
ENTRY = (
    '[[expect]]\nclause = "predict.order"\nverdict = "fail"\n'
    f"reason = {json.dumps(' '.join(HOSTILE[:-1].splitlines()))}\n"
)


def assert_prints_harmlessly(arguments: list[str], status: int, capsys: Capture) -> None:
    """Assert that a command ends with a status, and prints nothing that does any harm."""
    came = main(arguments)

    out, err = capsys.readouterr()
    assert came == status, err
    assert_harmless(out)
    assert_harmless(err)
    assert "fault of fitspec" not in err


def assert_harmless(text: str) -> None:
    """Check that nothing in a text is a command, and that it can be read."""
    commands = [line for line in text.split("\n") if line.lstrip().startswith("::")]
    assert not commands
    assert not re.search(r"##\w*\[", text)
    unseen = {
        sign
        for sign in text
        if sign != "\n" and unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    }
    assert not unseen
    assert max(map(len, text.split("\n"))) < 30_000


def hostile(*verdicts: Verdict) -> Report:
    """Return a report in which every text is hostile, but for the clauses and the days."""
    keys = ("name", "title", "python", "platform", "adapter", "dialect")
    named: dict[str, Any] = dict.fromkeys(keys, HOSTILE)
    subject = replace(
        hand_made.SUBJECT,
        **named,
        versions={HOSTILE: HOSTILE},
        renames={HOSTILE: HOSTILE},
    )
    gone = replace(
        hand_made.GONE, name=f"gone {HOSTILE}", title=HOSTILE, reason=HOSTILE, remedy=HOSTILE
    )
    texts = dict.fromkeys(("expected", "observed", "detail", "check", "example", "script"), HOSTILE)
    texts["implementation"] = HOSTILE
    ids = (CLAUSE, "fit.epochs.final-epoch", f"unknown {HOSTILE}")
    findings = [
        found(clause, verdict, **texts) for clause, verdict in zip(ids, verdicts, strict=True)
    ]
    open_one = found("fit.verbose.1-counts", None, behaviour=f"{verdicts[0]} {HOSTILE}", **texts)
    tried = found("predict.order", Verdict.FAIL, **texts, tries=(HOSTILE, "fail", "fail"))
    whole = hand_made.report(*findings, open_one, tried, subjects=(subject, gone))
    header = {**whole.header, "fitspec": HOSTILE, "python": HOSTILE, "platform": HOSTILE}
    return replace(whole, header={**header, "basis": {HOSTILE: HOSTILE}}, faults=())


@pytest.fixture
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "60")
    (tmp_path / "reports").mkdir()
    before = hostile(Verdict.PASS, Verdict.FAIL, Verdict.PASS)
    after = hostile(Verdict.FAIL, Verdict.ABSENT, Verdict.FAIL)
    write(before, tmp_path / "reports" / "before.ndjson")
    write(after, tmp_path / "reports" / "after.ndjson")
    write(replace(after, faults=(HOSTILE,)), tmp_path / "faulty.ndjson")
    lines = [json.dumps(line) for line in after.lines()]
    (tmp_path / "twice.ndjson").write_text("\n".join([*lines[:2], *lines[1:]]) + "\n")
    (tmp_path / "day.ndjson").write_text(json.dumps({**json.loads(lines[0]), "started": HOSTILE}))
    (tmp_path / "e.toml").write_text(ENTRY)
    (tmp_path / "none.toml").touch()
    (tmp_path / "twice.toml").write_text(ENTRY * 2)
    (tmp_path / "unknown.toml").write_text(ENTRY.replace("predict.order", "\\u001b[2J\\n::error::"))
    (tmp_path / "no.toml").write_text('expect = "\\u001b[2J\\n::error::"\n')
    (tmp_path / "sides").mkdir()
    for name in ("before", "after"):
        whole = before if name == "before" else after
        alone = [item for item in whole.findings if item.implementation == HOSTILE]
        write(
            replace(whole, subjects=whole.subjects[:1], findings=tuple(alone)),
            tmp_path / "sides" / f"{name}.ndjson",
        )


BEFORE, AFTER = "reports/before.ndjson", "reports/after.ndjson"
SIDES = ["diff", "sides/before.ndjson", "sides/after.ndjson"]
COMMANDS = {
    "gate": (["gate", AFTER, "--expect", "e.toml", "--since", BEFORE], 3),
    "gate on one that started": (
        ["gate", "sides/after.ndjson", "--expect", "none.toml", "--since", "sides/before.ndjson"],
        1,
    ),
    "gate with a fault": (["gate", "faulty.ndjson", "--expect", "e.toml"], 3),
    "gate with an unknown clause": (["gate", AFTER, "--expect", "unknown.toml"], 3),
    "gate on a forged report": (["gate", "twice.ndjson", "--expect", "e.toml"], 2),
    "gate on a day": (["gate", "day.ndjson", "--expect", "e.toml"], 2),
    "gate with no expectations": (["gate", AFTER, "--expect", "no.toml"], 2),
    "expect --check": (["expect", "--check", "twice.toml", "unknown.toml"], 1),
    "expect --update": (["expect", "--update", "e.toml", AFTER], 0),
    "expect --update with a fault": (["expect", "--update", "e.toml", "faulty.ndjson"], 3),
    "merge": (["merge", AFTER, "-o", "merged.ndjson"], 0),
    "merge of the same": (["merge", AFTER, BEFORE, "-o", "merged.ndjson"], 2),
    "diff": (SIDES, 1),
    "diff --markdown": ([*SIDES, "--markdown"], 1),
    "diff --page": ([*SIDES, "--page", "page.html"], 1),
    "diff of several": (["diff", BEFORE, AFTER], 2),
    "diff of one that is not there": (["diff", f"{AFTER}:gone {HOSTILE}", AFTER], 2),
    "trend": (["trend", "reports"], 0),
    "trend of nobody": (["trend", "reports", "--of", "nobody"], 2),
    "export": (
        [
            *("export", AFTER, "--expect=e.toml", "--junit=j.xml", "--sarif=s.json"),
            *("--markdown=m.md", "--badges=badges"),
        ],
        0,
    ),
    "report": (["report", AFTER, "-o", "pages"], 0),
    "repro": (["repro", CLAUSE, "--report", AFTER, "--implementation", HOSTILE], 0),
    "repro of nobody": (["repro", CLAUSE, "--report", AFTER], 2),
    "repro --output": (
        ["repro", CLAUSE, "--report", AFTER, "--implementation", HOSTILE, "--output", "script.py"],
        0,
    ),
    "repro of what is open": (
        ["repro", "fit.verbose.1-counts", "--report", AFTER, "--implementation", HOSTILE],
        2,
    ),
    "explain": (["explain", HOSTILE], 2),
    "spec": (["spec", "--method", HOSTILE], 2),
    "run of nobody": (["run", HOSTILE], 2),
    "smoke of nobody": (["smoke", HOSTILE], 2),
}


@pytest.mark.usefixtures("_files")
@pytest.mark.parametrize("command", COMMANDS)
def test_what_a_command_prints_of_files_is_harmless(command: str, capsys: Capture) -> None:
    """Every text of a report or of expectations is hostile, and the command does what it does."""
    assert_prints_harmlessly(*COMMANDS[command], capsys)


@pytest.mark.usefixtures("_files")
def test_a_terminal_sees_colours_alone() -> None:
    """On a terminal the only sequences are those of colours."""
    screen = on_a_terminal(
        ["gate", "sides/after.ndjson", "--expect", "none.toml"], TERM="xterm-256color"
    )

    assert "\x1b[1;31m" in screen
    assert_harmless(re.sub(r"\x1b\[[\d;]*m", "", screen).replace("\r\n", "\n"))


@pytest.mark.usefixtures("_files")
def test_a_terminal_without_unicode_is_no_obstacle() -> None:
    """What its encoding does not have is written out."""
    screen = on_a_terminal(
        ["gate", "sides/after.ndjson", "--expect", "none.toml"], PYTHONIOENCODING="ascii"
    )

    assert screen.isascii()
    assert "The gate stays closed" in screen


ADAPTER = f"""
from fitspec.adapters.reference.plain import Reference
HOSTILE = {HOSTILE!r}

class Mine(Reference):
    def versions(self):
        return {{HOSTILE: HOSTILE}}

    def call(self, model, method, *arguments, **options):
        print(HOSTILE.replace(chr(0xd800), ""))
        raise ValueError(HOSTILE)
"""
NAME = "b\n::error::c\x1b[2J[bold]"


@pytest.mark.usefixtures("leaves_nothing")
@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "--report", "r.ndjson", "--verbose"],
        ["run", "--jobs", "1"],
        ["observe"],
        ["smoke"],
        ["repro", "fit.epochs.final-epoch", "--implementation"],
    ],
)
def test_what_an_implementation_says_is_harmless(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """Its name, versions, output and messages are hostile."""
    monkeypatch.setattr(engine, "CHECKS", write_checks(tmp_path / "checks"))
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.chdir(tmp_path)
    (tmp_path / f"{NAME}.py").write_text(ADAPTER)

    status = main([*arguments, f"./{NAME}.py"])

    out, err = capsys.readouterr()
    assert status in (0, 1, 2), err
    assert_harmless(out)
    assert_harmless(err)


@pytest.mark.usefixtures("leaves_nothing")
@pytest.mark.parametrize("command", ["run", "smoke"])
def test_why_an_adapter_does_not_start_is_harmless(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """The message of an import that fails is hostile."""
    monkeypatch.setattr(engine, "CHECKS", write_checks(tmp_path / "checks"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(f"raise RuntimeError({HOSTILE!r})\n")

    assert main([command, "./mine.py"]) in (1, 3)
    out, err = capsys.readouterr()
    assert_harmless(out)
    assert_harmless(err)


def test_the_names_of_entry_points_are_harmless(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """What an installed package declares is told by `doctor`, and where names are suggested."""
    information = tmp_path / "hostile-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: hostile\nVersion: 1.0\n")
    name = "keras-9\x1b[2J\u202e[bold]"
    (information / "entry_points.txt").write_text(
        f"[fitspec.implementations]\n{name} = nowhere\n::error::x = nowhere\x1b[2J\n", "utf-8"
    )
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / f"cache {os.sep}"))

    assert main(["doctor"]) == 0
    assert main(["run", "keras-9x"]) == 2
    out, err = capsys.readouterr()
    assert "keras-9\\x1b[2J\\u202e[bold]" in out
    assert_harmless(out)
    assert_harmless(err)
