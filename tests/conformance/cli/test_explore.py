"""Tests of `fitspec.conformance.cli.explore`: ``fitspec explore``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fitspec.conformance.cli.main import main

#: The reference, but a call of one method does what a variable says.
HOSTILE = Path(__file__).parents[1] / "hostile" / "misbehaving.py"


def test_nothing_differs_from_itself(capsys: pytest.CaptureFixture[str]) -> None:
    """Which is the exit status, and is said."""
    assert main(["explore", "reference", "--against", "reference", "--programs", "12"]) == 0
    assert "12 programs; none differs" in capsys.readouterr().out


def test_a_lost_worker_is_a_difference_that_is_kept_and_shown_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The smallest program has one sample; the campaign is taken up, and one program replayed."""
    monkeypatch.setenv("METHOD", "predict")
    monkeypatch.setenv("MISBEHAVIOUR", "segfaults")
    file = tmp_path / "campaign"
    against = ["explore", str(HOSTILE), "--against", "reference"]
    command = [*against, "--programs", "6", "--save", str(file)]

    assert main(command) == 1
    first = capsys.readouterr().out
    assert "predict: how it ends (crash, returned)" in first
    assert "     predict(1 sample)\n" in first
    written = file.read_text("utf-8")

    assert main(command) == 1
    assert file.read_text("utf-8") == written
    again = capsys.readouterr().out
    assert "predict: how it ends (crash, returned)" in again

    lines = [json.loads(line) for line in written.splitlines()[1:]]
    number = next(line["number"] for line in lines if line["differences"])
    replay = [*against, "--replay", str(file), "--program", str(number)]
    assert main([*replay, "--scripts", str(tmp_path / "scripts")]) == 1
    assert "model.predict" in (tmp_path / "scripts" / "001.py").read_text("utf-8")
    assert "predict: how it ends (crash, returned)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nobody"], "nobody"),
        (["reference", "--against", "nobody"], "nobody"),
        (["reference", "--programs", "0"], "--programs 0: expected a whole number from 1 on"),
        (["reference", "--seed", "-1"], "--seed -1: expected a whole number from 0 on"),
        (["reference", "--workers", "0"], "--workers 0: expected a whole number from 1 on"),
        (["reference", "--workers", "2", "--scheduler", "x"], "either starts a cluster or takes"),
        (["reference", "--scheduler", "x"], "--scheduler x: expected an address such as tcp://"),
        (["reference", "--program", "1"], "--replay and --program: one says the campaign"),
        (["reference", "--replay", "none", "--program", "1"], "--replay none: there is no such"),
        (["reference", "--save", "nowhere/file"], "save nowhere/file: the folder"),
        (["keras-2.3-theano", "--laws", "--explain"], "expected to be held against the reference"),
        (["skorch", "--explain"], "skorch has no twin; there are twin:keras-2.3,"),
    ],
)
def test_wrong_usage_is_said(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With status 2, and with what was wrong."""
    assert main(["explore", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_a_file_of_another_campaign_is_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is written into it."""
    file = tmp_path / "campaign"
    options = ["--against", "reference", "--programs", "1", "--save", str(file)]
    assert main(["explore", "reference", *options]) == 0
    written = file.read_text("utf-8")

    assert main(["explore", "reference", *options, "--seed", "3"]) == 2
    assert "seed of that campaign is 0, and of this one 3" in capsys.readouterr().err
    assert file.read_text("utf-8") == written
