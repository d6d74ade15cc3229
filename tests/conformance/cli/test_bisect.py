"""Tests of `fitspec.conformance.cli.bisect`: ``fitspec bisect``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from packaging.version import Version

from fitspec import spec
from fitspec.conformance.cli.main import main
from fitspec.conformance.environments import released
from fitspec.conformance.environments.environment import environment_of
from fitspec.conformance.history import storing
from fitspec.conformance.implementations.registry import find
from fitspec.conformance.running import several
from fitspec.conformance.running.several import Interrupted

from ..hand_made import SUBJECT, found, report
from ..history.versioned import CLAUSE, FAIL, OPEN, PASS, history

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fitspec.conformance.report.report import Report
    from fitspec.conformance.report.verdicts import Finding

THERE = ("2.3.1", "3.2.1", "3.3.0", "3.3.1", "3.3.3", "3.4.0", "3.5.0", "3.10.0", "3.11.0")


class Runs:
    """Stands in for runs of versions of Keras, whose environments are empty folders.

    Args:
        fails_from: the first version that fails.
        broken: versions that cannot be installed.
    """

    def __init__(self, fails_from: str, broken: tuple[str, ...] = ()) -> None:
        self._fails_from = Version(fails_from)
        self._broken = broken
        self.asked: list[str] = []
        self.interrupted_at = ""

    def run(self, asked: str, **given: Any) -> Report:
        """Return what a version comes to on the clauses given."""
        version = asked.partition("@")[2]
        self.asked.append(version)
        if version == self.interrupted_at:
            raise Interrupted("nothing was written")
        environment = environment_of(find(asked))
        assert environment is not None
        environment.folder.mkdir(parents=True, exist_ok=True)
        if version in self._broken:
            gone = replace(SUBJECT, available=False, reason="pip could not install keras: no")
            return replace(report(), subjects=(gone,))
        return report(self._finding(Version(version), *given["clauses"]))

    def _finding(self, version: Version, clause: str) -> Finding:
        if version >= self._fails_from:
            # Where on this machine it was is no other outcome than that of the history.
            return found(clause, FAIL, observed="[0]\n\nat /here", expected="[1]")
        return found(clause, PASS)


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Versions that pip tells of, a history by hand, and an empty cache."""
    monkeypatch.setattr(released, "released", lambda *_: [*map(Version, THERE)])
    monkeypatch.setattr(storing, "shipped", history)
    monkeypatch.setenv("FITSPEC_CACHE", str(tmp_path))


def runs(monkeypatch: pytest.MonkeyPatch, made: Runs) -> Runs:
    """Have these runs in place of real ones."""
    monkeypatch.setattr(several, "run", made.run)
    return made


@pytest.mark.usefixtures("known")
def test_the_version_is_found_step_by_step(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """What the history has is not run, each other one twice, and nothing that was built is left."""
    made = runs(monkeypatch, Runs("3.5.0"))

    assert main(["bisect", CLAUSE, "keras@3.3..3.10"]) == 1

    # 3.3.0, 3.3.3 and 3.10.0 are known: pass, pass, fail; between the latter are 3.4.0 and 3.5.0.
    assert made.asked == ["3.4.0", "3.4.0", "3.5.0", "3.5.0"]
    out = capsys.readouterr().out
    assert "6 versions, keras@3.3.0 to keras@3.10.0" in out
    assert "keras@3.3.3  pass  from the history, of 2026-01-02" in out
    assert "changed in keras@3.5.0, not yet in keras@3.4.0" in out
    assert "One version changed it. 2 versions were run." in out
    assert [*(tmp_path / "environments").glob("python*")] == []


@pytest.mark.usefixtures("known")
def test_all_can_be_run_and_environments_be_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whatever the history says; here it says that 3.10.0 fails."""
    made = runs(monkeypatch, Runs("9"))

    assert main(["bisect", CLAUSE, "keras@3.3.0..3.10.0", "--fresh", "--keep"]) == 0

    assert made.asked == ["3.3.0", "3.3.0", "3.10.0", "3.10.0"]
    assert len([*(tmp_path / "environments").glob("python*")]) == 2


@pytest.mark.usefixtures("known")
def test_a_version_that_cannot_be_installed_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is told, and that the change may be in it."""
    runs(monkeypatch, Runs("3.5.0", broken=("3.4.0",)))

    assert main(["bisect", CLAUSE, "keras@3.3..3.10"]) == 1

    out = capsys.readouterr().out
    assert "keras@3.4.0  passed over: pip could not install keras: no" in out
    assert "changed in keras@3.5.0, not yet in keras@3.3.3\n  or between: keras@3.4.0" in out


@pytest.mark.usefixtures("known")
def test_an_interrupted_search_leaves_no_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Of the version that was being run."""
    made = runs(monkeypatch, Runs("3.5.0"))
    made.interrupted_at = "3.5.0"

    assert main(["bisect", CLAUSE, "keras@3.3..3.10"]) == 130
    assert [*(tmp_path / "environments").glob("python*")] == []


@pytest.mark.usefixtures("known")
def test_what_computes_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The row that has it, of the same major version, gets the version."""
    asked: list[str] = []

    def run(name: str, **_: object) -> Report:
        asked.append(name)
        return report(found(OPEN, None, behaviour="samples"))

    monkeypatch.setattr(several, "run", run)

    assert main(["bisect", OPEN, "keras@3.3.0..3.4", "--on", "torch"]) == 0
    assert asked == [*["keras-3-torch@3.3.0"] * 2, *["keras-3-torch@3.4.0"] * 2]


@pytest.mark.usefixtures("known")
def test_what_a_clause_depends_on_is_asked_for_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it blocks the clause in the history, where all of them were asked for."""
    clause = next(item for item in spec.contract().clauses.values() if item.depends)
    asked: list[set[str]] = []

    def run(_: str, *, clauses: Sequence[str], **__: object) -> Report:
        asked.append({*clauses})
        return report(*(found(key, PASS) for key in clauses))

    monkeypatch.setattr(several, "run", run)

    assert main(["bisect", clause.id, "keras@3.4.0..3.5"]) == 0
    assert all({clause.id, *clause.depends} <= each for each in asked)


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([CLAUSE, "keras@3.3"], "a name and two versions were expected, such as keras@3.0..3.15"),
        ([CLAUSE, "keras@3.3..new"], "a name and two versions were expected"),
        ([CLAUSE, "keras@3.4.0..3.4.0"], "1 such versions are known; two or more"),
        ([CLAUSE, "nobody@1..2"], "no implementation is called 'nobody'"),
        ([CLAUSE, "keras@3.3..3.4", "--on", "theano"], "of keras 3 computes on 'theano'"),
        (["fit.nothing", "keras@3.3..3.4"], "no clause has the id 'fit.nothing'"),
    ],
)
def test_wrong_usage(capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    """Is told before anything is built."""
    assert main(["bisect", *arguments]) == 2
    assert words in capsys.readouterr().err
