"""Tests of `fitspec.conformance.report.gathered`: findings of a long report are on a disk."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.report import gathered as module
from fitspec.conformance.report.gathered import OnDisk, examined, gathered, of_one
from fitspec.conformance.report.verdicts import Finding, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator


def _findings(times: int) -> Iterator[Finding]:
    for place in range(times):
        name = f"implementation-{place % 2}"
        clause = f"fit.argument-{place // 2}.requirement"
        yield Finding(
            clause, name, Verdict.FAIL, None, "[1]", f"[{place}]\ud800", "", 0.1, 0.0, "here"
        )


def test_few_are_in_memory() -> None:
    assert gathered(_findings(4)) == tuple(_findings(4))


def test_many_are_what_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HELD", 5)
    open_clause = Finding("fit.x", "implementation-0", None, "waits", "", "", "", 0.1, 0.0, "here")
    unsteady = Finding(
        *("fit.y", "implementation-1", Verdict.CRASH, None, "", "", "", 0.1, 0.0, "here"),
        tries=("crash", "pass"),
    )
    all_of_them = [*_findings(7), open_clause, unsteady]

    found = gathered(iter(all_of_them))

    assert isinstance(found, OnDisk)
    assert list(found) == all_of_them
    assert list(found) == all_of_them
    assert (len(found), found[-1], list(found[7:])) == (9, unsteady, all_of_them[7:])
    own = [item for item in all_of_them if item.implementation == "implementation-0"]
    assert list(of_one(found, "implementation-0")) == own
    assert dict(examined(of_one(found, "implementation-0"))) == {item.clause: item for item in own}


def test_those_of_one_stay_when_all_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HELD", 5)

    own = of_one(gathered(_findings(8)), "implementation-1")

    assert [item.clause for item in own] == [
        f"fit.argument-{place}.requirement" for place in range(4)
    ]


def test_four_times_as_many_take_little_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each only its place is held, twice: one of 8 bytes for all, and one for those of one."""
    monkeypatch.setattr(module, "HELD", 100)
    held = []
    for times in (1_000, 4_000):
        tracemalloc.start()
        found = gathered(_findings(times))
        held.append(tracemalloc.get_traced_memory()[0])
        tracemalloc.stop()
        assert len(found) == times

    assert held[1] - held[0] < 3_000 * 30


def test_no_room_names_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr(module, "HELD", 0)
    monkeypatch.setattr("tempfile.gettempdir", lambda: f"{tmp_path}/gone")
    monkeypatch.setattr("tempfile.TemporaryFile", _full)

    with pytest.raises(OSError, match="No space left on device") as caught:
        gathered(_findings(2))

    assert caught.value.filename == f"{tmp_path}/gone"


def _full() -> None:
    raise OSError(28, "No space left on device")
