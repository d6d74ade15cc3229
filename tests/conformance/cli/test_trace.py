"""Tests of `fitspec.conformance.cli.trace`: ``fitspec trace``."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fitspec.conformance.cli.main import main

#: Whoever runs the tests in the background may have Ctrl-C ignored.
COMMAND = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
    "from fitspec.conformance.cli.main import main; sys.exit(main())"
)
SIDES = ["--on", "reference", "--on", "twin:keras-2.3"]
#: The metrics of Keras 2.3 are reset after a call, not before it: those of the first are still in
#: the result of the second.
PROGRAM = """\
import sys
import numpy as np
import keras

model = keras.models.Sequential([keras.layers.Dense(1, input_shape=(1,))])
model.compile("sgd", "mse", metrics=["mae"])
x = np.array([[1.0], [2.0]])
for scale in map(float, sys.argv[1:]):
    print(model.test_on_batch(x, scale * x, reset_metrics=scale > 3))
"""


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the path of a program, in the working directory."""
    (tmp_path / "program.py").write_text(PROGRAM, "utf-8")
    monkeypatch.chdir(tmp_path)
    return "program.py"


def test_a_person_reads_where_a_program_goes_another_way(
    program: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Which call, what both sides do, why, and that it was confirmed.

    What is known of the method is tried before all of the 43 deviations: it runs twice for that.
    """
    assert main(["trace", program, "1", "5", *SIDES]) == 1

    out, err = capsys.readouterr()
    assert "the first that differs: call 3, test_on_batch in program.py:9" in out
    assert "test_on_batch.reset_metrics" in out
    assert "with only results-are-reset-after planted" in " ".join(out.split())
    assert "running on twin:keras-2.3" in err
    assert err.count("running on the reference") == 2


def test_json_has_all_calls_and_status_0_says_that_nothing_differs(
    program: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With their arguments, and what they returned."""
    assert main(["trace", *SIDES, "--format", "json", "--", program, "5"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert [call["method"] for call in found["first"]["calls"]] == ["compile", "test_on_batch"]
    assert found["first"]["calls"][1]["arguments"]["y"]["values"] == [[5.0], [10.0]]
    assert found["others"][0]["side"] == "twin:keras-2.3"
    assert found["others"][0]["differences"] == []


def test_a_program_without_a_call_is_wrong_usage(
    program: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As nothing was compared."""
    (tmp_path / program).write_text("print('hello')\n", "utf-8")

    assert main(["trace", program, *SIDES]) == 2
    assert "no call of the Model API was made" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["program.py", "--on", "reference"], "--on: expected two sides or more, got reference"),
        (["program.py", "--on", "reference", "--on", "reference"], "expected each side once"),
        (["none.py", *SIDES], "program none.py: there is no such file"),
        (["program.py", *SIDES, "--program", "other=x"], "--program other: no side is called so"),
        (["program.py", *SIDES, "--python", "x"], "--python x: expected SIDE=PATH"),
        (["program.py", *SIDES, "--timeout", "0"], "--timeout 0: expected a number of seconds"),
        (["program.py", *SIDES, "--seed", "-1"], "--seed -1: expected a whole number"),
        (["program.py", *SIDES, "--stdin", "none"], "--stdin none: there is no such file"),
        (["program.py", *SIDES, "--folder", "none"], "--folder none: there is no such folder"),
        (["program.py", *SIDES, "--keep", "."], "--keep .: expected a new or empty folder"),
        (["program.py", "--on", "tfjs", "--on", "reference"], "--on tfjs: expected a side on"),
    ],
)
def test_wrong_usage_is_refused_before_anything_is_run(
    program: str, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the argument, what was given and what was expected."""
    assert program == "program.py"

    assert main(["trace", *arguments]) == 2
    assert words in " ".join(capsys.readouterr().err.split())


def test_ctrl_c_ends_all_that_was_started(tmp_path: Path) -> None:
    """And leaves no folder."""
    (tmp_path / "program.py").write_text(
        "import os, subprocess, time\n"
        "child = subprocess.Popen(['sleep', '100'])\n"
        "open(os.environ['TOLD'], 'w').write(f'{os.getpid()} {child.pid}\\n')\n"
        "time.sleep(100)\n",
        "utf-8",
    )
    told, scratch = tmp_path / "told", tmp_path / "scratch"
    scratch.mkdir()
    command = [sys.executable, "-c", COMMAND, "trace", "program.py", *SIDES]
    variables = {**os.environ, "TOLD": str(told), "TMPDIR": str(scratch)}
    with subprocess.Popen(
        command, cwd=tmp_path, env=variables, stderr=subprocess.PIPE, text=True
    ) as running:
        while not (told.exists() and told.read_text().endswith("\n")):
            assert running.poll() is None
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=60)

    assert running.returncode == 130
    assert err.endswith("interrupted; nothing was written\n")
    assert not any(Path(f"/proc/{process}").exists() for process in told.read_text().split())
    assert list(scratch.iterdir()) == []
