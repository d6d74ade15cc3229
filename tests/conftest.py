"""What is skipped is seen: it has a mark that says what it needs, and is told in the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

#: A platform may lack what a test is about; all else is found by `pytest -m needs`.
_SAY_WHY = ("needs", "skipif")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test that is skipped and was not marked for it: nobody would run it elsewhere."""
    report = yield
    is_marked = any(item.get_closest_marker(name) for name in _SAY_WHY)
    if report.skipped and not hasattr(report, "wasxfail") and not is_marked:
        report.outcome = "failed"
        report.longrepr = f"skipped without the mark `needs`: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was not tested: a list of dots that ends in green does not."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = [report.longrepr[2].removeprefix("Skipped: ") for report in skipped]
    if reasons:
        terminalreporter.section("not tested, for this machine lacks what it takes", red=True)
        for reason in sorted(set(reasons)):
            terminalreporter.line(f"{reasons.count(reason)} skipped: {reason}")
