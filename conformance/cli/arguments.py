"""Arguments that several commands have alike."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


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
