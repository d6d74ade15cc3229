"""As `test_hostile_text`, of commands about programs and versions: all that they read is hostile.

That is names of files and folders, programs, notebooks, histories, campaigns, and what a program
that is run says.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.cli import main as cli
from fitspec.conformance.cli.main import main
from fitspec.conformance.explore.comparing import Kind
from fitspec.conformance.explore.grammar import draw
from fitspec.conformance.explore.records import CampaignFile, Header, Record, Sighting
from fitspec.conformance.history import storing
from fitspec.conformance.history.history import History, Outcomes

from ..history.versioned import CLAUSE, OPEN, history
from . import test_hostile_text
from .test_hostile_text import HOSTILE, assert_harmless, assert_prints_harmlessly

if TYPE_CHECKING:
    from pathlib import Path

Capture = pytest.CaptureFixture[str]

#: A name that a file can have: no slash, no zero, and bytes that are no UTF-8.
NAME = "\n::error::" + os.fsdecode(b"b\x1b[2J\xff\xe2\x80\xae ##[error]c\r")
TEXT = HOSTILE[:-1].replace("\0", "")
CALLS = f"""\
import keras
model = keras.models.Sequential()
model.compile("sgd", {TEXT!r}, metrics=[{TEXT!r}])
model.fit(x, y, nb_epoch={TEXT!r})
model.fit(x, y, nb_epoch='''\r
::error::a
##[error]b
\x1b[2J\u202e''')
model.fit(x, y, **{{{HOSTILE!r}: 1}})
"""
BROKEN = f"model = ({TEXT!r}\n"
TRACED = f"""\
import sys
import keras
import numpy as np

HOSTILE = {HOSTILE!r}
model = keras.models.Sequential([keras.layers.Dense(1, input_shape=(1,))])
model.compile("sgd", "mse", metrics=["mae"])
x = np.ones((2, 1))
for scale in (1, 5):
    model.test_on_batch(x, scale * x, reset_metrics=scale > 3)
for stream in (sys.stdout, sys.stderr):
    print(HOSTILE[:-1], file=stream)
try:
    model.fit(x, x, verbose=HOSTILE, steps_per_epoch=HOSTILE)
except Exception:
    pass
raise ValueError(HOSTILE)
"""


def notebook(text: str) -> str:
    """Return a notebook of one cell."""
    cell = {"cell_type": "code", "source": text, "outputs": [{"text": HOSTILE}]}
    return json.dumps({"cells": [cell], "nbformat": 4})


def hostile_history() -> History:
    """Return one in which every text is hostile, but for the clauses and the days."""
    whole = history()
    versions = [
        replace(
            item,
            family=f"{at} {HOSTILE}",
            version=HOSTILE,
            on=HOSTILE,
            contract=HOSTILE,
            subject=replace(
                item.subject,
                **dict.fromkeys(("name", "title", "python", "adapter", "dialect"), HOSTILE),  # type: ignore[arg-type]  # texts all of them
                versions={HOSTILE: HOSTILE},
                renames={HOSTILE: HOSTILE},
            ),
        )
        for at, item in enumerate(whole.versions)
    ]
    clauses = {
        clause: Outcomes(
            tuple(
                replace(
                    each,
                    behaviour=each.behaviour and f"{each.behaviour} {HOSTILE}",
                    **dict.fromkeys(("expected", "observed", "detail", "example"), HOSTILE),  # type: ignore[arg-type]  # texts all of them
                )
                for each in item.distinct
            ),
            item.at,
        )
        for clause, item in whole.clauses.items()
    }
    return History(tuple(versions), clauses)


def hostile_campaign(path: Path) -> None:
    """Write a campaign of one program, in whose differences every text is hostile."""
    probe = path.with_name("probe")
    assert main([*EXPLORE, "--save", str(probe)]) == 0
    found = json.loads(probe.read_text("utf-8").partition("\n")[0])
    header = Header("reference", found["versions"], found["against"], 0)
    (program,) = draw(0, 1)
    kinds = (
        Kind(HOSTILE, HOSTILE, HOSTILE, HOSTILE),
        Kind("twin:keras-2.3", "fit", "", HOSTILE),
        Kind("twin:keras-2.3", "fit", "what callbacks hear", '"""\nassert False, """'),
    )
    sightings = [Sighting(kind, program, HOSTILE, HOSTILE) for kind in kinds]
    CampaignFile(path, header).add(Record(0, program, 2, 1, sightings))


EXPLORE = ["explore", "reference", "--against", "twin:keras-2.3", "--programs", "1"]


@pytest.fixture
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "60")
    folder = tmp_path / "folder" / f"d{NAME}"
    folder.mkdir(parents=True)
    for name, text in ((f"a{NAME}", CALLS), (f"b{NAME}", BROKEN)):
        (folder / f"{name}.py").write_text(text, "utf-8", newline="")
        (folder / f"{name}.ipynb").write_text(notebook(text), "utf-8")
    (folder / f"c{NAME}.ipynb").write_text('{"cells": 3}', "utf-8")
    storing.write(hostile_history(), tmp_path / "history.json")
    (tmp_path / "wrong.json").write_text(json.dumps({"format": 1, HOSTILE: HOSTILE}), "utf-8")
    (tmp_path / f"t{NAME}.py").write_text(TRACED, "utf-8")


TRACE = ["trace", "--on", "reference", "--on", "twin:keras-2.3"]
COMMANDS = {
    "upgrade": (["upgrade", "folder"], 1),
    "upgrade --format json": (["upgrade", "folder", "--format", "json"], 1),
    "upgrade --format sarif": (["upgrade", "folder", "--format", "sarif"], 1),
    "upgrade --diff": (["upgrade", "folder", "--diff"], 1),
    "upgrade --fix": (["upgrade", "folder", "--fix"], 1),
    "upgrade of what is not there": (["upgrade", f"folder/{NAME}"], 2),
    "upgrade to nobody": (["upgrade", "folder", "--to", HOSTILE], 2),
    "history": (["history", "--history", "history.json"], 0),
    "history of none": (["history", "--history", "wrong.json"], 2),
    "history --run of nobody": (["history", "--run", HOSTILE, "--into", "new.json"], 2),
    "history --run of a range": (["history", "--run", f"{HOSTILE}@1..2", "--into", "n.json"], 2),
    "since": (["since", CLAUSE, "--history", "history.json"], 0),
    "since of a behaviour": (["since", OPEN, "--history", "history.json"], 0),
    "since when nothing": (["since", HOSTILE], 2),
    "bisect of nothing": (["bisect", HOSTILE, "keras@3.0..3.1"], 2),
    "bisect of nobody": (["bisect", CLAUSE, f"{HOSTILE}@1..2"], 2),
    "bisect of no range": (["bisect", CLAUSE, HOSTILE], 2),
    "trace": ([*TRACE, f"t{NAME}.py"], 1),
    "trace --format json": ([*TRACE, "--format", "json", f"t{NAME}.py"], 1),
    "trace of what is not there": ([*TRACE, NAME], 2),
    "trace on nobody": (["trace", "--on", HOSTILE, "--on", "reference", "history.json"], 2),
    "explore of nobody": (["explore", HOSTILE], 2),
    "explore --replay": (["explore", "reference", "--replay", "wrong.json", "--program", "0"], 2),
    "new-adapter": (["new-adapter", HOSTILE], 2),
    "new-adapter --into": (["new-adapter", "mylibrary", "--into", f"folder/d{NAME}"], 0),
    "pin of nobody": (["pin", HOSTILE], 2),
}


@pytest.mark.usefixtures("_files")
@pytest.mark.parametrize("command", COMMANDS)
def test_what_a_command_prints_is_harmless(command: str, capsys: Capture) -> None:
    """Whatever programs, histories and arguments hold, the command does what it does."""
    assert_prints_harmlessly(*COMMANDS[command], capsys)


@pytest.mark.usefixtures("_files")
def test_a_campaign_is_told_and_scripts_are_written(tmp_path: Path, capsys: Capture) -> None:
    """Each difference of a file that somebody else may have written."""
    hostile_campaign(tmp_path / "campaign")

    assert main([*EXPLORE, "--save", "campaign", "--scripts", "scripts"]) == 1

    out, err = capsys.readouterr()
    assert_harmless(out)
    assert_harmless(err)
    assert "scripts in scripts" in err
    for script in (tmp_path / "scripts").iterdir():
        words = ast.walk(ast.parse(script.read_text("utf-8")))
        assert not any(isinstance(each, ast.Assert) for each in words)


@pytest.mark.usefixtures("_files")
def test_a_ci_gets_the_annotations_alone(capsys: Capture) -> None:
    """Whatever is hostile in one stays within it, on its line."""
    assert main(["upgrade", "folder", "--format", "github"]) == 1

    out, err = capsys.readouterr()
    assert_harmless(err)
    found = out.splitlines()
    assert found
    for line in found:
        beginning, _, rest = line.partition("::")[2].partition("::")
        assert line.startswith(f"::{beginning}::")
        assert beginning.partition(" ")[0] in {"warning", "error", "notice"}
        assert_harmless(beginning + rest)


def test_every_command_is_walked() -> None:
    """Here or in `test_hostile_text`, or it is given nothing that could be hostile."""
    actions = cli._parser()._actions  # noqa: SLF001  nobody else knows all commands
    (commands,) = (each for each in actions if isinstance(each, argparse._SubParsersAction))  # noqa: SLF001  the only name
    walked = {
        arguments[0]
        for each in (COMMANDS, test_hostile_text.COMMANDS)
        for arguments, _ in each.values()
    }

    # Both have tests of their own there, with an adapter that is hostile and with entry points.
    assert {*commands.choices} == walked | {"observe", "doctor"}
