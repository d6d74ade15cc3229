"""Real implementations fall short where `shortfalls.toml` says, and nowhere else."""

from __future__ import annotations

import tomllib
from pathlib import Path

from fitspec import conformance


def test_an_implementation_falls_short_exactly_where_it_is_known_to(subject: str) -> None:
    """Each verdict that is no pass is known, with its cause; none has gone away unnoticed."""
    known = tomllib.loads(Path(__file__).with_name("shortfalls.toml").read_text("utf-8"))

    report = conformance.run(subject)

    assert not report.faults
    assert not report.unavailable, report.unavailable[0].reason
    expected = {
        item["clause"]: item["verdict"] for item in known["shortfall"] if subject in item["of"]
    }
    assert {item.clause: str(item.verdict) for item in report.fell_short} == expected
