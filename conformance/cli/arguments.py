"""Arguments that several commands have alike."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from fitspec.conformance.history.history import History


def add_reports(parser: argparse.ArgumentParser) -> None:
    """Add the reports that a command reads as one."""
    parser.add_argument(
        "reports",
        nargs="+",
        type=Path,
        metavar="REPORT.ndjson",
        help="what `fitspec run --report` wrote; several are of other implementations each",
    )


def add_python(parser: argparse.ArgumentParser) -> None:
    """Add the interpreter that a command uses."""
    parser.add_argument(
        "--python", type=Path, metavar="PATH", help="use this interpreter, build no environment"
    )


def add_history(parser: argparse.ArgumentParser) -> None:
    """Add the history that a command reads."""
    parser.add_argument(
        "--history",
        type=Path,
        metavar="FILE",
        help="one of `fitspec history --into`, in place of that which comes with fitspec",
    )


def known_history(options: argparse.Namespace) -> History:
    """Return the history that is asked for.

    Raises:
        HistoryError: a file is none.
        OSError: it cannot be read.
    """
    from fitspec.conformance.history import storing

    return storing.shipped() if options.history is None else storing.read(options.history)
