"""What is skipped is seen: it has a mark that says what it needs, and is told in the end.

What takes long and several tests want is made once.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Generator

    from fitspec.conformance.report.report import Report

# How long an example takes says nothing on a machine that others use. The rest is as hypothesis has
# it, in a CI too.
settings.register_profile("untimed", parent=settings.default, deadline=None)
settings.load_profile("untimed")

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


@pytest.fixture(scope="session")
def whole_report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """What all checks find on the reference, for all processes that pytest-xdist starts."""
    # Most tests need none of it.
    from fitspec import conformance  # noqa: PLC0415
    from fitspec.conformance.report import reading, report  # noqa: PLC0415

    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    path = folder / "reference.ndjson"
    with FileLock(f"{path}.lock"):
        if not path.exists():
            report.write(conformance.run("reference"), path)
    return reading.read(path)
