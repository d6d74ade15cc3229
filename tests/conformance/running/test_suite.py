"""Tests of `fitspec.conformance.running.suite`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fitspec.conformance.environments.environment import BuildFailed, Unavailable
from fitspec.conformance.implementations.implementation import Implementation, Program
from fitspec.conformance.implementations.registry import find
from fitspec.conformance.report.verdicts import Finding, Verdict
from fitspec.conformance.running import suite as module_under_test
from fitspec.conformance.running.listener import Listener
from fitspec.conformance.running.suite import Blocked, Suite, find_subjects
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.worker.process import WorkerDied

from ..hand_made import found

if TYPE_CHECKING:
    from fitspec.conformance.worker.limits import Limits

HOSTILE = Path(__file__).parents[1] / "hostile"

Misbehaving = Callable[[str], Implementation]


@pytest.fixture
def open_suite(leaves_nothing: None, tight: Limits) -> Iterator[Callable[..., Suite]]:  # noqa: ARG001  for its proof
    """Make suites, and close them afterwards."""
    suites = []

    def make(*subjects: str | Implementation, listener: Listener | None = None) -> Suite:
        suite = Suite(find_subjects(subjects), None, listener or Listener(), tight)
        suites.append(suite)
        return suite

    yield make
    for suite in suites:
        suite.close()


def broken(name: str) -> Implementation:
    """Return an implementation that cannot be started."""
    return Implementation(name, name, HOSTILE / "import_fails.py")


def test_one_conversation_is_open_at_a_time(open_suite: Callable[..., Suite]) -> None:
    """Asking for the next implementation ends the conversation with the one before."""
    suite = open_suite("reference", Implementation("again", "again", find("reference").adapter))
    first = suite.session("reference")

    assert suite.session("reference") is first
    second = suite.session("again")

    assert second.identity is not None
    with pytest.raises(WorkerDied):
        first.build(linear())
    assert suite.inside() >= first.inside + second.inside > 0.0


def test_what_cannot_be_started_is_tried_once(open_suite: Callable[..., Suite]) -> None:
    """A second check is not made to wait for what has been refused already."""
    steps: list[str] = []
    suite = open_suite(broken("x"), listener=Listener(steps.append))

    with pytest.raises(Unavailable) as first:
        suite.begin("predict.order", "x", 1.0)
    with pytest.raises(Unavailable) as second:
        suite.begin("predict.test-mode", "x", 1.0)

    assert str(second.value) == str(first.value)
    # Raised 400 times, one exception would gather all their frames, and cost more each time.
    assert second.value is not first.value
    assert steps == ["starting x"]
    assert suite.report().unavailable[0].reason == first.value.reason


def test_a_failed_build_is_unavailable_and_names_its_log(
    open_suite: Callable[..., Suite], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """When pip failed, the reader is led to the whole story."""

    def fail(*_: object, **__: object) -> Path:
        raise BuildFailed("pip failed", log=tmp_path / "pip.log")

    suite = open_suite("reference")
    monkeypatch.setattr(module_under_test, "prepare", fail)

    with pytest.raises(Unavailable) as caught:
        suite.session("reference")

    assert "pip failed" in caught.value.reason
    assert str(tmp_path / "pip.log") in caught.value.remedy


def test_what_does_not_start_again_is_unavailable_from_there_on(
    open_suite: Callable[..., Suite], misbehaving: Misbehaving
) -> None:
    """An implementation that died and does not come back is told as unavailable in the report."""
    suite = open_suite(misbehaving("exits_at_once"))
    session = suite.begin("predict.order", "misbehaving", 1.0)
    session._kill()  # noqa: SLF001  as a crash would
    session.python = Path("/nowhere/python")

    with pytest.raises(Unavailable, match="does not start"):
        suite.begin("predict.test-mode", "misbehaving", 1.0)

    (subject,) = suite.report().unavailable
    assert "No such file" in subject.reason
    assert subject.python != ""


@pytest.mark.parametrize("verdict", [item for item in Verdict if item is not Verdict.PASS])
def test_what_depends_on_a_fallen_clause_is_blocked(
    open_suite: Callable[..., Suite], verdict: Verdict
) -> None:
    """Any verdict but a pass blocks what depends on it, on the same implementation only."""
    suite = open_suite("reference")
    suite.found(found("fit.epochs.final-epoch", verdict))

    with pytest.raises(Blocked, match=r"fit\.epochs\.final-epoch"):
        suite.demand("fit.initial_epoch.resume-equivalence", "reference")
    suite.demand("fit.initial_epoch.resume-equivalence", "another")
    suite.demand("predict.order", "reference")


def test_a_pass_blocks_nothing(open_suite: Callable[..., Suite]) -> None:
    """Where what is needed passed, or was not run, the check goes on."""
    suite = open_suite("reference")
    suite.demand("fit.initial_epoch.resume-equivalence", "reference")
    suite.found(found("fit.epochs.final-epoch", Verdict.PASS))

    suite.demand("fit.initial_epoch.resume-equivalence", "reference")

    assert [item.verdict for item in suite.findings] == [Verdict.PASS]


def test_a_finding_is_kept_and_told(open_suite: Callable[..., Suite]) -> None:
    """Who listens hears of each finding, and the report sums up their times."""
    heard: list[Finding] = []
    suite = open_suite("reference", listener=Listener(decided=heard.append))
    for clause in ("predict.order", "predict.test-mode"):
        suite.found(found(clause, Verdict.PASS))

    report = suite.report()

    assert tuple(heard) == report.findings
    assert report.header["checked"] == 2
    assert report.subjects[0].seconds == pytest.approx(0.02)
    assert report.subjects[0].seconds_inside == pytest.approx(0.01)


def test_subjects_are_found_by_name_by_path_or_given() -> None:
    """Whoever is to be examined can be named in three ways."""
    given = broken("x")

    subjects = find_subjects(["reference", str(HOSTILE / "import_fails.py"), given])

    assert [item.name for item in subjects] == ["reference", "import_fails", "x"]
    assert subjects[2] is given


#: What an adapter asks for that no index has.
BLOCK = """\
# /// script
# requires-python = "{python}"
# dependencies = ["no-such-library==1"]
# ///
"""


def test_an_adapter_of_ones_own_runs_in_the_interpreter_at_hand(tmp_path: Path) -> None:
    """There is the library as it is worked on; what fitspec has a name for is as it always is."""
    mine = tmp_path / "mine.py"
    mine.write_text(BLOCK.format(python=">=3.11"))

    (own, known) = find_subjects([str(mine), "keras-3-jax"], at_hand=True)

    assert not own.needs_environment
    assert known == find("keras-3-jax")
    assert find_subjects([str(mine)])[0].needs_environment


def test_another_python_than_the_one_at_hand_is_refused(tmp_path: Path) -> None:
    """The adapter's author meant another; nothing is run in this one."""
    mine = tmp_path / "mine.py"
    mine.write_text(BLOCK.format(python="==3.7.*"))

    with pytest.raises(ValueError, match=r"mine: its adapter asks for Python 3\.7, and the inter"):
        find_subjects([str(mine)], at_hand=True)
    assert find_subjects([str(mine)], Path(sys.executable), at_hand=True)[0].python == "3.7"


@pytest.mark.parametrize(
    ("fields", "python", "words"),
    [
        ({}, None, "the interpreter at hand"),
        ({"program": Program(("node",), Path("worker.mjs"), (), "")}, None, "node"),
        ({"requirements": ("numpy",)}, None, "an environment of its own"),
        ({"requirements": ("numpy",)}, Path(sys.executable), "the interpreter given"),
    ],
)
def test_the_interpreter_is_said(fields: dict[str, Any], python: Path | None, words: str) -> None:
    """Which one it is decides which build of a library is examined."""
    subject = replace(find("reference"), **fields)

    assert Suite((subject,), python).interpreter(subject) == words


def test_an_interpreter_for_all_is_looked_at_first(tmp_path: Path) -> None:
    """A Python that does not run is refused before anything is started with it."""
    assert find_subjects(["reference"], Path(sys.executable))
    with pytest.raises(ValueError, match="there is no interpreter"):
        find_subjects(["reference"], tmp_path / "python")


def test_the_report_says_where_an_adapter_is_without_saying_where_it_was_run(
    open_suite: Callable[..., Suite], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path is seen from the folder of the run, or from fitspec; elsewhere it is a bare name."""
    inside = tmp_path / "project" / "tests" / "inside.py"
    outside = tmp_path / "outside.py"
    for path in (inside, outside):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    monkeypatch.chdir(tmp_path / "project")

    report = open_suite("reference", "tests/inside.py", str(outside)).report()

    assert [item.adapter for item in report.subjects] == [
        "fitspec/adapters/reference/plain.py",
        "tests/inside.py",
        "outside.py",
    ]
