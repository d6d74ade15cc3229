"""Tests of `running.trying`: what was a timeout or a crash is tried again, and says so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from fitspec import conformance
from fitspec.conformance.implementations.implementation import Implementation
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.running import engine

from ..conftest import HOSTILE
from ..sample_checks import write_checks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fitspec.conformance.report.verdicts import Finding
    from fitspec.conformance.worker.limits import Limits

    Find = Callable[..., tuple[Finding, list[str]]]

pytestmark = pytest.mark.usefixtures("leaves_nothing")

VERDICT = "fit.epochs.final-epoch"
OPEN = "train_on_batch.loss-before-update"


@pytest.fixture
def find(tmp_path: Path, tight: Limits, monkeypatch: pytest.MonkeyPatch) -> Find:
    """Return what is found, and what is left to do, of one that does another thing in each try."""
    monkeypatch.setattr(engine, "CHECKS", write_checks(tmp_path / "checks"))

    def run(*script: str, clause: str = VERDICT, **other: Any) -> tuple[Finding, list[str]]:
        file = tmp_path / "script"
        file.write_text("\n".join(script), "utf-8")
        variables = {"MISBEHAVIOUR": "goes_through_a_script", "SCRIPT": str(file)}
        one = Implementation("one", "one", HOSTILE / "misbehaving.py", environment=variables)
        # Long enough for the tries that do not hang.
        check = 2.0 if "hangs" in script else tight.check
        limits = replace(tight, **{"check": check, **other})
        report = conformance.run(one, clauses=[clause], limits=limits)
        assert report.faults == ()
        conformance.write(report, tmp_path / "report.ndjson")
        (finding,) = conformance.read(tmp_path / "report.ndjson").findings
        return finding, file.read_text("utf-8").splitlines()

    return run


@pytest.mark.parametrize(
    ("script", "verdict", "tries"),
    [
        (("hangs", "y", "y"), Verdict.PASS, ("timeout", "pass", "pass")),
        (("kills_itself", "y", "kills_itself"), Verdict.CRASH, ("crash", "pass", "crash")),
        (("hangs", "kills_itself", "y"), Verdict.TIMEOUT, ("timeout", "crash", "pass")),
        (("exits_at_once", "n", "n"), Verdict.FAIL, ("crash", "fail", "fail")),
    ],
)
def test_what_came_most_often_counts(
    script: tuple[str, ...], verdict: Verdict, tries: tuple[str, ...], find: Find
) -> None:
    """Where nothing came more often, the first try counts; a report keeps what each came to."""
    finding, left = find(*script)

    assert (finding.verdict, finding.tries, left) == (verdict, tries, [])
    assert finding.unsteady


@pytest.mark.parametrize("thing", ["kills_itself", "hangs"])
def test_what_comes_twice_is_settled(thing: str, find: Find) -> None:
    """Two tries that come to the same are enough, and steady."""
    finding, left = find(thing, thing, "y")

    assert (finding.fell_short, finding.tries, left) == (True, (), ["y"])


def test_what_is_known_to_hang_is_not_tried_again(find: Find) -> None:
    """A clause that is named for it is settled by its first try, whatever that comes to."""
    finding, left = find("hangs", "y", "y", once=frozenset({VERDICT}))

    assert (finding.verdict, finding.tries, left) == (Verdict.TIMEOUT, (), ["y", "y"])


def test_other_verdicts_are_not_tried_again(find: Find) -> None:
    """A failure is the implementation's own the first time."""
    finding, left = find("n", "y", "y")

    assert (finding.verdict, finding.tries, left) == (Verdict.FAIL, (), ["y", "y"])


def test_a_behaviour_is_tried_again_as_well(find: Find) -> None:
    """Where no verdict is given, that a process died says as little about the implementation."""
    finding, _ = find("kills_itself", "y", "y", clause=OPEN)

    assert (finding.verdict, finding.behaviour) == (None, "a layer")
    assert [item.partition(":")[0] for item in finding.tries] == [
        "its process died",
        "a layer",
        "a layer",
    ]
