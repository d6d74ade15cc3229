"""Which versions of a package there are, as pip tells."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.environments.released import released

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
