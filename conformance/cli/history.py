"""``fitspec since`` and ``fitspec history``: what is known of versions without running any."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fitspec.conformance.cli.arguments import add_history as add_history_option
from fitspec.conformance.cli.arguments import known_history

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from rich.console import Console

    from fitspec.conformance.history.history import History


def add_since(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``fitspec since`` to its parser."""
    parser.description = (
        "Show in which versions a clause holds, and where that changed. Nothing is run: it is "
        "known from runs of each version."
    )
    parser.add_argument(
        "clause", metavar="ID", help="of the clause, such as fit.shuffle.batch-chunks"
    )
    add_history_option(parser)
    parser.set_defaults(action=_since)


def add_history(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``fitspec history`` to its parser."""
    parser.description = (
        "Show which versions are known, or put reports into a history: a file in which each "
        "version is kept by what it came to. With --run versions are run for it one after the "
        "other, each in an environment that is removed again; an interrupted command goes on "
        "where it was."
    )
    parser.epilog = "Exit status: 0 all is done, 2 wrong usage, 3 a version could not be run."
    parser.add_argument(
        "reports",
        nargs="*",
        type=Path,
        metavar="REPORT.ndjson",
        help="what `fitspec run --report` wrote; nothing: show which versions are known",
    )
    parser.add_argument(
        "--into",
        type=Path,
        metavar="FILE",
        help="the history that the reports are put into; it is made if it is not there",
    )
    parser.add_argument(
        "--run",
        action="append",
        default=[],
        metavar="NAME|NAME@VERSION|NAME@FROM..TO",
        help="run these for it, such as keras@3.0..3.15; repeatable",
    )
    parser.add_argument("--on", metavar="BACKEND", help="on what a range computes, such as torch")
    parser.add_argument(
        "--reports",
        dest="folder",
        type=Path,
        metavar="DIR",
        help="where the reports of these runs are kept (default: in the cache folder)",
    )
    parser.add_argument("--keep", action="store_true", help="keep the environments")
    add_history_option(parser)
    parser.set_defaults(action=_history)


def _since(options: argparse.Namespace, console: Console) -> int:
    from fitspec import spec
    from fitspec.conformance.terminal.history import render_clause

    clause = spec.contract().clause(options.clause).id
    history = known_history(options)
    if clause not in history.clauses:
        raise ValueError(f"{clause}: no version in the history was held against it")
    render_clause(history, clause, console)
    return 0


def _history(options: argparse.Namespace, console: Console) -> int:
    from fitspec.conformance.history import making, storing
    from fitspec.conformance.history.history import EMPTY
    from fitspec.conformance.report import reading
    from fitspec.conformance.system import atomic
    from fitspec.conformance.terminal.history import render_missing, render_versions

    given = bool(options.reports or options.run)
    if given != (options.into is not None):
        raise ValueError("--into FILE and what is put into it belong together: reports, or --run")
    if options.into is None:
        render_versions(known_history(options), console)
        return 0
    if options.history is not None:
        raise ValueError("--history: they go into the file of --into")
    atomic.check_destination(options.into, "history")
    history = storing.read(options.into) if options.into.exists() else EMPTY
    if options.reports:
        history = making.with_reports(history, map(reading.read, options.reports))
        storing.write(history, options.into)
    history, failures = _run(options, history)
    render_versions(history, console)
    faults = {asked: why for asked, why in failures.items() if asked not in history.missing}
    render_missing(faults, console)
    return 3 if failures else 0


def _run(options: argparse.Namespace, history: History) -> tuple[History, dict[str, str]]:
    """Run versions, and put each into the file as soon as it is through.

    What could not be started is in the file as well, with the reason; a fault of fitspec's is not.

    Returns:
        The history with them, and why others could not be run.
    """
    from fitspec.conformance.environments.environment import cache_folder
    from fitspec.conformance.history import making, storing
    from fitspec.conformance.running import several
    from fitspec.conformance.running.visiting import visiting
    from fitspec.conformance.terminal.layout import brief
    from fitspec.conformance.terminal.printer import Printer
    from fitspec.conformance.terminal.progress import EachOfSeveral

    asked = _asked(options.run, options.on)
    failures: dict[str, str] = {}
    for through, text in enumerate(asked):
        try:
            with (
                visiting(text, keep=options.keep),
                EachOfSeveral(Printer(stderr=True), 1) as watcher,
            ):
                reports = options.folder or cache_folder() / "history"
                found = several.run(text, watcher=watcher, jobs=1, reports=reports)
        except several.Interrupted:
            raise several.Interrupted(
                f"{through} of {len(asked)} versions are through; the same command goes on"
            ) from None
        if found.faults:
            failures[text] = found.faults[0]
            continue
        for gone in found.unavailable:
            failures[gone.name] = brief(gone.reason)
            history = making.without(history, gone.name, brief(gone.reason))
        if not found.unavailable:
            history = making.with_reports(history, [found])
        storing.write(history, options.into)
    return history, failures


def _asked(given: Sequence[str], on: str | None) -> list[str]:
    """Return by what each version is asked for, of ranges each in it.

    Raises:
        ValueError: there is no such implementation or version.
    """
    from fitspec.conformance.cli.ranges import versions_in
    from fitspec.conformance.implementations import registry

    found: list[str] = []
    for text in given:
        if ".." in text:
            found += versions_in(text, on)
        else:
            registry.find(text)
            found.append(text)
    return list(dict.fromkeys(found))
