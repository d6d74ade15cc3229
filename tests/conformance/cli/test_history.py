"""Tests of `fitspec.conformance.cli.history`: ``fitspec since`` and ``fitspec history``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from packaging.version import Version

from fitspec import spec
from fitspec.conformance.cli.main import main
from fitspec.conformance.environments import released
from fitspec.conformance.environments.environment import environment_of
from fitspec.conformance.history.history import EMPTY
from fitspec.conformance.history.making import with_reports
from fitspec.conformance.history.storing import read, shipped, write
from fitspec.conformance.implementations.registry import find
from fitspec.conformance.report import report
from fitspec.conformance.report.asked import promised
from fitspec.conformance.running import several
from fitspec.conformance.running.engine import HarnessFault
from fitspec.conformance.running.several import Interrupted

from ..hand_made import found
from ..history.versioned import CLAUSE, FAIL, OPEN, PASS, history, keras, report_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fitspec.conformance.report.report import Report


PROFILES = ("keras-2.3",)


@pytest.fixture
def own(tmp_path: Path) -> str:
    """Return the path of a history of one's own."""
    write(history(), tmp_path / "own.json")
    return str(tmp_path / "own.json")


def test_a_clause_over_versions(own: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Where it holds, and what came where it does not; what came before is not told again."""
    assert main(["since", CLAUSE, "--history", own]) == 0

    out = capsys.readouterr().out
    assert "keras on jax  ✓✓✗\n  3.3.0 to 3.3.3  pass\n  3.10.0  fail\n" in out
    assert out.count("observed [0]") == 1
    assert "as keras on jax 3.10.0 above" in out


def test_the_history_that_comes_with_fitspec_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a file."""
    assert main(["since", CLAUSE]) == 0
    assert "keras on tensorflow" in capsys.readouterr().out


def test_what_changed_it_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """With the release that first has it, and where the project has it."""
    assert main(["since", "compile.metrics.list"]) == 0

    out = capsys.readouterr().out
    assert "changed by 3.2.0: `evaluate` returns" in out
    assert "https://github.com/keras-team/keras/commit/6d2d38ca" in out


def test_counts_stand_on_a_narrow_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Days are told on several lines there, and no number is left out."""
    monkeypatch.setenv("COLUMNS", "80")

    assert main(["history"]) == 0

    out = capsys.readouterr().out
    for held in shipped().versions:
        counts = shipped().counts(held)
        (line,) = (line for line in out.splitlines() if line.startswith(f"{held.name} "))
        assert {str(counts[PASS]), str(counts[FAIL])} <= {*line.split()}
    assert "…" not in out


def test_reports_are_put_into_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is not there is made, one that is there gets more."""
    file = tmp_path / "made.json"
    for version, verdict in (("3.0.0", PASS), ("3.1.0", FAIL)):
        report.write(keras(version, "jax", verdict, "either"), tmp_path / "one.ndjson")
        assert main(["history", str(tmp_path / "one.ndjson"), "--into", str(file)]) == 0

    assert [item.version for item in read(file).versions] == ["3.0.0", "3.1.0"]
    assert "keras@3.1.0 on jax" in capsys.readouterr().out
    assert main(["history", "--history", str(file)]) == 0


class Runs:
    """Stands in for runs of versions of Keras, of which one cannot be installed."""

    def __init__(self, broken: str) -> None:
        self.broken = broken
        self.asked: list[str] = []
        self.interrupted_at = ""

    def run(self, asked: str, **_: object) -> Report:
        """Return what a version comes to, in an environment that is an empty folder."""
        version = asked.partition("@")[2]
        self.asked.append(version)
        environment = environment_of(find(asked))
        assert environment is not None
        environment.folder.mkdir(parents=True)
        if version == self.interrupted_at:
            raise Interrupted("1 of 2 is finished")
        found = keras(version, "jax", PASS, "either")
        if version == self.broken:
            gone = replace(found.subjects[0], available=False, reason="pip: no")
            return replace(found, subjects=(gone,))
        return found


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Runs:
    """Have runs stand in for real ones, with versions that pip tells of and an empty cache."""
    made = Runs("3.1.0")
    there = [Version(f"3.{minor}.0") for minor in range(4)]
    monkeypatch.setattr(released, "released", lambda *_: there)
    monkeypatch.setattr(several, "run", made.run)
    monkeypatch.setenv("FITSPEC_CACHE", str(tmp_path))
    return made


def test_versions_are_run_one_after_the_other(
    runs: Runs, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each is in the file, or told with the reason, and none is left on the disk."""
    file = tmp_path / "made.json"

    assert main(["history", "--run", "keras@3.0..3.2", "--into", str(file)]) == 3

    assert runs.asked == ["3.0.0", "3.1.0", "3.2.0"]
    assert [item.version for item in read(file).versions] == ["3.0.0", "3.2.0"]
    assert "keras@3.1.0       pip: no" in capsys.readouterr().out
    assert [*(tmp_path / "environments").glob("python*")] == []


def test_what_could_not_be_run_is_in_the_file_until_it_could(
    runs: Runs, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the reason; a version that is there already stays as it is."""
    file = tmp_path / "made.json"
    asked = ["history", "--run", "keras@3.1.0", "--into", str(file)]

    assert main(asked) == 3
    assert read(file).missing == {"keras@3.1.0": "pip: no"}
    capsys.readouterr()
    assert main(["history", "--history", str(file)]) == 0
    assert capsys.readouterr().out.count("pip: no") == 1

    runs.broken = ""
    assert main(asked) == 0
    there = read(file)
    assert (there.missing, len(there.versions)) == ({}, 1)

    runs.broken = "3.1.0"
    assert main(asked) == 3
    assert read(file) == there


def test_what_is_finished_is_in_the_file_when_it_is_interrupted(
    runs: Runs, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And nothing is left of the environment of the one that was not."""
    runs.interrupted_at = "3.2.0"
    file = tmp_path / "made.json"

    assert main(["history", "--run", "keras@3.0..3.2", "--into", str(file)]) == 130

    assert [item.version for item in read(file).versions] == ["3.0.0"]
    assert "2 of 3 versions are through; the same command goes on" in capsys.readouterr().err
    assert [*(tmp_path / "environments").glob("python*")] == []


class Parts:
    """Stands in for runs of some clauses, which all come to a pass."""

    def __init__(self) -> None:
        self.asked: dict[str, list[str]] = {}
        self.numpy = "2"
        self.fault = ""

    def run(self, asked: str, *, clauses: Sequence[str], **_: object) -> Report:
        """Return what a version of Keras on JAX comes to."""
        self.asked[asked] = [*clauses]
        if self.fault:
            raise HarnessFault(self.fault)
        versions = {"keras": asked.partition("@")[2], "jax": "1.0", "numpy": self.numpy}
        levels = {key: spec.contract().clause(key).level for key in clauses}
        made = report_of(
            asked,
            versions,
            *(
                found(key, None, behaviour="new") if level == "observed" else found(key, PASS)
                for key, level in levels.items()
            ),
        )
        subject = replace(made.subjects[0], not_asked=("fit.x.array",), profiles=PROFILES)
        return replace(made, subjects=(subject,))


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Parts:
    """Have these runs in place of real ones, and a file with two versions on JAX."""
    made = Parts()
    monkeypatch.setattr(several, "run", made.run)
    monkeypatch.setattr(
        released, "released", lambda *_: [Version(f"3.{minor}.0") for minor in range(4)]
    )
    monkeypatch.setenv("FITSPEC_CACHE", str(tmp_path / "cache"))
    reports = []
    for version in ("3.1.0", "3.2.0"):
        whole = keras(version, "jax", FAIL, "old")
        subject = replace(whole.subjects[0], profiles=PROFILES)
        reports.append(replace(whole, subjects=(subject,)))
    write(with_reports(EMPTY, reports), tmp_path / "own.json")
    return made


def test_clauses_are_asked_anew_of_every_version(parts: Parts, tmp_path: Path) -> None:
    """Those that match, with what they depend on; the others stay."""
    file = tmp_path / "own.json"

    assert main(["history", "--renew", "--clause", OPEN, "--into", str(file)]) == 0

    assert [*parts.asked] == ["keras@3.1.0", "keras@3.2.0"]
    assert all(OPEN in clauses and CLAUSE not in clauses for clauses in parts.asked.values())
    history = read(file)
    for held in history.versions:
        new, old = (history.finding(key, held) for key in (OPEN, CLAUSE))
        assert new is not None
        assert new.behaviour == "new"
        assert old is not None
        assert old.verdict is FAIL


def test_versions_are_asked_for_what_they_lack_until_they_lack_nothing(
    parts: Parts, tmp_path: Path
) -> None:
    """The second time nothing is run."""
    asked = ["history", "--renew", "--into", str(tmp_path / "own.json")]

    assert main(asked) == 0
    lacking = {*promised(PROFILES)} - {CLAUSE, OPEN}
    assert all(lacking <= {*clauses} for clauses in parts.asked.values())

    parts.asked.clear()
    assert main(asked) == 0
    assert parts.asked == {}


def test_some_versions_of_a_range_are_asked(parts: Parts, tmp_path: Path) -> None:
    """Those of it that are in the file."""
    file = str(tmp_path / "own.json")

    assert main(["history", "--run", "keras@3.2..3.3", "--clause", OPEN, "--into", file]) == 0
    assert [*parts.asked] == ["keras@3.2.0"]


def test_a_version_is_asked_on_what_is_said(parts: Parts, tmp_path: Path) -> None:
    """As a range of them is: what is in the file on something else is not meant."""
    file = str(tmp_path / "own.json")
    asked = ["history", "--run", "keras@3.2.0", "--clause", OPEN, "--into", file]

    assert main([*asked, "--on", "torch"]) == 2
    assert parts.asked == {}
    assert main([*asked, "--on", "jax"]) == 0
    assert [*parts.asked] == ["keras@3.2.0"]


def test_what_is_not_the_same_any_more_is_told(
    parts: Parts, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file stays as it was, and the others are run."""
    file = tmp_path / "own.json"
    before = file.read_bytes()
    parts.numpy = "3"

    assert main(["history", "--renew", "--clause", OPEN, "--into", str(file)]) == 3

    assert len(parts.asked) == len(read(file).versions)
    assert file.read_bytes() == before
    assert "so run all of it" in " ".join(capsys.readouterr().out.split())


def test_a_fault_of_one_version_does_not_keep_the_others(
    parts: Parts, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is told in the end."""
    parts.fault = "the disk is full"

    assert main(["history", "--renew", "--into", str(tmp_path / "own.json")]) == 3

    assert len(parts.asked) == len(read(tmp_path / "own.json").versions)
    assert "the disk is full" in capsys.readouterr().out


@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--renew"], "--into FILE and what is put into it belong together"),
        (["--clause", OPEN, "--into", "OWN"], "--into FILE and what is put into it belong"),
        (["--renew", "--run", "keras@3.1.0", "--into", "OWN"], "--renew: all versions in the"),
        (["OWN", "--clause", OPEN, "--into", "OWN"], "--clause: of which versions?"),
        (["--renew", "--clause", "fit.nothing", "--into", "OWN"], "no clause has the id"),
        (["--run", "keras@3.0.0", "--clause", OPEN, "--into", "OWN"], "none of these versions"),
        (["--run", "keras", "--on", "torch", "--into", "OWN"], "of which version of keras?"),
        (["--renew", "--into", "new.json"], "new.json: none of these versions is in it"),
    ],
)
def test_wrong_usage_of_parts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    """It is said what was expected."""
    own = str(tmp_path / "own.json")
    given = [own if item == "OWN" else item for item in arguments]

    assert main(["history", *given]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["since", "fit.nothing"], "no clause has the id 'fit.nothing'"),
        (
            ["since", "fit.shuffle.default-on", "--history", "OWN"],
            "no clause has the id|no version",
        ),
        (["history", "one.ndjson"], "--into FILE and what is put into it belong together"),
        (["history", "--into", "some.json"], "--into FILE and what is put"),
        (["history", "x", "--into", "y", "--history", "OWN"], "they go into the file"),
        (["since", CLAUSE, "--history", "nowhere.json"], "nowhere.json: No such file"),
    ],
)
def test_wrong_usage(
    own: str, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    """It is said what was expected."""
    given = [own if item == "OWN" else item for item in arguments]

    assert main(given) == 2
    assert any(part in capsys.readouterr().err for part in words.split("|"))
