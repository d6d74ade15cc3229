"""The command line, `fitspec`."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from fitspec import spec

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

#: Nothing fell short; a verdict fell short; wrong usage; the harness or an environment failed.
OK, FELL_SHORT, WRONG_USAGE, FAILED = 0, 1, 2, 3
#: What shells expect of a program ended by Ctrl-C.
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status.

    Args:
        arguments: instead of those of the process.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    options = _parser().parse_args(arguments)
    errors = Console(stderr=True)
    try:
        status: int = options.action(options, Console())
    except KeyboardInterrupt:
        errors.print("interrupted; nothing was written", style="bold")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has seen enough.
        sys.stderr.close()
        return OK
    except ValueError as error:
        errors.print(f"fitspec: {error}", style="bold red", markup=False, highlight=False)
        return WRONG_USAGE
    except (RuntimeError, OSError) as error:
        errors.print(f"fitspec: {error}", style="bold red", markup=False, highlight=False)
        return FAILED
    return status


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fitspec",
        description="Hold implementations against the documented Keras Model API.",
        epilog="Exit status: 0 nothing fell short, 1 a verdict fell short, 2 wrong usage, "
        "3 the harness or an environment failed.",
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_run(commands.add_parser("run", help="run the checks and print the matrix"))
    _add_spec(commands.add_parser("spec", help="list the clauses of the contract"))
    _add_explain(commands.add_parser("explain", help="show one clause with its sources and check"))
    doctor = commands.add_parser("doctor", help="say what can be run here and what is missing")
    doctor.set_defaults(action=_doctor)
    return parser


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "implementations",
        nargs="*",
        default=["reference"],
        metavar="NAME|ADAPTER.py",
        help="whom to hold against the contract (default: reference)",
    )
    parser.add_argument(
        "--clause",
        action="append",
        default=[],
        metavar="PATTERN",
        help="only clauses whose id matches, such as 'fit.validation_split.*'; repeatable",
    )
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the findings as NDJSON")
    parser.add_argument(
        "--python", type=Path, metavar="PATH", help="use this interpreter, build no environment"
    )
    parser.set_defaults(action=_run)


def _run(options: argparse.Namespace, console: Console) -> int:
    # Imported here: `fitspec --help` shall not wait for pytest and NumPy.
    from fitspec.conformance import engine, matrix, report  # noqa: PLC0415
    from fitspec.conformance.progress import Progress  # noqa: PLC0415

    _check_destination(options.report)
    _check_patterns(options.clause)
    with Progress(Console(stderr=True)) as progress:
        found = engine.run(
            *options.implementations,
            clauses=options.clause,
            python=options.python,
            listener=progress.listener,
        )
    matrix.render(found, console)
    if options.report is not None:
        report.write(found, options.report)
    if found.faults or found.unavailable:
        return FAILED
    return FELL_SHORT if found.fell_short else OK


def _check_destination(path: Path | None) -> None:
    """Refuse a report that could not be written before anything is run for it.

    Raises:
        ValueError: its folder does not exist, or it is a folder itself.
    """
    if path is None:
        return
    if not path.absolute().parent.is_dir():
        raise ValueError(f"--report {path}: the folder {path.absolute().parent} does not exist")
    if path.is_dir():
        raise ValueError(f"--report {path}: this is a folder; the name of a file was expected")


def _check_patterns(patterns: Sequence[str]) -> None:
    """Refuse a pattern that no clause, or no clause with a check, matches.

    Raises:
        ValueError: saying which.
    """
    import fnmatch  # noqa: PLC0415  as above

    from fitspec.conformance.index import index  # noqa: PLC0415

    contract = spec.contract()
    for pattern in patterns:
        known = fnmatch.filter(contract.clauses, pattern)
        if not known:
            contract.clause(pattern)
        if not set(known) & index().keys():
            raise ValueError(f"--clause {pattern}: no check covers this yet")


def _add_spec(parser: argparse.ArgumentParser) -> None:
    for name in ("method", "level", "profile", "document", "check"):
        parser.add_argument(f"--{name}", action="append", metavar=name.upper())
    parser.add_argument("--text", help="only clauses that contain this")
    parser.set_defaults(action=_spec)


def _spec(options: argparse.Namespace, console: Console) -> int:
    from fitspec.conformance import catalogue  # noqa: PLC0415  as above

    catalogue.print_list(console, options)
    return OK


def _add_explain(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("clause", metavar="ID")
    parser.set_defaults(action=_explain)


def _explain(options: argparse.Namespace, console: Console) -> int:
    from fitspec.conformance import catalogue  # noqa: PLC0415  as above

    catalogue.print_clause(console, options.clause)
    return OK


def _doctor(_options: argparse.Namespace, console: Console) -> int:
    from fitspec.conformance import doctor  # noqa: PLC0415  as above

    doctor.show(doctor.examine(), console)
    return OK
