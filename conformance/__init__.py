"""The conformance suite: the checks, and the harness that runs them and reports.

A library's own test suite can call it::

    from fitspec import conformance

    report = conformance.run("path/to/my_adapter.py")
    assert not report.fell_short
"""

from fitspec.conformance.engine import HarnessFault, run
from fitspec.conformance.report import Report, ReportError, Subject, read, write
from fitspec.conformance.verdicts import Finding, Verdict

__all__ = [
    "Finding",
    "HarnessFault",
    "Report",
    "ReportError",
    "Subject",
    "Verdict",
    "read",
    "run",
    "write",
]
