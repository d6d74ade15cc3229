"""The doors for maintainers, each used as somebody else's installed package would."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

PROJECT = Path(__file__).with_name("project")

Pytest = Callable[..., "subprocess.CompletedProcess[str]"]


def wheel(folder: Path) -> Path:
    """Return a wheel of the project, as its build backend would make it."""
    declared = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    name, version = declared["name"], declared["version"]
    points = "".join(
        f"[{group}]\n" + "".join(f"{key} = {value}\n" for key, value in entries.items())
        for group, entries in declared["entry-points"].items()
    )
    information = f"{name}-{version}.dist-info"
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted((PROJECT / name).glob("*.py")):
            archive.write(file, f"{name}/{file.name}")
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        archive.writestr(f"{information}/METADATA", metadata)
        tags = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        archive.writestr(f"{information}/WHEEL", tags)
        archive.writestr(f"{information}/entry_points.txt", points)
        archive.writestr(f"{information}/RECORD", "")
    return path


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which pip installed the project; nothing is downloaded for it."""
    folder = tmp_path_factory.mktemp("third_party")
    offline = ["--no-index", "--no-deps", "--disable-pip-version-check", "--quiet"]
    target = folder / "site-packages"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *offline, "--target", target, wheel(folder)],
        check=True,
        capture_output=True,
    )
    return target


@pytest.fixture
def project(installed: Path, tmp_path: Path) -> Path:
    """A copy of the project's own files, where its maintainers run its tests."""
    shutil.copytree(PROJECT, tmp_path / "project")
    # Its package is the installed one, not the folder that happens to lie here.
    shutil.rmtree(tmp_path / "project" / "smallfit")
    assert (installed / "smallfit").is_dir()
    return tmp_path / "project"


@pytest.fixture
def run(installed: Path, project: Path) -> Pytest:
    """Run pytest as the maintainers do, and return how it ended."""

    def run_pytest(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **{key: item for key, item in os.environ.items() if not key.startswith("PYTEST_")},
            "PYTHONPATH": str(installed),
            "COLUMNS": "200",
        }
        quiet = ["-p", "no:cacheprovider", "-p", "no:xdist"]
        return subprocess.run(
            [sys.executable, "-m", "pytest", *quiet, *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=project,
            env=environment,
        )

    return run_pytest


def totals(done: subprocess.CompletedProcess[str]) -> dict[str, int]:
    """Return how many tests had each outcome."""
    last = done.stdout.splitlines()[-1]
    return {what: int(number) for number, what in re.findall(r"(\d+) (\w+)", last) if what != "in"}


def test_each_clause_is_a_test_of_the_project(run: Pytest) -> None:
    """Verdicts are pytest's outcomes, under the ids of clauses; what is known is xfailed."""
    done = run("-v", "-rx", "tests/test_contract.py")

    assert done.returncode == 0, done.stdout + done.stderr
    assert totals(done) == {"passed": 1, "xfailed": 3}
    outcomes = dict(re.findall(r"\[(fit\.\S+)\] (\w+)", done.stdout))
    assert outcomes["fit.epochs.final-epoch"] == "XFAIL"
    assert outcomes["fit.epochs.whole-data-once"] == "XFAIL"
    assert "The mean absolute error is not there yet." in done.stdout


def test_a_report_is_read_in_a_test_of_the_project(run: Pytest) -> None:
    """A function returns what was found; the implementation goes by its entry point."""
    done = run("tests/test_report.py")

    assert done.returncode == 0, done.stdout + done.stderr
    assert totals(done) == {"passed": 1}


def test_the_checks_themselves_can_be_run(run: Pytest) -> None:
    """The project's configuration says who is examined, and what is known."""
    done = run("--pyargs", "fitspec.conformance", "--clause", "fit.epochs.*")

    assert done.returncode == 0, done.stdout + done.stderr
    # One more clause has no verdict: that it was looked at is all that can be asked of it.
    assert (totals(done)["passed"], totals(done)["xfailed"]) == (2, 3)


def changed(project: Path, before: str, after: str) -> None:
    """Change the project's expectations."""
    file = project / "expectations.toml"
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after), "utf-8")


@pytest.mark.parametrize(
    "arguments", [("tests/test_contract.py",), ("--pyargs", "fitspec.conformance")]
)
def test_an_unexpected_pass_is_a_failure(
    run: Pytest, project: Path, arguments: tuple[str, ...]
) -> None:
    """Strictly, so that the file does not go stale."""
    changed(
        project,
        '"fit.epochs.final-epoch", ',
        '"fit.epochs.final-epoch", "fit.epochs.default-1", ',
    )

    done = run(*arguments, *(["--clause", "fit.epochs.*"] if "--pyargs" in arguments else []))

    assert done.returncode == 1, done.stdout + done.stderr
    assert totals(done)["failed"] == 1
    assert "XPASS(strict)" in done.stdout


@pytest.mark.parametrize(
    "arguments", [("tests/test_contract.py",), ("--pyargs", "fitspec.conformance")]
)
def test_another_verdict_than_the_expected_one_is_a_failure(
    run: Pytest, project: Path, arguments: tuple[str, ...]
) -> None:
    """An exception is not what was known to be a wrong result."""
    changed(project, 'verdict = "error"', 'verdict = "fail"')

    done = run(*arguments, *(["--clause", "fit.epochs.*"] if "--pyargs" in arguments else []))

    assert done.returncode == 1, done.stdout + done.stderr
    assert totals(done)["failed"] == 1
    assert "fit.epochs.whole-data-once: fail was expected on smallfit" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("--pyargs", "fitspec.conformance", "-k", "test_metrics_names_labels_what_is_returned"),
        ("tests/test_contract.py",),
    ],
)
def test_a_clause_without_the_one_that_blocks_it_is_not_judged(
    run: Pytest, project: Path, arguments: tuple[str, ...]
) -> None:
    """A file about all clauses serves a run of a few."""
    clause = "evaluate.returns.metrics_names-labels"
    entry = f'[[expect]]\nclause = "{clause}"\nverdict = "blocked"\nreason = "Blocked."\n'
    file = project / "expectations.toml"
    file.write_text(f"{file.read_text('utf-8')}\n{entry}", "utf-8")
    contract = project / "tests" / "test_contract.py"
    text = contract.read_text("utf-8")
    contract.write_text(text.replace("fit.epochs.*", clause), "utf-8")

    done = run("-rs", *arguments)

    assert done.returncode == 0, done.stdout + done.stderr
    assert totals(done)["skipped"] == 1
    assert "it was to be blocked by evaluate.returns.list, which was not asked" in done.stdout


def test_an_expectation_for_another_version_does_not_hold(run: Pytest, project: Path) -> None:
    """What was known of an older version is a failure again."""
    changed(project, "smallfit < 2", "smallfit < 1")

    done = run("tests/test_contract.py")

    assert done.returncode == 1, done.stdout + done.stderr
    assert totals(done) == {"failed": 1, "passed": 1, "xfailed": 2}


@pytest.mark.parametrize("arguments", [("tests",), ("--pyargs", "fitspec.conformance", "-q")])
def test_a_file_with_an_id_that_is_gone_is_refused(
    run: Pytest, project: Path, arguments: tuple[str, ...]
) -> None:
    """Before anything is run, with the place in the file."""
    changed(project, "fit.epochs.final-epoch", "fit.epochs.finale")

    done = run(*arguments)

    assert done.returncode not in (0, 1), done.stdout
    assert re.search(r"expectations\.toml:3.*fit\.epochs\.finale", done.stdout + done.stderr)


def test_an_expectation_can_be_a_race(run: Pytest, project: Path) -> None:
    """`at_times` lets a clause pass as well."""
    changed(
        project,
        '"fit.epochs.final-epoch", ',
        '"fit.epochs.final-epoch", "fit.epochs.default-1", ',
    )
    changed(project, 'verdict = "fail"', 'verdict = "fail"\nat_times = true')

    of_a_test = run("tests/test_contract.py")
    of_the_checks = run("--pyargs", "fitspec.conformance", "--clause", "fit.epochs.*")

    assert (of_a_test.returncode, of_the_checks.returncode) == (0, 0), of_the_checks.stdout
    assert totals(of_a_test)["xpassed"] == 1


def test_an_installed_implementation_is_known_by_its_name(installed: Path) -> None:
    """An entry point is as good as a name of fitspec."""
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    program = "from fitspec.conformance.implementations.registry import known; print(*known())"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
    )

    assert {"reference", "smallfit"} <= set(done.stdout.split())
