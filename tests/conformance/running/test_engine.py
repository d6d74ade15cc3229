"""Tests of `running.engine`: each verdict, through all that is between."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from fitspec import conformance
from fitspec.conformance.checks.index import index
from fitspec.conformance.implementations.implementation import Implementation
from fitspec.conformance.implementations.registry import find
from fitspec.conformance.report import telling
from fitspec.conformance.report.verdicts import Finding, Verdict
from fitspec.conformance.running import engine
from fitspec.conformance.running.engine import HarnessFault
from fitspec.conformance.running.listener import Listener

from ..sample_checks import write_checks

if TYPE_CHECKING:
    from fitspec.conformance.report.report import Report
    from fitspec.conformance.worker.limits import Limits

Misbehaving = Callable[[str], Implementation]

HOSTILE = Path(__file__).parents[1] / "hostile"

pytestmark = pytest.mark.usefixtures("leaves_nothing")


@pytest.fixture
def checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put other checks in place of the suite's; without a text, the sample."""

    def put(*text: str) -> None:
        monkeypatch.setattr(engine, "CHECKS", write_checks(tmp_path / "checks", *text))

    return put


@pytest.fixture
def run(checks: Callable[..., None], tight: Limits) -> Callable[..., Report]:
    """Run the sample of checks within tight limits."""
    checks()
    return lambda *subjects, **options: conformance.run(*subjects, limits=tight, **options)


def verdicts(report: Report) -> list[Verdict | str | None]:
    """Return the verdict of each finding, in order; of an open clause the behaviour."""
    return [item.verdict or item.behaviour for item in report.findings]


#: What `get_layer` does -> the verdict on the clause that needs it, and what was observed.
CLASSIFIED = {
    "prints_noise": (Verdict.FAIL, "printed"),
    "returns_the_unspeakable": (Verdict.FAIL, "<Nameless whose text cannot be had"),
    "is_missing": (Verdict.ABSENT, "no method `get_layer`"),
    "raises_SystemExit": (Verdict.ERROR, "SystemExit: enough"),
    "raises_KeyboardInterrupt": (Verdict.ERROR, "KeyboardInterrupt"),
    "raises_without_words": (Verdict.ERROR, "Mute: <Mute"),
    "kills_itself": (Verdict.CRASH, "was killed by SIGKILL"),
    "exits_at_once": (Verdict.CRASH, "exited with status 7"),
    "floods_stdout": (Verdict.CRASH, "wrote more than"),
    "answers_with_garbage": (Verdict.CRASH, "no message"),
    "answers_with_another_id": (Verdict.CRASH, "it answers request 0"),
    "hangs": (Verdict.TIMEOUT, "no answer came in time"),
}


@pytest.mark.parametrize("name", CLASSIFIED)
def test_each_misbehaviour_has_its_verdict(
    name: str, run: Callable[..., Report], misbehaving: Misbehaving
) -> None:
    """Of five checks three meet the misbehaviour; what depends is blocked, the others pass."""
    verdict, observed = CLASSIFIED[name]

    report = run(misbehaving(name))

    found = {item.clause: item for item in report.findings}
    assert report.faults == ()
    assert found["fit.epochs.final-epoch"].verdict is verdict
    assert observed in found["fit.epochs.final-epoch"].observed
    assert found["fit.initial_epoch.resume-equivalence"].verdict is Verdict.BLOCKED
    assert found["predict.order"].verdict is Verdict.PASS
    assert found["predict.test-mode"].verdict is Verdict.PASS
    open_clause = found["train_on_batch.loss-before-update"]
    assert open_clause.verdict is None
    assert open_clause.behaviour is not None


def test_a_known_deviation_is_named(run: Callable[..., Report], misbehaving: Misbehaving) -> None:
    """A failure that was foreseen says in words what happened."""
    report = run(misbehaving("prints_noise"))

    (failed,) = (item for item in report.findings if item.verdict is Verdict.FAIL)
    assert (failed.expected, failed.observed, failed.detail) == ("y", "printed", "it printed")


def test_the_reference_passes(run: Callable[..., Report]) -> None:
    """Where all is well, all verdicts are passes, and an open clause has its behaviour."""
    report = run("reference")

    assert verdicts(report) == [Verdict.PASS] * 2 + ["a layer"] + [Verdict.PASS] * 2
    assert report.fell_short == []
    assert report.header["checked"] == 5
    (subject,) = report.subjects
    assert subject.available
    assert subject.versions["fitspec"] == report.header["fitspec"]
    assert 0.0 < subject.seconds_inside < subject.seconds


def test_what_does_not_start_is_unavailable_in_every_clause(run: Callable[..., Report]) -> None:
    """An implementation that does not start never looks like one that did well."""
    broken = Implementation("broken", "broken", HOSTILE / "import_fails.py")

    report = run(broken, "reference")

    assert verdicts(report)[:5] == [Verdict.UNAVAILABLE] * 5
    assert verdicts(report)[5:] == [Verdict.PASS] * 2 + ["a layer"] + [Verdict.PASS] * 2
    (subject,) = report.unavailable
    assert "a_package_that_is_nowhere" in subject.reason
    assert subject.remedy


def test_a_missing_interpreter_says_how_to_get_it(run: Callable[..., Report]) -> None:
    """What the user can do about it is in the report."""
    old = Implementation("old", "old", find("reference").adapter, python="3.2")

    report = run(old)

    (subject,) = report.unavailable
    assert subject.reason == "Python 3.2 is not on this machine"
    assert "uv python install 3.2" in subject.remedy


FAULTS = {
    "no claim": ("def test_it(build): build(linear())", "made no claim"),
    "two claims": ("def test_it(build): expect(1, equals=1); expect(2, equals=2)", "the second"),
    "a mistake": ("def test_it(build): raise KeyError('ours')", "ours"),
    "an assertion": ("def test_it(build): assert 1 == 2", "assert 1 == 2"),
    "an unsendable value": ("def test_it(build): build(linear()).predict(object())", "be sent"),
    "a skip": ("def test_it(build): pytest.skip('today not')", "today not"),
    "an expected failure": ("def test_it(build): pytest.xfail('well')", "well"),
    "an unknown fixture": ("def test_it(build, nowhere): expect(1, equals=1)", "nowhere"),
    "an old object": (
        """def test_it(build, session):
    model = build(linear())
    session.begin(9.0)
    model.get_layer('y')
""",
        "there is no object",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_a_check_is_never_a_verdict(
    name: str, checks: Callable[..., None], tight: Limits
) -> None:
    """What is wrong with a check is reported as ours, and counted for nobody."""
    code, words = FAULTS[name]
    checks(f'@clause("predict.order")\n{code}\n')

    report = conformance.run("reference", limits=tight)

    assert report.findings == ()
    (fault,) = report.faults
    assert words in fault
    assert "test_sample_" in fault


SEEN_ON_A_FULL_DISK = {
    "a fall": ("predict.order", "build(linear()); expect(1, equals=2)"),
    "a behaviour": ("get_layer.negative-index", "build(linear()); recognise(1, {'this': 1})"),
    "what is raised": ("predict.order", "build(linear()); raise OSError(28, 'No space left')"),
}


@pytest.mark.parametrize("name", SEEN_ON_A_FULL_DISK)
def test_what_was_seen_on_a_full_disk_is_told_of_nobody(
    name: str, checks: Callable[..., None], tight: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an implementation printed may be lost, though nothing was raised."""
    clause, code = SEEN_ON_A_FULL_DISK[name]
    checks(f'@clause("{clause}")\ndef test_it(build): {code}\n')
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_bavail=0))

    report = conformance.run("reference", limits=tight)

    assert report.findings == ()
    (fault,) = report.faults
    assert telling.fault(fault).startswith("of this machine, not of any implementation: ")
    assert "Traceback" not in fault


def test_an_answer_that_cannot_be_read_is_a_fail(
    checks: Callable[..., None], tight: Limits
) -> None:
    """What a check looks for in an answer and does not find is no fault of the check."""
    checks("""
@clause("predict.order")
def test_it(build):
    {}[build(linear()).get_layer("y").value.name]
""")

    report = conformance.run("reference", limits=tight)

    (finding,) = report.findings
    assert finding.verdict is Verdict.FAIL
    assert finding.observed == (
        "what came cannot be read as documented (KeyError: 'y'): "
        "<fitspec.reference.layers.core.Dense object>"
    )
    assert report.faults == ()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ('@clause("predict.ordr")\ndef test_it(): pass', "predict.order"),
        ("import nowhere_at_all", "nowhere_at_all"),
        ("def test_it(: pass", "SyntaxError"),
    ],
)
def test_a_module_that_cannot_be_read_is_our_fault(
    code: str, words: str, checks: Callable[..., None]
) -> None:
    """A check that names no clause, or a module that is broken, fails the run."""
    checks(code)

    report = conformance.run("reference")

    assert words in report.faults[0]
    assert report.findings == ()


def test_a_broken_harness_is_no_finding(
    run: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the harness itself breaks, no report comes at all."""
    monkeypatch.setattr(Finding, "fell_short", property(lambda _: 1 / 0))

    with pytest.raises(HarnessFault, match="ZeroDivisionError"):
        run("reference")


def test_only_the_clauses_asked_for_are_run(run: Callable[..., Report]) -> None:
    """Patterns choose clauses."""
    report = run("reference", clauses=["predict.*"])

    assert [item.clause for item in report.findings] == ["predict.order", "predict.test-mode"]


def test_patterns_that_match_nothing_are_refused(run: Callable[..., Report]) -> None:
    """A run of nothing is no success."""
    with pytest.raises(ValueError, match=r"no check matches nonsense\.\*"):
        run("reference", clauses=["nonsense.*"])


def test_only_what_its_documents_promise_is_asked_of_an_implementation(
    run: Callable[..., Report],
) -> None:
    """A clause that no profile of an implementation has is not examined on it."""
    old = replace(find("reference"), name="old", profiles=("r-keras",))

    report = run(old, "reference")

    # The other three of the sample are about methods that R's documents do not describe.
    assert [item.clause for item in report.of("old")] == [
        "fit.epochs.final-epoch",
        "fit.initial_epoch.resume-equivalence",
    ]
    assert len(report.of("reference")) == 5


def test_patterns_that_only_others_promise_are_refused(run: Callable[..., Report]) -> None:
    """A pattern whose clauses are all of other profiles examines nothing, which is no success."""
    old = replace(find("reference"), name="old", profiles=("r-keras",))

    with pytest.raises(ValueError, match=r"no check matches predict\.\*"):
        run(old, clauses=["predict.*"])


@pytest.mark.parametrize(
    ("subjects", "options", "words"),
    [
        (["referense"], {}, "Did you mean reference"),
        (["reference", "reference"], {}, "given twice"),
        (["./nowhere.py"], {}, "does not exist"),
        (["reference"], {"python": Path("/nowhere/python")}, "there is no interpreter"),
        (["reference"], {"python": Path("/bin/true")}, "does not run as a Python"),
        (["reference"], {"python": Path("p"), "environment": True}, "python is p; give one"),
    ],
)
def test_wrong_use_is_refused_before_anything_is_started(
    subjects: list[str], options: dict[str, Path], words: str
) -> None:
    """A wrong name or interpreter is a ValueError that says what was expected."""
    with pytest.raises(ValueError, match=words):
        conformance.run(*subjects, **options)  # type: ignore[arg-type]  # as the table says


#: An adapter of a library in the same folder, whose block asks for what no index has.
WORKING_COPY = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["mylibrary==99"]
# ///
import mylibrary
from fitspec.adapters import Adapter
class Mine(Adapter):
    def versions(self):
        return {"mylibrary": mylibrary.VERSION}
"""


def test_a_test_suite_examines_its_working_copy(
    run: Callable[..., Report], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is worked on, not what was released; the report says so, and from where it came."""
    (tmp_path / "mine.py").write_text(WORKING_COPY)
    (tmp_path / "mylibrary.py").write_text("VERSION = '1.5.dev0'\n")
    monkeypatch.chdir(tmp_path)

    (subject,) = run("mine.py", clauses=["predict.order"]).subjects

    assert subject.interpreter == "the interpreter at hand"
    assert subject.places == {"mylibrary": "mylibrary.py"}
    assert subject.origin.startswith("mylibrary 1.5.dev0 from mylibrary.py; Python ")


def test_an_interruption_is_passed_on(run: Callable[..., Report]) -> None:
    """Ctrl-C while checks run ends the run without a report."""

    def interrupt(_: Finding) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run("reference", listener=Listener(decided=interrupt))


def test_an_interruption_after_a_fault_is_one_all_the_same(checks: Callable[..., None]) -> None:
    """A run that was broken off is not whole, whatever had been found before."""
    checks(
        '@clause("predict.order")\ndef test_a(build): assert False\n'
        '@clause("predict.test-mode")\ndef test_b(build): raise KeyboardInterrupt\n'
    )

    with pytest.raises(KeyboardInterrupt):
        conformance.run("reference")


def test_the_listener_hears_what_happens(run: Callable[..., Report]) -> None:
    """Who listens hears of the start, of the number of checks, and of each decision."""
    heard: list[object] = []

    report = run("reference", listener=Listener(heard.append, heard.append, heard.append))

    assert heard == [5, "starting reference", *report.findings]


def test_the_users_options_of_pytest_do_not_matter(
    run: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a user sets for the tests of a project of theirs does not change a run."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "--nonsense -k nothing")

    assert len(run("reference").findings) == 5
    assert os.environ["PYTEST_ADDOPTS"] == "--nonsense -k nothing"


def test_what_lies_above_the_checks_does_not_matter(
    run: Callable[..., Report], tmp_path: Path
) -> None:
    """The project in whose environment fitspec is installed has no say in a run."""
    (tmp_path / "conftest.py").write_text("raise RuntimeError('asked')\n", "utf-8")

    assert len(run("reference").findings) == 5


def test_the_module_of_each_check_is_found_without_importing_it() -> None:
    """A run of one clause collects no other module, and none is missed."""
    found = {clause: path.as_posix() for clause, path in engine.checked().items()}
    imported = {clause: check.file for clause, check in index().items()}

    assert found.keys() == imported.keys()
    assert all(found[clause].endswith(file) for clause, file in imported.items())
