"""Tests of `history.check_digests`: which check decides a clause."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.history import check_digests as tried
from fitspec.conformance.running.engine import checked

if TYPE_CHECKING:
    from pathlib import Path

CHECK = """
from fitspec.conformance.arrangements.given import data, other
from fitspec.conformance.checks import clause, expect

_RIGHT = 3


def _seen(build):
    return build(data())


@clause("fit.one")
def test_one(build):
    expect(_seen(build), equals=_RIGHT)


@clause("fit.two", seconds=3)
def test_two(build):
    expect(build(2), equals=2)
"""


def digests(monkeypatch: pytest.MonkeyPatch, folder: Path, check: str, given: str) -> list[str]:
    """Return the digests of the two checks, with a module of arrangements."""
    (folder / "test_some.py").write_text(check, "utf-8")
    monkeypatch.setattr(tried, "_CHECKS", folder)
    monkeypatch.setattr(tried, "_sources", lambda _: [("given", given)])
    found = tried.check_digests.__wrapped__()
    assert [*found] == ["fit.one", "fit.two"]
    return [*found.values()]


@pytest.mark.parametrize(
    ("was", "now", "changed"),
    [
        ("_RIGHT = 3", "_RIGHT = 4", [True, False]),
        ("build(data())", "build(data(), 1)", [True, False]),
        ("equals=2", "equals=3", [False, True]),
        ("seconds=3", "seconds=4", [False, True]),
        ("def data():\n    return _N", "def data():\n    return -_N", [True, False]),
        ("_N = 1", "_N = 2", [True, False]),
        # Nobody uses it.
        ("def other():\n    pass", "def other():\n    return", [False, False]),
    ],
)
def test_a_change_of_what_a_check_uses_is_one_of_the_check(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, was: str, now: str, changed: list[bool]
) -> None:
    """And of no other."""
    given = "_N = 1\n\n\ndef data():\n    return _N\n\n\ndef other():\n    pass\n"
    assert (CHECK + given).count(was) == 1

    before = digests(monkeypatch, tmp_path, CHECK, given)
    after = digests(monkeypatch, tmp_path, CHECK.replace(was, now), given.replace(was, now))

    assert [one != other for one, other in zip(before, after, strict=True)] == changed


def test_each_check_has_one() -> None:
    """As the runs find them."""
    assert tried.check_digests().keys() == checked().keys()
