"""``fitspec repro CLAUSE``: a script that shows a deviation without fitspec."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fitspec.conformance.cli.arguments import add_python

if TYPE_CHECKING:
    import argparse

    from rich.console import Console


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to its parser."""
    parser.description = (
        "Print a script that shows how an implementation deviates from a clause: a standalone one "
        "in its own API where that is Keras's, which exits with 1 if the deviation shows and with "
        "0 if it does not; of any other one in the words of fitspec."
    )
    parser.add_argument("clause", metavar="ID")
    parser.add_argument(
        "--implementation",
        default="reference",
        metavar="NAME|NAME@VERSION|ADAPTER.py",
        help="whose deviation (default: reference); the check is run on it",
    )
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="take the script from this report, run nothing"
    )
    add_python(parser)
    parser.add_argument(
        "--with-fitspec",
        action="store_true",
        help="a script in the words of fitspec also where there is a standalone one",
    )
    parser.add_argument("--output", type=Path, metavar="FILE", help="write it here, print nothing")
    parser.set_defaults(action=_repro)


def _repro(options: argparse.Namespace, console: Console) -> int:
    # Imported here: `fitspec --help` shall not wait for them.
    from fitspec.conformance.report import reading
    from fitspec.conformance.report.hostile import visible
    from fitspec.conformance.running import reproducing
    from fitspec.conformance.system import atomic
    from fitspec.conformance.terminal.printer import Printer

    atomic.check_destination(options.output, "output")
    errors = Printer(stderr=True, soft_wrap=True)
    if options.report is not None:
        found = reproducing.from_report(
            options.clause, options.implementation, reading.read(options.report)
        )
    else:
        found = reproducing.reproduce(
            options.clause,
            options.implementation,
            python=options.python,
            with_fitspec=options.with_fitspec,
            progress=errors.print,
        )
    if not found.script:
        raise ValueError(f"no script: {found.reason}")
    if found.needs_fitspec and options.report is not None:
        again = "Without --report one may be written anew."
        errors.print(f"fitspec: this script is in the words of fitspec, and needs it. {again}")
    # Within a text of Python what is written out means the same as what it stands for.
    script = visible(found.script)
    if options.output is not None:
        atomic.write_text(options.output, script)
    else:
        console.print(script, soft_wrap=True, end="")
    return 0
