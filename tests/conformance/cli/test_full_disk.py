"""A full disk names the file that found no room, and no traceback stands in its place."""

from __future__ import annotations

import os
import resource
import subprocess
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.report.report import write
from fitspec.conformance.report.verdicts import Verdict

from .. import hand_made
from ..hand_made import found
from ..on_a_terminal import PROGRAM

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: No file of the process gets longer, in bytes: as on a disk that is full, but without one.
_ROOM = 100
FELL = found("fit.epochs.default-1", Verdict.FAIL, observed="10", script="print(10)\n" * 20)
ADAPTER = """
# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
from fitspec.adapters.reference.plain import Reference

class Mine(Reference):
    pass
"""


def _little_room() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (_ROOM, _ROOM))


def fitspec(
    folder: Path, *arguments: str, ready: Callable[[], None] | None = _little_room
) -> subprocess.CompletedProcess[str]:
    """Return how a command ended, run in a folder where there is little room."""
    # Whoever runs the tests may have set another place for environments, which would be there.
    inherited = {name: value for name, value in os.environ.items() if name != "FITSPEC_CACHE"}
    given = {
        "XDG_CACHE_HOME": str(folder / "cache"),
        "COLUMNS": "300",
        # Python 3.11 keeps half of a compiled module where there is no room for the whole,
        # and whoever imports it next fails.
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.run(
        [*PROGRAM, *arguments],
        cwd=folder,
        env={**inherited, **given},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=ready,
    )


COMMANDS = {
    "m.ndjson": ["merge", "r.ndjson", "-o", "m.ndjson"],
    "e.toml": ["expect", "--update", "e.toml", "r.ndjson"],
    "j.xml": ["export", "r.ndjson", "--junit", "j.xml"],
    "pages": ["report", "r.ndjson", "-o", "pages"],
    "p.html": ["diff", "r.ndjson", "r.ndjson", "--page", "p.html"],
    "s.py": ["repro", FELL.clause, "--report", "r.ndjson", "--output", "s.py"],
    "h.json": ["history", "r.ndjson", "--into", "h.json"],
    "p.py": ["upgrade", "p.py", "--fix"],
    "mine_adapter.py": ["new-adapter", "mine"],
}
PROGRAM_OF_A_USER = """
import keras
model = keras.models.Sequential([keras.layers.Dense(1, input_shape=(1,))])
model.compile("sgd", "mse")
model.fit(x, y, nb_epoch=3)
"""


@pytest.mark.parametrize("file", COMMANDS)
def test_what_finds_no_room_is_named(file: str, tmp_path: Path) -> None:
    """The message is about the file that was to be written, and nothing is left of it."""
    write(hand_made.report(FELL), tmp_path / "r.ndjson")
    (tmp_path / "p.py").write_text(PROGRAM_OF_A_USER)

    done = fitspec(tmp_path, *COMMANDS[file])

    assert done.returncode == 3
    assert f"{file}: File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(item.name for item in tmp_path.iterdir()) == ["p.py", "r.ndjson"]
    assert (tmp_path / "p.py").read_text() == PROGRAM_OF_A_USER


def test_a_program_that_cannot_be_copied_is_not_run(tmp_path: Path) -> None:
    """Which file of it had no room is said in a sentence."""
    (tmp_path / "p.py").write_text(PROGRAM_OF_A_USER)

    done = fitspec(tmp_path, "trace", "p.py", "--on", "reference", "--on", "twin:keras-2.3")

    assert done.returncode == 3
    assert f"{tmp_path}: it cannot be copied: [Errno 27] File too large: " in done.stderr
    assert "[(" not in done.stderr


def test_an_output_that_is_full_is_named(tmp_path: Path) -> None:
    """What is printed is lost, and that is said once."""
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123  a device
        done = subprocess.run(
            [*PROGRAM, "spec"], cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, check=False
        )
        silent = subprocess.run(
            [*PROGRAM, "explain", "nothing"], cwd=tmp_path, stdout=full, stderr=full, check=False
        )

    assert (done.returncode, done.stderr) == (
        3,
        b"fitspec: standard output: No space left on device\n",
    )
    assert silent.returncode == 2


@pytest.mark.parametrize("more", [[], ["--jobs", "1"]])
def test_a_cache_without_room_is_why_it_does_not_start(tmp_path: Path, more: list[str]) -> None:
    """The matrix says which folder had no room, and what helps."""
    (tmp_path / "mine.py").write_text(ADAPTER)

    done = fitspec(tmp_path, "run", "./mine.py", "--clause", "predict.order", *more)

    assert done.returncode == 3
    assert "Traceback" not in done.stdout + done.stderr
    if not more:
        assert "environments" in done.stdout
        assert "File too large" in done.stdout
        assert "have FITSPEC_CACHE and TMPDIR name folders that have room" in done.stdout
