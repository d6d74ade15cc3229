"""The pytest plugin: its options, and what switches the rest of it on.

``pytest --pyargs fitspec.conformance --implementation NAME`` uses it directly; `fitspec run` and
`fitspec.conformance.run` hand it a `Suite` of their own. pytest loads this module in every project
of an environment in which fitspec is installed, so it imports nothing heavy and adds no fixture:
`checking` does that, once there is a check.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.running.suite_key import SUITE

if TYPE_CHECKING:
    from collections.abc import Generator

_CHECKING = "fitspec-checking"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the suite."""
    group = parser.getgroup("fitspec", "hold implementations against the documented Model API")
    group.addoption(
        "--implementation",
        action="append",
        default=[],
        metavar="NAME|ADAPTER.py",
        help="whom to run the checks against; may be given several times (default: reference)",
    )
    group.addoption(
        "--clause",
        action="append",
        default=[],
        metavar="PATTERN",
        help="only clauses whose id matches, such as 'fit.validation_split.*'",
    )
    group.addoption(
        "--implementation-python",
        type=Path,
        metavar="PATH",
        help="an interpreter that has the implementation, instead of the one at hand",
    )
    group.addoption(
        "--implementation-environment",
        action="store_true",
        help="build the environment that an adapter file asks for, with the library as released",
    )
    group.addoption("--fitspec-report", type=Path, metavar="FILE", help="where to write the report")
    group.addoption(
        "--expectations",
        type=Path,
        metavar="FILE",
        help="the verdicts that are known to be no pass: they are xfailed, and a pass is a failure",
    )
    parser.addini("fitspec_implementations", "as --implementation, one a line", type="linelist")
    parser.addini("fitspec_expectations", "as --expectations, from where pytest.ini is", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark, and refuse wrong options before anything is collected."""
    config.addinivalue_line("markers", "clause(id, seconds): the check of a clause of the contract")
    names = (
        *("implementation", "clause", "implementation_python", "fitspec_report", "expectations"),
    )
    if SUITE in config.stash or any(config.getoption(name) for name in names):
        _check_division(config)
        _switch_on(config)


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(collector: pytest.Collector, obj: object) -> None:
    """Switch the rest on at the first check, in time for the fixtures that it asks for."""
    if isinstance(obj, FunctionType) and any(
        getattr(mark, "name", None) == "clause" for mark in getattr(obj, "pytestmark", ())
    ):
        _switch_on(collector.config)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what fell short under a test that asserts of a report that nothing did."""
    report = yield
    home = sys.modules.get("fitspec.conformance.report.report")
    # Who made no report has not imported its home, which is heavy.
    if home is not None and call.excinfo is not None and call.excinfo.errisinstance(AssertionError):
        for found in call.excinfo.traceback[-1].frame.f_locals.values():
            if isinstance(found, home.Report):
                report.sections.append(("what fitspec found", str(found)))
    return report


def _check_division(config: pytest.Config) -> None:
    """Refuse a way of pytest-xdist by which every process would run all checks.

    Raises:
        UsageError: it was asked for.
    """
    if config.getoption("dist", "no") == "each":
        raise pytest.UsageError("--dist each: every clause would be decided several times")


def _switch_on(config: pytest.Config) -> None:
    if config.pluginmanager.has_plugin(_CHECKING):
        return
    from fitspec.conformance.running import checking  # noqa: PLC0415  see above

    checking.adopt(config)
    config.pluginmanager.register(checking, _CHECKING)
    config.pluginmanager.register(checking.Collector(config), "fitspec-collector")
