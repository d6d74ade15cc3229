"""A twin gets the verdicts and behaviours that are recorded of the real implementation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fitspec import conformance, spec
from fitspec.conformance.gate.expected import known_causes
from fitspec.conformance.history import storing
from fitspec.conformance.implementations.registry import deviations

from .pages import exceptions, subjects

if TYPE_CHECKING:
    from fitspec.conformance.report.report import Report


def behaviours(name: str) -> dict[str, str | None]:
    """Return what the shipped history has of an implementation, of what is only observed."""
    history = storing.shipped()
    held = [each for each in history.versions if each.subject.name == name][-1]
    found = {
        clause.id: history.finding(clause.id, held)
        for clause in spec.contract().clauses.values()
        if clause.level == "observed"
    }
    return {clause: item.behaviour for clause, item in found.items() if item is not None}


@pytest.mark.parametrize("name", subjects())
def test_a_twin_falls_short_where_the_real_one_does(name: str, whole_report: Report) -> None:
    """Whatever is excepted differs indeed, and each deviation changes all that it is said to."""
    report = conformance.run(f"twin:{name}")

    assert not [*report.faults, *whole_report.faults]
    assert not [*report.unavailable, *whole_report.unavailable]
    sound = {item.clause: item for item in whole_report.findings}
    twins = {item.clause: item for item in report.findings}
    recorded = {
        clause: str(entry.verdict)
        for entry in known_causes()
        if name in entry.of
        for clause in entry.clauses
    }
    fallen = {clause: str(item.verdict) for clause, item in twins.items() if item.fell_short}
    differing = {clause for clause in twins if fallen.get(clause) != recorded.get(clause)}
    differing |= {
        clause
        for clause, known in behaviours(name).items()
        if clause in twins and twins[clause].behaviour != known
    }
    assert differing == exceptions().get(name, {}).keys()
    unchanged = [
        (each.id, clause)
        for each in deviations()
        if name in each.of
        for clause in each.clauses
        if clause in twins
        and (twins[clause].verdict, twins[clause].behaviour)
        == (sound[clause].verdict, sound[clause].behaviour)
    ]
    assert not unchanged
