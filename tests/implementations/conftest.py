"""The option that names the implementation to run."""

from __future__ import annotations

import pytest


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
