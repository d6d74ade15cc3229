"""The command line, `fitspec`."""

from __future__ import annotations

import argparse
import traceback
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from fitspec.conformance.cli import (
    bisect,
    diff,
    explore,
    export,
    gate,
    history,
    new_adapter,
    report,
    repro,
    trace,
    trend,
    upgrade,
)
from fitspec.conformance.cli.arguments import add_python
from fitspec.conformance.report.hostile import shortened
from fitspec.conformance.system import atomic, interrupts
from fitspec.conformance.terminal.printer import Printer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from fitspec.conformance.report.report import Report
    from fitspec.conformance.running.several import Watcher

#: Nothing fell short; a verdict fell short; wrong usage; the harness or an environment failed.
OK, FELL_SHORT, WRONG_USAGE, FAILED = 0, 1, 2, 3
#: What shells expect of a program ended by Ctrl-C.
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status.

    Args:
        arguments: instead of those of the process.
    """
    with interrupts.raised():
        try:
            return _main(arguments)
        except KeyboardInterrupt as interruption:
            # Only who keeps what is finished has words of its own.
            words = str(interruption) or "nothing was written"
            Printer(stderr=True, soft_wrap=True).print(f"interrupted; {words}", style="bold")
            return INTERRUPTED


def _main(arguments: Sequence[str] | None) -> int:
    options = _parser().parse_args(arguments)
    errors = Printer(stderr=True, soft_wrap=True)
    try:
        status: int = options.action(options, Printer())
    except ValueError as error:
        errors.print(f"fitspec: {shortened(str(error))}", style="bold red")
        return WRONG_USAGE
    except (RuntimeError, OSError) as error:
        text, status = str(error), FAILED
        if isinstance(error, OSError):
            text = atomic.refusal(error)
            wrong = _is_given(error.filename, options) and not atomic.is_full(error)
            status = WRONG_USAGE if wrong else FAILED
        errors.print(f"fitspec: {shortened(text)}", style="bold red")
        return status
    except Exception as error:  # noqa: BLE001  Python would end with 1, which is said of verdicts
        # Imported here: `fitspec --help` shall not wait for the contract, which it tells from.
        from fitspec.conformance.report import telling

        place = traceback.extract_tb(error.__traceback__)[-1]
        text = f"{type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})"
        errors.print(f"fitspec: {telling.fault(text)}", style="bold red")
        return FAILED
    return status


def _is_given(name: str | None, options: argparse.Namespace) -> bool:
    """Return whether the user named a file, or the folder that it is in."""
    if name is None:
        return False
    values = [
        each
        for value in vars(options).values()
        for each in (value if isinstance(value, list) else [value])
    ]
    given = {each for each in values if isinstance(each, Path)}
    return not given.isdisjoint((Path(name), Path(name).parent))


class _ShowVersion(argparse.Action):
    """Says which release this is; what installed it is asked only then, as that takes time."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object, **__: object) -> None:
        from importlib.metadata import version

        Printer().print(f"fitspec {version('fitspec')}")
        parser.exit()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fitspec",
        description="Hold implementations against the documented Keras Model API.",
        epilog="Exit status: 0 nothing fell short, 1 a verdict fell short, 2 wrong usage, "
        "3 the harness or an environment failed.",
    )
    parser.add_argument(
        "--version", action=_ShowVersion, nargs=0, help="say which release this is and exit"
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_run(commands.add_parser("run", help="run the checks and print the matrix"))
    new_adapter.add(
        commands.add_parser("new-adapter", help="write an adapter of your library to begin with")
    )
    _add_smoke(
        commands.add_parser("smoke", help="see within seconds whether an adapter works at all")
    )
    _add_observe(
        commands.add_parser("observe", help="say what is done where the documents leave it open")
    )
    _add_spec(commands.add_parser("spec", help="list the clauses of the contract"))
    _add_explain(
        commands.add_parser("explain", help="show where a clause, or an argument, is dealt with")
    )
    diff.add(commands.add_parser("diff", help="say what changes from one side to another"))
    history.add_since(commands.add_parser("since", help="say in which versions a clause holds"))
    bisect.add(commands.add_parser("bisect", help="find the version that changed a clause"))
    upgrade.add(commands.add_parser("upgrade", help="say what changes for a program of yours"))
    trace.add(commands.add_parser("trace", help="say where a program goes another way, and why"))
    repro.add(
        commands.add_parser("repro", help="write a script that shows a deviation without fitspec")
    )
    explore.add(
        commands.add_parser("explore", help="draw programs, and show what differs from another one")
    )
    trend.add(commands.add_parser("trend", help="say how implementations fared over time"))
    history.add_history(
        commands.add_parser("history", help="show or write down what versions came to")
    )
    gate.add(commands)
    export.add(commands.add_parser("export", help="write a report in other forms"))
    report.add(commands.add_parser("report", help="make pages and pictures of reports"))
    doctor = commands.add_parser("doctor", help="say what can be run here and what is missing")
    doctor.set_defaults(action=_doctor)
    _add_pin(
        commands.add_parser("pin", help="write down anew which versions environments are made of")
    )
    return parser


def _add_subjects(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "implementations",
        nargs="*",
        metavar="NAME|NAME@VERSION|ADAPTER.py",
        help="whom to look at (default: reference); keras@2.3.0 is Keras of that version",
    )
    add_python(parser)


def _add_run(parser: argparse.ArgumentParser) -> None:
    _add_subjects(parser)
    parser.add_argument(
        "--clause",
        action="append",
        default=[],
        metavar="PATTERN",
        help="only clauses whose id matches, such as 'fit.validation_split.*'; repeatable",
    )
    parser.add_argument(
        "--all", action="store_true", help="all implementations that have a name here"
    )
    parser.add_argument(
        "--jobs",
        type=int,
        metavar="N",
        help="run so many implementations at a time (default: one for each processor)",
    )
    parser.add_argument(
        "--workers",
        type=int,
        metavar="N",
        help="divide the checks of each implementation among so many processes (default: as many "
        "as there are processors for it); what is found is the same",
    )
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the findings as NDJSON")
    parser.add_argument(
        "--reports",
        type=Path,
        metavar="DIR",
        help="keep the report of each implementation in DIR/NAME.ndjson, and take those that are "
        "there from an earlier run with the same fitspec, clauses and environment; to have one "
        "run again, remove its file",
    )
    parser.add_argument(
        "--verbose",
        action="store_true",
        help="print every clause, and with each deviation the script that shows it",
    )
    parser.set_defaults(action=_run)


def _find_out(options: argparse.Namespace, clauses: Sequence[str]) -> Report:
    # Imported here, as in the actions: `fitspec --help` shall not wait for pytest and NumPy.
    from fitspec.conformance.running import engine
    from fitspec.conformance.terminal.progress import Progress

    with Progress(Printer(stderr=True)) as progress:
        return engine.run(
            *(options.implementations or ["reference"]),
            clauses=clauses,
            python=options.python,
            environment=options.python is None,
            listener=progress.listener,
        )


def _find_out_apart(options: argparse.Namespace, names: Sequence[str], workers: int) -> Report:
    from fitspec.conformance.running import several
    from fitspec.conformance.terminal.progress import EachOfSeveral, Progress

    console = Printer(stderr=True)
    alone = len(names) == 1 and options.reports is None
    with Progress(console) if alone else EachOfSeveral(console, len(names)) as watcher:
        if alone and workers != 1 and not _is_ready(names[0], options.python, watcher):
            # One is enough to say so.
            workers = 1
        return several.run(
            *names,
            watcher=watcher,
            clauses=options.clause,
            python=options.python,
            jobs=options.jobs,
            workers=workers,
            reports=options.reports,
        )


def _is_ready(name: str, python: Path | None, watcher: Watcher) -> bool:
    """Have the environment built here, where an interruption leaves time to remove half of one."""
    from fitspec.conformance.environments.environment import BuildFailed, Unavailable
    from fitspec.conformance.running import suite

    (subject,) = suite.find_subjects([name], python)
    try:
        suite.ready(subject, python, partial(watcher.progress, name))
    except (Unavailable, BuildFailed, OSError):
        return False
    return True


def _names(options: argparse.Namespace) -> list[str]:
    """Return whom to run.

    Raises:
        ValueError: both all and some are asked for.
    """
    from fitspec.conformance.implementations.registry import known

    given: list[str] = options.implementations
    if options.all and given:
        raise ValueError(f"--all: {', '.join(given)}: given besides; it is all or some")
    return list(known()) if options.all else given or ["reference"]


def _run(options: argparse.Namespace, console: Console) -> int:
    from fitspec.conformance.report import report
    from fitspec.conformance.running import several
    from fitspec.conformance.system import atomic
    from fitspec.conformance.terminal import matrix

    atomic.check_destination(options.report)
    _check_patterns(options.clause)
    names = _names(options)
    workers = options.workers
    if workers is None:
        workers = several.workers_for(len(names), options.clause, options.jobs)
    apart = (
        len(names) > 1 or workers != 1 or options.jobs is not None or options.reports is not None
    )
    if apart:
        found = _find_out_apart(options, names, workers)
    else:
        found = _find_out(options, options.clause)
    try:
        if options.report is not None:
            report.write(found, options.report)
    finally:
        matrix.render(found, console, verbose=options.verbose)
    if found.faults or found.unavailable:
        return FAILED
    return FELL_SHORT if found.fell_short else OK


def _add_smoke(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("implementation", metavar="NAME|NAME@VERSION|ADAPTER.py")
    add_python(parser)
    parser.set_defaults(action=_smoke)


def _smoke(options: argparse.Namespace, console: Console) -> int:
    from fitspec.conformance.running import smoke
    from fitspec.conformance.running.suite import find_subjects

    (subject,) = find_subjects([options.implementation], options.python)
    errors = Printer(stderr=True, soft_wrap=True)
    steps = smoke.smoke(subject, options.python, errors.print)
    return FELL_SHORT if smoke.tell(options.implementation, steps, console) else OK


def _add_pin(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "implementations",
        nargs="*",
        metavar="NAME",
        help="whose versions are chosen anew (none: only hashes that are missing are written)",
    )
    parser.set_defaults(action=_pin)


def _pin(options: argparse.Namespace, console: Console) -> int:
    from fitspec.conformance.environments import pinning
    from fitspec.conformance.implementations import table

    errors = Printer(stderr=True, soft_wrap=True)
    written = pinning.pin(options.implementations, table.file(), errors.print)
    for file, lines in written.items():
        console.print(f"{file}: {len(lines)} versions", soft_wrap=True)
    return OK


def _add_observe(parser: argparse.ArgumentParser) -> None:
    _add_subjects(parser)
    parser.set_defaults(action=_observe)


def _observe(options: argparse.Namespace, console: Console) -> int:
    from fitspec import spec
    from fitspec.conformance.report import telling
    from fitspec.conformance.running.engine import checked
    from fitspec.conformance.terminal import behaviours

    examined = checked()
    open_clauses = [
        item.id for item in spec.contract().select(levels=["observed"]) if item.id in examined
    ]
    found = _find_out(options, open_clauses)
    behaviours.render(found, console, sentences=True)
    for subject in found.unavailable:
        console.print(f"\n{subject.name}: {telling.refusal(subject)}")
    for fault in found.faults:
        console.print(f"\n{telling.fault(fault)}")
    return FAILED if found.faults or found.unavailable else OK


def _check_patterns(patterns: Sequence[str]) -> None:
    """Refuse a pattern that no clause, or no clause with a check, matches.

    Raises:
        ValueError: saying which.
    """
    from fitspec import spec
    from fitspec.conformance.running.engine import checked

    for pattern in patterns:
        if not spec.contract().matching([pattern]) & checked().keys():
            raise ValueError(f"--clause {pattern}: no check covers this yet")


def _add_spec(parser: argparse.ArgumentParser) -> None:
    for name in ("method", "level", "profile", "document"):
        parser.add_argument(f"--{name}", action="append", metavar=name.upper())
    parser.add_argument("--check", metavar="STATUS", help="present, pending or unobservable")
    parser.add_argument("--text", help="only clauses that contain this")
    parser.set_defaults(action=_spec)


def _spec(options: argparse.Namespace, console: Console) -> int:
    from fitspec.conformance.terminal import catalogue

    catalogue.print_list(console, options)
    return OK


def _add_explain(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "clause",
        metavar="ID|METHOD|ARGUMENT",
        help="fit.shuffle.each-epoch in full; of fit, shuffle or fit.shuffle, each clause in short",
    )
    parser.set_defaults(action=_explain)


def _explain(options: argparse.Namespace, console: Console) -> int:
    from fitspec.conformance.terminal import catalogue

    catalogue.print_explanation(console, options.clause)
    return OK


def _doctor(_options: argparse.Namespace, console: Console) -> int:
    from fitspec.conformance.environments import doctor

    doctor.show(doctor.examine(), console)
    return OK
