"""The records of the programs are what Keras 2.3.1 makes of them, and files are of one kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ..programs import record, running

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.needs("the implementation that is recorded")

LIBRARY = "fitspec.reference"


@pytest.fixture(autouse=True)
def _recorded(subject: str) -> None:
    if subject != record.SUBJECT:
        pytest.skip(f"the programs are recorded of {record.SUBJECT}")


@pytest.mark.parametrize("name", record.names())
def test_keras_still_says_what_is_recorded(name: str, tmp_path: Path) -> None:
    """Run in the implementation itself, a program comes to what its record says."""
    wanted = record.expected(name)

    found = record.run_in_keras(record.program(name), tmp_path)

    assert found["weights"] == wanted["weights"]
    assert list(record.differences(found["results"], wanted["results"])) == []
    assert found["versions"] == wanted["versions"]


def test_a_model_that_keras_saved_is_trained_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reference makes the same model of the file, and its optimizer goes on where it was."""
    wanted = record.run_in_keras(record.EXCHANGED / "writing.py", tmp_path)
    monkeypatch.chdir(tmp_path)

    found = running.run(record.EXCHANGED / "reading.py", LIBRARY)

    assert list(record.differences(found["results"], wanted["results"])) == []


def test_keras_trains_on_what_was_saved_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keras makes the same model of the reference's file, and goes on where it was."""
    monkeypatch.chdir(tmp_path)
    wanted = running.run(record.EXCHANGED / "writing.py", LIBRARY)

    found = record.run_in_keras(record.EXCHANGED / "reading.py", tmp_path)

    assert list(record.differences(found["results"], wanted["results"])) == []
