"""What runs no implementation works where only Windows is: as far as that shows without one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
COMMAND = "fitspec.conformance.cli.main:main"
REPORT = str(HERE / "old_report.ndjson")
REFUSAL = "no implementation can be run here: a worker is contained by what Linux and macOS have"


def on_windows(folder: Path, function: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Return how a function of ours ended where there is no POSIX, and no UTF-8 by itself."""
    return subprocess.run(
        [
            *(sys.executable, "-X", "warn_default_encoding"),
            *(str(HERE / "without_posix.py"), function, *arguments),
        ],
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": "cp1252", "COLUMNS": "200"},
        capture_output=True,
        encoding="cp1252",
        check=False,
    )


READING: dict[str, tuple[list[str], int, str]] = {
    "help": (["--help"], 0, "Hold implementations against"),
    "spec": (["spec", "--method", "get_layer"], 0, "get_layer.by-name"),
    "explain": (["explain", "fit.shuffle.batch-chunks"], 0, "batch"),
    "explain-argument": (["explain", "fit.shuffle"], 0, "fit.shuffle.each-epoch"),
    "diff": (["diff", f"{REPORT}:doubling", f"{REPORT}:reference"], 0, "doubling"),
    "page": (["diff", f"{REPORT}:doubling", f"{REPORT}:reference", "--page", "d.html"], 0, ""),
    "markdown": (["diff", "--markdown", f"{REPORT}:doubling", f"{REPORT}:reference"], 0, "#"),
    "export": (
        ["export", REPORT, "--junit", "j.xml", "--sarif", "s.json", "--badges", "badges"],
        0,
        "",
    ),
    "trend": (["trend", str(HERE)], 0, "doubling"),
    "report": (["report", REPORT, "-o", "pages"], 0, ""),
    "merge": (["merge", REPORT, "-o", "merged.ndjson"], 0, ""),
    "expect": (["expect", "--update", "e.toml", REPORT], 1, ""),
    "doctor": (["doctor"], 0, REFUSAL),
    "since": (["since", "fit.shuffle.batch-chunks"], 0, "torchbearer on torch"),
    "history": (["history"], 0, "keras"),
}


@pytest.mark.parametrize("name", READING)
def test_what_reads_works(name: str, tmp_path: Path) -> None:
    """The contract and reports, in every way, without one import of what POSIX has."""
    arguments, status, told = READING[name]

    ended = on_windows(tmp_path, COMMAND, *arguments)

    assert (ended.returncode, ended.stderr) == (status, "")
    assert told in ended.stdout


def test_a_gate_opens_and_closes(tmp_path: Path) -> None:
    """By expectations that were written there, the reasons filled in by hand."""
    written = on_windows(tmp_path, COMMAND, "expect", "--update", "e.toml", REPORT)
    file = tmp_path / "e.toml"
    content = file.read_bytes()

    closed = on_windows(tmp_path, COMMAND, "gate", "--expect", "e.toml", REPORT)
    file.write_bytes(content.replace(b'reason = ""', b'reason = "it doubles"'))
    opened = on_windows(tmp_path, COMMAND, "gate", "--expect", "e.toml", REPORT)

    assert (written.returncode, closed.returncode, opened.returncode) == (1, 1, 0)
    assert "The gate is open" in opened.stdout
    assert b"\r" not in content


PROGRAM = """import keras
# \u65e5
model = keras.models.Sequential([keras.layers.Dense(1, input_shape=(1,))])
model.compile("sgd", "mse")
model.fit(x, y, nb_epoch=3)
""".replace("\n", "\r\n").encode()


@pytest.mark.parametrize("form", ["terminal", "json", "sarif", "github"])
def test_a_program_is_rewritten_with_its_ends_of_lines(form: str, tmp_path: Path) -> None:
    """Whatever the name of the file, which the encoding of a terminal may lack."""
    file = tmp_path / "\u65e5.py"
    file.write_bytes(PROGRAM)

    told = on_windows(tmp_path, COMMAND, "upgrade", ".", "--diff", "--format", form)
    kept = file.read_bytes()
    fixed = on_windows(tmp_path, COMMAND, "upgrade", ".", "--fix")

    assert (told.returncode, fixed.returncode) == (1, 0)
    assert "+++ \\u65e5.py" in told.stderr
    assert kept == PROGRAM
    assert file.read_bytes() == PROGRAM.replace(b"nb_epoch", b"epochs")
    if form == "github":
        assert "file=\u65e5.py,line=5" in told.stdout.encode("cp1252").decode()
    if form in ("json", "sarif"):
        json.loads(told.stdout)


RUNNING = {
    "run": ["run", "reference"],
    "several": ["run", "reference", "reference-r"],
    "observe": ["observe"],
    "smoke": ["smoke", "reference"],
    "repro": ["repro", "fit.shuffle.batch-chunks"],
    "python": ["run", "reference", "--python", sys.executable],
    "pin": ["pin", "keras-2.3"],
    "diff": ["diff", "reference", "reference-r"],
    "explore": ["explore", "reference-r"],
}


@pytest.mark.parametrize("name", RUNNING)
def test_what_would_run_an_implementation_says_why_not(name: str, tmp_path: Path) -> None:
    """In a sentence with what helps, with the status of what could not be carried out."""
    ended = on_windows(tmp_path, COMMAND, *RUNNING[name])

    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr.startswith(f"fitspec: {REFUSAL}; on Windows, run fitspec in WSL")
    assert ended.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_the_plugin_says_it_too(tmp_path: Path) -> None:
    """As pytest says what is wrong with how it was called."""
    arguments = ("--pyargs", "fitspec.conformance", "-p", "no:cacheprovider")

    ended = on_windows(tmp_path, "pytest:main", *arguments, "--implementation", "reference")

    assert ended.returncode == int(pytest.ExitCode.USAGE_ERROR)
    assert f"ERROR: {REFUSAL}" in ended.stderr
    assert "Traceback" not in ended.stdout + ended.stderr


def test_the_reference_trains_saves_and_loads(tmp_path: Path) -> None:
    """With a generator that a thread of its own reads."""
    ended = on_windows(tmp_path, "plain_training:main", str(tmp_path))

    assert (ended.returncode, ended.stderr) == (0, "")
    assert "Epoch 2/2" in ended.stdout
