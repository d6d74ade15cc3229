"""A signal in the middle of writing leaves the old file of a user, or the new one, and no other."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest

from fitspec.conformance.report.report import write
from fitspec.conformance.report.verdicts import Verdict

from .. import hand_made
from ..hand_made import found

if TYPE_CHECKING:
    from pathlib import Path

#: Runs fitspec, to which a signal comes once, before or after it does one thing.
_PROGRAM: Final = """\
import os, signal, sys
from pathlib import Path
from fitspec.conformance.cli.main import main

number, moment = signal.Signals[sys.argv[1]], sys.argv[2]
signal.signal(number, signal.default_int_handler if number is signal.SIGINT else signal.SIG_DFL)
came = []

def come():
    if not came:
        came.append(True)
        signal.raise_signal(number)

def before(call):
    return lambda *given, **named: (come(), call(*given, **named))[1]

def after(call):
    return lambda *given, **named: (call(*given, **named), come())[0]

if moment == "begun":
    os.fdopen = before(os.fdopen)
elif moment == "written":
    os.fsync = before(os.fsync)
elif moment == "complete":
    Path.replace = before(Path.replace)
else:
    Path.replace = after(Path.replace)
status = main(sys.argv[3:])
assert came, "the moment never came"
sys.exit(status)
"""
_BEFORE: Final = ("begun", "written", "complete")
#: What each command writes, what is there before, and the arguments.
_COMMANDS: Final = {
    "upgrade": (
        "program.py",
        "from keras.models import Sequential\nm = Sequential()\nm.fit_generator(g)\n",
        ["upgrade", "--fix", "program.py"],
    ),
    "expect": ("e.toml", "# mine\n", ["expect", "--update", "e.toml", "r.ndjson"]),
    "merge": ("m.ndjson", "old", ["merge", "r.ndjson", "-o", "m.ndjson"]),
    "export": ("j.xml", "old", ["export", "r.ndjson", "--junit", "j.xml"]),
}


@pytest.mark.parametrize("moment", [*_BEFORE, "named"])
@pytest.mark.parametrize("command", _COMMANDS)
def test_a_file_is_the_old_one_or_the_new_one(command: str, moment: str, tmp_path: Path) -> None:
    _interrupt(command, moment, "SIGTERM", tmp_path)


@pytest.mark.parametrize("number", ["SIGINT", "SIGHUP"])
def test_whatever_the_signal(number: str, tmp_path: Path) -> None:
    _interrupt("upgrade", "written", number, tmp_path)


def _interrupt(command: str, moment: str, number: str, folder: Path) -> None:
    fell = found("fit.epochs.default-1", Verdict.FAIL, observed="10")
    write(hand_made.report(fell), folder / "r.ndjson")
    name, old, arguments = _COMMANDS[command]
    (folder / name).write_text(old, "utf-8")
    there = {item.name for item in folder.iterdir()}

    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, number, moment, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 130, done.stderr
    assert "interrupted; " in done.stderr
    assert {item.name for item in folder.iterdir()} == there
    text = (folder / name).read_text("utf-8")
    assert (text == old) is (moment in _BEFORE)
    assert text
