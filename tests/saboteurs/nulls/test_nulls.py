"""No check passes on nothing: what null implementations may pass stands in `may_pass.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from . import findings
from .findings import NULLS, passed, recognised

if TYPE_CHECKING:
    from fitspec.conformance.report.report import Report

HERE = Path(__file__).resolve().parent


def _allowed(what: str, null: str) -> set[str]:
    """Return the clauses that a null implementation may pass, or out of which it may be read."""
    return {
        clause
        for entry in _data().get(what, [])
        if null in entry.get("of", NULLS)
        for clause in entry["clauses"]
    }


def _data() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads((HERE / "may_pass.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def found() -> dict[str, Report]:
    """What the whole suite finds on each null implementation."""
    return findings.found()


@pytest.mark.parametrize("null", NULLS)
def test_a_null_implementation_passes_only_what_it_may(found: dict[str, Report], null: str) -> None:
    """It passes the clauses on the list, and no other."""
    passes = {item.clause for item in found[null].findings if passed(item)}

    assert found[null].faults == ()
    assert sorted(passes) == sorted(_allowed("pass", null))


@pytest.mark.parametrize("null", NULLS)
def test_no_known_behaviour_is_read_out_of_nothing(found: dict[str, Report], null: str) -> None:
    """Where there is no verdict, something unknown is reported, but for what is on the list."""
    read = {item.clause for item in found[null].findings if recognised(item)}

    assert sorted(read) == sorted(_allowed("read", null))


def test_what_a_null_implementation_may_pass_has_a_reason() -> None:
    """Each entry names null implementations that there are, and says why."""
    entries = [entry for listed in _data().values() for entry in listed]

    assert all(entry["reason"].endswith(".") for entry in entries)
    assert {null for entry in entries for null in entry.get("of", ())} <= set(NULLS)
