"""Tests of `fitspec.conformance.running.finished`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.implementations.registry import find
from fitspec.conformance.report import report
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.running import finished

from .. import hand_made
from ..hand_made import GONE, found

if TYPE_CHECKING:
    from fitspec.conformance.report.report import Report

BASIS = {"fitspec": "1", "clauses": "all", "environment": "python3.7", "adapter": "a"}
MADE = hand_made.report(found("fit.epochs.default-1", Verdict.PASS))
WHOLE = replace(MADE, header={**MADE.header, "basis": BASIS})


def kept(folder: Path, whole: Report = WHOLE) -> Path:
    """Return the file of a report."""
    file = finished.file_of("reference", folder)
    report.write(whole, file)
    return file


def test_a_report_on_the_same_basis_holds(tmp_path: Path) -> None:
    """A whole report need not be made again."""
    assert finished.look(kept(tmp_path), "reference", BASIS) == (WHOLE, "")


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("fitspec", "made with another fitspec"),
        ("clauses", "made with other clauses"),
        ("environment", "made with another environment"),
        ("adapter", "made with another adapter"),
    ],
)
def test_a_report_on_another_basis_does_not_hold(key: str, words: str, tmp_path: Path) -> None:
    """What has changed since is said."""
    assert finished.look(kept(tmp_path), "reference", {**BASIS, key: "other"}) == (
        None,
        f"{tmp_path / 'reference.ndjson'}: {words}",
    )


NOT_HOLDING = {
    "of a report without basis": MADE,
    "of another implementation": replace(
        WHOLE, subjects=(replace(WHOLE.subjects[0], name="other"),), findings=WHOLE.findings
    ),
    "of what did not start": replace(
        WHOLE,
        subjects=(replace(GONE, name="reference"),),
        findings=(found("fit.epochs.default-1", Verdict.UNAVAILABLE),),
    ),
    "of a run with a fault": replace(WHOLE, faults=("ours",)),
}


@pytest.mark.parametrize("name", NOT_HOLDING)
def test_what_is_no_result_does_not_hold(name: str, tmp_path: Path) -> None:
    """Only a run that came to its end on this implementation is finished."""
    holds, why = finished.look(kept(tmp_path, NOT_HOLDING[name]), "reference", BASIS)

    assert holds is None
    assert why.startswith(str(tmp_path))


def test_a_report_that_was_cut_short_does_not_hold(tmp_path: Path) -> None:
    """A file without its footer is the remains of something."""
    file = kept(tmp_path)
    file.write_text("".join(file.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")

    holds, why = finished.look(file, "reference", BASIS)

    assert holds is None
    assert "the footer is missing" in why


def test_where_nothing_is_there_is_nothing_to_say(tmp_path: Path) -> None:
    """The first run has no earlier one to speak of."""
    assert finished.look(tmp_path / "a.ndjson", "a", BASIS) == (None, "")


def test_all_that_decides_is_in_the_basis(tmp_path: Path) -> None:
    """Other clauses, another environment and another adapter each make another basis."""
    adapter = tmp_path / "mine.py"
    adapter.write_text("a", "utf-8")
    mine = find(str(adapter))
    first = finished.basis(mine, ["fit.*", "compile.*"], None)

    assert first == finished.basis(mine, ["compile.*", "fit.*"], None)
    assert finished.basis(mine, [], None)["clauses"] == "all"
    given = finished.basis(mine, [], Path("/usr/bin/python3"))
    assert given["environment"] == "/usr/bin/python3" != first["environment"]
    other = replace(mine, requirements=("a==1",))
    assert finished.basis(other, [], None)["environment"] != first["environment"]
    adapter.write_text("b", "utf-8")
    assert finished.basis(mine, [], None)["adapter"] != first["adapter"]


def test_a_name_becomes_a_file_of_the_folder(tmp_path: Path) -> None:
    """No name leads out of the folder, and usual ones stay as they are."""
    assert finished.file_of("tf.keras-2.10", tmp_path).name == "tf.keras-2.10.ndjson"
    assert finished.file_of("keras@2.3.0", tmp_path).name == "keras@2.3.0.ndjson"
    assert finished.file_of("../a/b", tmp_path).parent == tmp_path
