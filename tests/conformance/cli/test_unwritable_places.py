"""A place that cannot be written to is named, and is no wrong usage where nobody chose it."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from ..on_a_terminal import PROGRAM
from .test_full_disk import ADAPTER, fitspec

if TYPE_CHECKING:
    from pathlib import Path

CLAUSE = "fit.epochs.final-epoch"
OF_THE_CACHE = {
    "run": ["run", "./mine.py", "--clause", CLAUSE],
    "run apart": ["run", "./mine.py", "--clause", CLAUSE, "--jobs", "1"],
    "smoke": ["smoke", "./mine.py"],
    "explore": ["explore", "./mine.py", "--programs", "1"],
    "trace": ["trace", "p.py", "--on", "./mine.py", "--on", "reference"],
    "diff": ["diff", "./mine.py", "./other.py", "--run"],
    "history": ["history", "--run", "./mine.py", "--into", "h.json"],
    "bisect": ["bisect", CLAUSE, "keras-3-jax@3.9..3.10", "--fresh"],
    "pin": ["pin", "torch-keras"],
}
#: What a user named.
GIVEN = {
    "run": ["run", "--clause", CLAUSE, "--reports", "file"],
    "explore": ["explore", "twin:keras-2.3", "--programs", "1", "--scripts", "file"],
    "trace": ["trace", "p.py", "--on", "reference", "--on", "twin:keras-2.3", "--keep", "file/in"],
}
#: Folders that take no new file, and none that a user may make there: those of the system.
READ_ONLY = "/proc/self"


@pytest.mark.parametrize("command", OF_THE_CACHE)
def test_a_cache_that_refuses_is_named(command: str, tmp_path: Path) -> None:
    """It is the machine's fault, which every command ends on alike."""
    for name in ("mine", "other"):
        (tmp_path / f"{name}.py").write_text(ADAPTER)
    (tmp_path / "p.py").write_text("print()")
    # Whoever is root may write wherever a folder is; below a file nobody may.
    (tmp_path / "cache").touch()

    done = fitspec(tmp_path, *OF_THE_CACHE[command], ready=None)

    assert done.returncode == 3
    said = "".join((done.stdout + done.stderr).split())
    assert f"{tmp_path}/cache/fitspec" in said
    assert "Notadirectory" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("command", GIVEN)
def test_a_folder_that_was_given_is_looked_at_first(command: str, tmp_path: Path) -> None:
    """Nothing is run that could not be kept, which is told as wrong usage."""
    (tmp_path / "p.py").write_text("open('/dev/stderr', 'w').write('it was run')")
    (tmp_path / "file").touch()

    done = fitspec(tmp_path, *GIVEN[command], ready=None)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("fitspec: file")
    assert done.stderr.count("\n") == 1


def test_what_cannot_be_written_where_it_was_asked_for_is_wrong_usage(tmp_path: Path) -> None:
    """Also where the folder is named, and the name of the file follows from something else."""
    done = fitspec(tmp_path, "new-adapter", "library", "--into", READ_ONLY, ready=None)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"fitspec: {READ_ONLY}/library_adapter.py: ")
    assert done.stderr.count("\n") == 1


def test_no_folder_for_temporary_files_is_said(tmp_path: Path) -> None:
    """As where no file may have a single byte, so that none will do."""
    (tmp_path / "p.py").write_text("print()")
    command = ["trace", "p.py", "--on", "reference", "--on", "twin:keras-2.3"]

    done = subprocess.run(
        ["/bin/sh", "-c", 'ulimit -f 0; exec "$@"', "sh", *PROGRAM, *command],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 3
    assert done.stderr.startswith("fitspec: No usable temporary directory found in ")
    assert done.stderr.count("\n") == 1
