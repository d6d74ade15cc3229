"""Tests of `fitspec.conformance.running.plugin` and `checking`: pytest as the door to the suite."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fitspec import spec
from fitspec.conformance.report import reading, report
from fitspec.conformance.report.verdicts import Finding, Verdict

from ..sample_checks import write_checks

HOSTILE = Path(__file__).parents[1] / "hostile"
MISBEHAVING = str(HOSTILE / "misbehaving.py")

Run = Callable[..., "subprocess.CompletedProcess[str]"]
SETTINGS = ("--rootdir", ".", "-c", "pytest.ini", "-p", "no:cacheprovider")


@pytest.fixture(autouse=True)
def _project(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    leaves_nothing: None,  # noqa: ARG001  for its proof
) -> None:
    """Be in an empty project."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "pytest.ini").write_text("[pytest]\n")
    monkeypatch.chdir(project)
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def run() -> Run:
    """Run pytest as a program, with all warnings shown."""

    def run_pytest(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pytest", *SETTINGS, "--basetemp", "../basetemp"]
        alone = [] if "-n" in arguments else ["-p", "no:xdist"]
        return subprocess.run(
            [*command, *alone, *arguments], capture_output=True, text=True, check=False
        )

    return run_pytest


@pytest.fixture
def sample(tmp_path: Path) -> str:
    """Return a folder with a sample of checks."""
    return str(write_checks(tmp_path / "checks"))


def test_the_packaged_checks_run_by_the_name_of_the_package(run: Run) -> None:
    """`pytest --pyargs fitspec.conformance` holds the reference against the contract."""
    options = ["--implementation", "reference", "--clause", "get_layer.*"]

    done = run("--pyargs", "fitspec.conformance", *options)

    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout.splitlines()[-1]
    assert "warning" not in (done.stdout + done.stderr).lower()
    assert done.stderr == ""


def test_without_an_implementation_the_reference_is_run(run: Run, sample: str) -> None:
    """The reference is who is examined unless another is named."""
    done = run("-v", sample)

    assert done.returncode == 0, done.stdout
    assert "test_predicts[reference] PASSED" in done.stdout
    assert "5 passed" in done.stdout


def test_a_failure_reads_as_a_finding(
    run: Run, sample: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The failure text has clause, statement, expected, observed and the known deviation."""
    monkeypatch.setenv("MISBEHAVIOUR", "prints_noise")

    done = run(sample, "--implementation", MISBEHAVING, "--clause", "fit.epochs.final-epoch")

    assert done.returncode == 1
    assert (
        "fit.epochs.final-epoch: fail on misbehaving\n"
        f"  {spec.contract().clause('fit.epochs.final-epoch').statement}\n"
        "  expected  y\n"
        "  observed  printed\n"
        "  as if     it printed\n"
    ) in done.stdout
    assert "Traceback" not in done.stdout
    assert "ExpectationFell" not in done.stdout


def test_implementations_are_run_one_after_the_other(
    run: Run, sample: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several implementations are run in the order given, each through all its checks."""
    monkeypatch.setenv("MISBEHAVIOUR", "prints_noise")
    names = ["--implementation", MISBEHAVING, "--implementation", "reference"]

    done = run("-v", sample, *names)

    ran = [line for line in done.stdout.splitlines() if line.endswith("%]")]
    assert ["[reference]" in line for line in ran] == [False] * 5 + [True] * 5, done.stdout


#: A test of somebody who asserts that all is passed.
FALLS = """
from fitspec import conformance

def test_conforms():
    report = conformance.run({adapter!r}, clauses=["get_layer.by-name"])

    assert not report.fell_short
"""

WRONG = {
    "unknown implementation": (["--implementation", "referense"], "Did you mean reference"),
    "implementation twice": (["--implementation", "reference"] * 2, "given twice"),
    "unknown clause": (["--clause", "predict.ordr"], "the nearest are 'predict.order'"),
    "no interpreter": (["--implementation-python", "/nowhere"], "there is no interpreter"),
    "two interpreters": (
        ["--implementation-environment", "--implementation-python", sys.executable],
        "--implementation-environment: --implementation-python",
    ),
    "report nowhere": (["--fitspec-report", "nowhere/r.ndjson"], "does not exist"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_option_is_an_error_of_usage(
    name: str, sample: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wrong options are refused before anything is collected, in a line."""
    options, words = WRONG[name]

    status = pytest.main([*SETTINGS, "-p", "no:xdist", sample, *options])

    out, err = capsys.readouterr()
    assert status == pytest.ExitCode.USAGE_ERROR
    assert words in err
    assert "Traceback" not in err
    assert "collected" not in out


def test_the_header_says_which_build_is_examined(run: Run, sample: str) -> None:
    """With its version and its interpreter where one is started; of several, the interpreter."""
    one = run(sample, "--implementation", "reference")
    two = run(sample, "--implementation", "reference", "--implementation", "keras-3-jax", "--co")

    header = r"^fitspec: reference: fitspec \S+, numpy \S+; Python \S+, the interpreter at hand$"
    assert re.search(header, one.stdout, re.MULTILINE), one.stdout
    assert "fitspec: reference, in the interpreter at hand\n" in two.stdout
    assert "fitspec: keras-3-jax, in an environment of its own\n" in two.stdout


def test_the_header_says_why_nothing_is_examined(run: Run, sample: str) -> None:
    """What does not start is told there already."""
    done = run(sample, "--implementation", str(HOSTILE / "import_fails.py"))

    assert "fitspec: import_fails: unavailable: import_fails does not start" in done.stdout


def test_a_report_is_written_when_asked_for(
    run: Run, sample: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The report holds what the command line's would."""
    monkeypatch.setenv("MISBEHAVIOUR", "exits_at_once")
    path = tmp_path / "r.ndjson"

    done = run(sample, "--implementation", MISBEHAVING, "--fitspec-report", str(path))

    assert done.returncode == 1
    found = {item.clause: item.verdict for item in reading.read(path).findings}
    assert found == {
        "predict.order": Verdict.PASS,
        "fit.epochs.final-epoch": Verdict.CRASH,
        "fit.initial_epoch.resume-equivalence": Verdict.BLOCKED,
        "train_on_batch.loss-before-update": None,
        "predict.test-mode": Verdict.PASS,
    }


def test_a_run_divided_among_processes_finds_the_same(
    run: Run, sample: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With pytest-xdist the report is that of one process, of what is blocked and who answered."""
    monkeypatch.setenv("MISBEHAVIOUR", "exits_at_once")
    who = ["--implementation", MISBEHAVING, "--implementation", "reference"]
    who += ["--implementation", str(HOSTILE / "import_fails.py")]
    whole, divided = tmp_path / "whole.ndjson", tmp_path / "divided.ndjson"

    run(sample, *who, "--fitspec-report", str(whole))
    done = run(sample, *who, "--fitspec-report", str(divided), "-n", "2")

    assert done.returncode == 1, done.stdout
    assert _told(reading.read(divided)) == _told(reading.read(whole))


def _told(found: report.Report) -> tuple[list[Finding], list[report.Subject]]:
    """Return what a report says of checks and implementations, without times and their order."""
    findings = [replace(item, seconds=0.0, seconds_inside=0.0) for item in found.findings]
    subjects = [replace(item, seconds=0.0, seconds_inside=0.0) for item in found.subjects]
    return sorted(findings, key=lambda item: (item.implementation, item.clause)), [*subjects]


def test_every_process_deciding_every_clause_is_refused(run: Run, sample: str) -> None:
    """`--dist each` would count every clause several times."""
    done = run(sample, "--implementation", "reference", "-n", "2", "--dist", "each")

    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "--dist each" in done.stderr


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_lost_process_is_a_fault_of_the_run(run: Run, tmp_path: Path, processes: str) -> None:
    """A check whose process ended under it has no verdict, and the report says that."""
    checks = tmp_path / "checks"
    checks.mkdir()
    (checks / "test_ends.py").write_text(
        "import os\n"
        "from fitspec.conformance.claims.mark import clause\n"
        "from fitspec.conformance.claims.expect import expect\n"
        "@clause('predict.order')\n"
        "def test_ends() -> None:\n    os._exit(3)\n"
        "@clause('predict.test-mode')\n"
        "def test_holds(build) -> None:\n    expect(1, equals=1)\n"
        "@clause('predict.batched')\n"
        "def test_holds_too(build) -> None:\n    expect(1, equals=1)\n"
    )
    path = tmp_path / "r.ndjson"

    options = ["--implementation", "reference", "--fitspec-report", str(path)]
    done = run(str(checks), *options, "-n", processes)

    found = reading.read(path)
    assert sorted(item.clause for item in found.findings) == [
        "predict.batched",
        "predict.test-mode",
    ]
    # Once: whoever takes its place does not try the same check again.
    assert len(found.faults) == 1
    assert "test_ends" in found.faults[0]
    assert done.stdout.count("replacing crashed worker") == 1


@pytest.mark.parametrize(
    ("options", "code"),
    [(["--exitfirst"], 1), (["--collect-only"], 0), (["-k", "nothing"], 5)],
    ids=["broken off", "collected", "empty"],
)
def test_what_is_not_whole_writes_no_report(  # noqa: PLR0913, PLR0917  fixtures
    run: Run,
    sample: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    options: list[str],
    code: int,
) -> None:
    """A run that stops at the first failure, or runs nothing, leaves no report behind."""
    monkeypatch.setenv("MISBEHAVIOUR", "exits_at_once")
    path = tmp_path / "r.ndjson"

    done = run(sample, "--implementation", MISBEHAVING, "--fitspec-report", str(path), *options)

    assert done.returncode == code, done.stdout
    assert not path.exists()


def test_an_implementation_that_does_not_start_fails_every_check(run: Run, sample: str) -> None:
    """What cannot be started is red, with the reason."""
    done = run(sample, "--implementation", str(HOSTILE / "import_fails.py"))

    assert done.returncode == 1
    assert "passed" not in done.stdout.splitlines()[-1]
    assert "unavailable on import_fails" in done.stdout
    assert "a_package_that_is_nowhere" in done.stdout


PROJECT = '''
import sys

def test_own(session):
    """The fixture is the project's."""
    assert session == "mine"

def test_light():
    """Nothing was imported for fitspec's sake."""
    for name in ("numpy", "rich", "fitspec.conformance.running.checking", "fitspec.spec"):
        assert name not in sys.modules, name
'''


def test_an_unrelated_project_notices_nothing(run: Run) -> None:
    """Where there are no checks the plugin adds neither fixtures nor imports nor output."""
    Path("conftest.py").write_text(
        "import pytest\n\n@pytest.fixture\ndef session():\n    return 'mine'\n"
    )
    Path("test_project.py").write_text(PROJECT)

    done = run("-p", "no:hypothesispytest", "--strict-markers", "--strict-config")
    fixtures = run("--fixtures", "-q")

    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout
    assert "fitspec/conformance" not in fixtures.stdout


def test_an_unrelated_project_may_lack_a_fixture(run: Run) -> None:
    """A fixture that a project forgot to define is missing, and is not one of ours."""
    Path("test_project.py").write_text("def test_it(build): pass\n")

    done = run()

    assert "fixture 'build' not found" in done.stdout


def test_own_tests_and_checks_can_be_run_together(run: Run, sample: str) -> None:
    """Tests that decide no clause are run as they always are."""
    Path("test_project.py").write_text("def test_own(): pass\n")

    done = run("-v", "test_project.py", sample)

    assert done.returncode == 0, done.stdout
    assert "6 passed" in done.stdout


IN_A_TEST = """
from pathlib import Path
from fitspec import conformance

def test_conforms():
    report = conformance.run("reference", clauses=["get_layer.*"])
    assert not report.fell_short
    assert len(report.findings) > 3
"""


def test_a_failing_test_of_a_report_says_what_fell_short(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clauses with both sides, and how to go on; not the objects of Python."""
    monkeypatch.setenv("MISBEHAVIOUR", "is_missing")
    Path("test_project.py").write_text(FALLS.format(adapter=MISBEHAVING))

    done = run("test_project.py")

    assert done.returncode == 1, done.stdout
    shown = done.stdout.partition("what fitspec found")[2]
    assert "1 of 1 clauses fell short: 1 absent" in shown
    assert "fitspec repro get_layer.by-name --implementation misbehaving.py" in shown
    assert "Finding(" not in done.stdout


@pytest.mark.parametrize("options", [[], ["--capture=sys"], ["-W", "error"], ["-p", "no:terminal"]])
def test_a_librarys_own_test_can_run_the_suite(run: Run, options: list[str]) -> None:
    """`conformance.run` works within a test of somebody else's project."""
    Path("test_project.py").write_text(IN_A_TEST)

    done = run(*options)

    assert done.returncode == 0, done.stdout
    assert "warning" not in (done.stdout + done.stderr).lower()
