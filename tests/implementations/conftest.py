"""The option that names the implementation to run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fitspec import conformance
from fitspec.conformance.worker.limits import Limits

from .deviations import shortfalls

if TYPE_CHECKING:
    from fitspec.conformance.report.report import Report


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--subject`."""
    parser.addoption("--subject", required=False, help="name of a real implementation")


@pytest.fixture(scope="session")
def subject(request: pytest.FixtureRequest) -> str:
    """The implementation to run; without one there is nothing to test."""
    name: str | None = request.config.getoption("--subject")
    if name is None:
        pytest.fail("these tests need --subject NAME, a real implementation")
    return name


@pytest.fixture(scope="session")
def report(subject: str) -> Report:
    """What comes of the implementation today, on all clauses."""
    entries = [item for item in shortfalls() if subject in item["of"]]

    # What is known to hang, always or at times, is waited for once.
    hang = frozenset(item["clause"] for item in entries if item["verdict"] == "timeout")
    found = conformance.run(subject, limits=Limits(once=hang))

    assert not found.faults
    assert not found.unavailable, found.unavailable[0].reason
    return found
