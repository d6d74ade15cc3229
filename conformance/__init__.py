"""The conformance suite: the checks, and the harness that runs them and reports.

A library's own test suite can call it::

    from fitspec import conformance

    report = conformance.run("path/to/my_adapter.py")
    assert not report.fell_short
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fitspec.conformance.report.reading import read
    from fitspec.conformance.report.report import Report, ReportError, Subject, write
    from fitspec.conformance.report.verdicts import Finding, Verdict
    from fitspec.conformance.running.engine import HarnessFault, run
    from fitspec.conformance.running.parametrising import each_clause

__all__ = [
    "Finding",
    "HarnessFault",
    "Report",
    "ReportError",
    "Subject",
    "Verdict",
    "each_clause",
    "read",
    "run",
    "write",
]

_HOMES = {
    **dict.fromkeys(("HarnessFault", "run"), "running.engine"),
    "each_clause": "running.parametrising",
    **dict.fromkeys(("Report", "ReportError", "Subject", "write"), "report.report"),
    "read": "report.reading",
    **dict.fromkeys(("Finding", "Verdict"), "report.verdicts"),
}


def __getattr__(name: str) -> Any:
    # Looked up when first asked for: pytest imports this package in every project that has
    # fitspec installed, and should not wait there for NumPy and the contract.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
