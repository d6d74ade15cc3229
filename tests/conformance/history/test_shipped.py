"""The history that comes with fitspec says what is known of implementations."""

from __future__ import annotations

import pytest

from fitspec.conformance.gate.expected import known_causes
from fitspec.conformance.history.storing import SHIPPED, shipped


def test_it_has_the_versions_that_people_move_between() -> None:
    """By the names of the table."""
    named = {item.subject.name for item in shipped().versions}

    assert {"keras-2.3", "keras-3-jax", "keras-3-torch", "keras-3-tensorflow"} <= named


def test_it_is_small() -> None:
    """It comes with every installation."""
    assert SHIPPED.stat().st_size <= 2e6


def test_it_falls_short_where_versions_are_known_to() -> None:
    """A version of which less falls short than is recorded is out of date."""
    history = shipped()
    for held in history.versions:
        name, findings = held.subject.name, history.side(held).findings
        entries = [item for item in known_causes() if name in item.of]
        sure = {clause for item in entries if not item.at_times for clause in item.clauses}
        short = {clause for clause, item in findings.items() if item.fell_short}
        assert sure & findings.keys() <= short, held.name


@pytest.mark.parametrize("name", ["keras-2.3", "keras-3-jax"])
def test_what_the_page_for_upgrades_is_made_of_is_as_recorded(name: str) -> None:
    """In verdicts, and nowhere else."""
    held = shipped().find(name)
    assert held is not None
    of_side = [item for item in known_causes() if name in item.of]
    at_times = {clause for item in of_side if item.at_times for clause in item.clauses}

    findings = shipped().side(held).findings.values()

    found = {item.clause: item.verdict for item in findings if item.fell_short}
    known = {clause: item.verdict for item in of_side for clause in item.clauses}
    assert {key: item for key, item in found.items() if key not in at_times} == {
        key: item for key, item in known.items() if key not in at_times and key in found
    }
