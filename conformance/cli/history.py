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
        "other, each in an environment that is removed again; with --renew those that are in the "
        "file are asked for what they lack, and with --clause for some clauses anew. An "
        "interrupted command goes on where it was."
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
    parser.add_argument("--on", metavar="BACKEND", help="on what they compute, such as torch")
    parser.add_argument(
        "--renew",
        action="store_true",
        help="run all versions that are in the file, for the clauses that they lack, or that "
        "were decided by other checks than those of today",
    )
    parser.add_argument(
        "--clause",
        action="append",
        default=[],
        metavar="PATTERN",
        help="run these clauses alone, of versions that are in the file; repeatable",
    )
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

    given = bool(options.reports or options.run or options.renew)
    if given != (options.into is not None):
        raise ValueError(
            "--into FILE and what is put into it belong together: reports, --run or --renew"
        )
    if options.renew and options.run:
        raise ValueError("--renew: all versions in the file are run; --run names some of them")
    if options.clause and not (options.renew or options.run):
        raise ValueError("--clause: of which versions? --renew: all in the file; or --run some")
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
    from fitspec.conformance.implementations import registry
    from fitspec.conformance.running import engine, finished, several
    from fitspec.conformance.running.visiting import visiting
    from fitspec.conformance.terminal.layout import brief
    from fitspec.conformance.terminal.printer import Printer
    from fitspec.conformance.terminal.progress import EachOfSeveral

    reports = options.folder or cache_folder() / "history"
    partly = options.renew or options.clause
    asked, failures = _to_renew(options, history) if partly else (_to_run(options), {})
    for through, (text, clauses) in enumerate(asked.items()):
        made_with = finished.basis(registry.find(text), clauses, None)
        try:
            with (
                visiting(text, keep=options.keep),
                EachOfSeveral(Printer(stderr=True), 1) as watcher,
            ):
                found = several.run(text, watcher=watcher, clauses=clauses, jobs=1, reports=reports)
        except several.Interrupted:
            raise several.Interrupted(
                f"{through} of {len(asked)} versions are through; the same command goes on"
            ) from None
        except engine.HarnessFault as fault:
            failures[text] = str(fault)
            continue
        for gone in found.unavailable:
            failures[gone.name] = brief(gone.reason)
            history = making.without(history, gone.name, brief(gone.reason))
        if not found.unavailable:
            try:
                history = making.with_reports(
                    history, [found], made_with=made_with, only_known=partly
                )
            except ValueError as error:
                failures[text] = str(error)
                continue
        storing.write(history, options.into)
    return history, failures


def _to_run(options: argparse.Namespace) -> dict[str, tuple[str, ...]]:
    """Return by what versions are asked for, each to be run for all clauses."""
    return dict.fromkeys(_asked(options.run, options.on), ())


def _to_renew(
    options: argparse.Namespace, history: History
) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """Return which clauses are to be run of versions in a history, and of which none can be.

    Returns:
        By what each is asked for its clauses; and, by that, why others cannot be.

    Raises:
        ValueError: there is no such implementation, version or clause, or none is in the history.
    """
    from fitspec import spec
    from fitspec.conformance.history.renewing import asked_again, to_be_asked
    from fitspec.conformance.implementations import registry

    clauses = spec.contract().matching(options.clause) if options.clause else None
    meant = {registry.find(text).name for text in _asked(options.run, options.on)}
    found: dict[str, tuple[str, ...]] = {}
    failures: dict[str, str] = {}
    in_it = 0
    for held in history.versions:
        try:
            text = asked_again(held)
        except ValueError as error:
            if options.renew:
                failures[held.name] = str(error)
            continue
        if not (options.renew or text in meant):
            continue
        in_it += 1
        if wanted := to_be_asked(history, held, clauses):
            found[text] = wanted
    if not (in_it or failures):
        raise ValueError(
            f"{options.into}: none of these versions is in it, and --clause and --renew are for "
            "those that are"
        )
    return found, failures


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
        elif on is None:
            registry.find(text)
            found.append(text)
        else:
            name, _, version = text.rpartition("@")
            if not name:
                raise ValueError(f"--on {on}: of which version of {text}? such as {text}@3.4.1")
            found.append(registry.asked_for(name, version, on))
    return list(dict.fromkeys(found))
