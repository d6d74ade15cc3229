"""Tests of `running.visiting`: what a version leaves behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.environments.environment import environment_of
from fitspec.conformance.environments.npm import packages_of
from fitspec.conformance.implementations.registry import find
from fitspec.conformance.running.visiting import visiting

if TYPE_CHECKING:
    from pathlib import Path

ASKED = "keras@3.3.3"


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return where the environment of a version is built, in an empty cache."""
    monkeypatch.setenv("FITSPEC_CACHE", str(tmp_path))
    environment = environment_of(find(ASKED))
    assert environment is not None
    return environment.folder


def build_and_fail(folder: Path) -> None:
    folder.mkdir(parents=True)
    raise ZeroDivisionError


@pytest.mark.parametrize("keep", [False, True])
def test_what_was_built_goes_unless_it_is_kept(folder: Path, *, keep: bool) -> None:
    """Whatever becomes of the run."""
    with pytest.raises(ZeroDivisionError), visiting(ASKED, keep=keep):
        build_and_fail(folder)

    assert folder.exists() == keep


def test_what_was_there_stays(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is of use for other runs."""
    folder.mkdir(parents=True)
    environment = environment_of(find(ASKED))
    monkeypatch.setattr(type(environment), "is_whole", lambda _: True)

    with visiting(ASKED):
        pass

    assert folder.exists()


def test_what_npm_installed_goes_as_well(
    folder: Path,  # noqa: ARG001  sets an empty cache
) -> None:
    """An implementation in JavaScript has no environment, but packages."""
    packages = packages_of(find("tfjs@3.0.0").program)
    assert packages is not None

    with pytest.raises(ZeroDivisionError), visiting("tfjs@3.0.0"):
        build_and_fail(packages.folder)

    assert not packages.folder.exists()


def test_who_needs_no_environment_has_none_to_leave() -> None:
    """As the reference, which runs where fitspec does."""
    with visiting("reference"):
        pass
