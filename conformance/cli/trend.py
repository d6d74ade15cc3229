"""``fitspec trend DIR``: how implementations fared over time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from rich.console import Console


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to its parser."""
    parser.description = (
        "Show for each implementation how many clauses got which verdict in each report, and what "
        "changed from one to the next. Reports are put in order by when their runs finished."
    )
    parser.add_argument(
        "reports", type=Path, metavar="DIR", help="the folder of the reports, and folders in it"
    )
    parser.add_argument(
        "--of",
        action="append",
        default=[],
        metavar="NAME",
        help="only this implementation; repeatable",
    )
    parser.set_defaults(action=_trend)


def _trend(options: argparse.Namespace, console: Console) -> int:
    # Imported here: `fitspec --help` shall not wait for it.
    from fitspec.conformance.changes.trend import read_folder
    from fitspec.conformance.terminal.trend import render

    found = read_folder(options.reports)
    unknown = [name for name in options.of if name not in found]
    if unknown:
        raise ValueError(f"--of {unknown[0]}: the reports are of {', '.join(found)}")
    chosen = {name: standings for name, standings in found.items() if name in (options.of or found)}
    render(chosen, console)
    return 0
