"""Which versions of a package there are, as pip or npm tells."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.environments.environment import Unavailable
from fitspec.conformance.environments.released import released, released_by_npm

if TYPE_CHECKING:
    from collections.abc import Sequence


def answering(
    monkeypatch: pytest.MonkeyPatch, out: str, err: str = "", status: int = 0
) -> list[Sequence[str]]:
    """Have pip answer, and return what it is asked."""
    asked: list[Sequence[str]] = []

    def run(command: Sequence[str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(command, status, out, err)

    monkeypatch.setattr(subprocess, "run", run)
    return asked


def test_versions_come_from_the_oldest_to_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    """By number, and without what came before a release, or is no version."""
    asked = answering(
        monkeypatch, "keras (3.10.0)\nAvailable versions: 3.10.0, 3.9.1, 3.10.0rc1, old, 3.1.0\n"
    )

    assert [str(item) for item in released("keras", "3.11")] == ["3.1.0", "3.9.1", "3.10.0"]
    assert asked[0][-3:] == ["versions", "keras", "--python-version=3.11"]


def test_a_package_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """As pip says it, without the credentials of an index."""
    answering(
        monkeypatch, "", "ERROR: No matching distribution found for no at https://me:pw@x/\n", 1
    )

    with pytest.raises(RuntimeError, match=r"versions of no: No matching .* https://\*+@x/"):
        released("no")


@pytest.fixture
def _npm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")


@pytest.mark.usefixtures("_npm")
@pytest.mark.parametrize(
    ("told", "versions"),
    [
        ('["0.9.1", "3.10.0", "3.9.0", "4.0.0-rc.1", "4.0.0-alpha"]', ["0.9.1", "3.9.0", "3.10.0"]),
        ('"1.0.0"', ["1.0.0"]),
    ],
)
def test_npm_tells_versions_too(
    told: str, versions: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a list, or an only one by itself."""
    asked = answering(monkeypatch, told)

    assert [str(item) for item in released_by_npm("@large/tensors")] == versions
    assert asked == [["/bin/npm", "view", "@large/tensors", "versions", "--json"]]


@pytest.mark.usefixtures("_npm")
def test_a_package_that_npm_does_not_know_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """As npm says it, without the credentials of a registry."""
    answering(monkeypatch, "{}", "npm error code E404\nnpm error 404 no at https://me:pw@x/\n", 1)

    with pytest.raises(RuntimeError, match=r"npm .* versions of no: 404 no at https://\*+@x/"):
        released_by_npm("no")


def test_without_npm_its_versions_are_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what a user does to have it."""
    monkeypatch.setattr(shutil, "which", lambda _: None)

    with pytest.raises(Unavailable, match="npm is not on this machine"):
        released_by_npm("no")
