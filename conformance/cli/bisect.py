"""``fitspec bisect CLAUSE NAME@FROM..TO``: the version that changed what a clause comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.conformance.cli.ranges import versions_in

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from rich.console import Console

    from fitspec.conformance.report.verdicts import Finding
    from fitspec.conformance.terminal.bisecting import Telling


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to its parser."""
    parser.description = (
        "Find the version that changed the verdict of a clause, or a behaviour. The environments "
        "of as few versions as it takes are built, one after the other, and removed again. An "
        "interrupted search goes on where it was."
    )
    parser.epilog = (
        "Exit status: 0 both ends came to the same, 1 a version changed it, 3 too few could be run."
    )
    parser.add_argument("clause", metavar="ID", help="of the clause, such as fit.verbose.1-counts")
    parser.add_argument(
        "versions",
        metavar="NAME@FROM..TO",
        help="which versions, such as keras@3.0..3.15, or keras-3-torch@3.0..3.15",
    )
    parser.add_argument("--on", metavar="BACKEND", help="on what it computes, such as torch")
    parser.add_argument(
        "--fresh", action="store_true", help="run also what the history that comes with fitspec has"
    )
    parser.add_argument(
        "--keep", action="store_true", help="keep the environments that were built for it"
    )
    parser.set_defaults(action=_bisect)


def _bisect(options: argparse.Namespace, console: Console) -> int:
    from fitspec import spec
    from fitspec.conformance.history.bisecting import Search
    from fitspec.conformance.terminal.bisecting import Telling

    clause = spec.contract().clause(options.clause).id
    _check(clause)
    asked = versions_in(options.versions, options.on)
    known = {} if options.fresh else _known(asked, clause)
    telling = Telling(console)
    telling.began(clause, asked, known)

    def ask(version: str) -> Finding | None:
        return _ask(version, clause, telling, keep=options.keep)

    steps = []
    for step in Search(asked, {item: finding for item, (finding, _) in known.items()}, ask).steps():
        telling.stepped(step)
        steps.append(step)
    telling.ended(len(steps))
    return 1 if steps else 0


def _check(clause: str) -> None:
    from fitspec.conformance.running.engine import checked

    if clause not in checked():
        raise ValueError(f"{clause}: no check covers it, so that nothing can be found out")


def _known(asked: Sequence[str], clause: str) -> dict[str, tuple[Finding, str]]:
    """Return what the history has of versions, with the day."""
    from fitspec.conformance.history import storing
    from fitspec.conformance.implementations import registry

    history = storing.shipped()
    found = {}
    for text in asked:
        held = history.find(text)
        # The history may have the same version on something else alone.
        if held is None or held.subject.name != registry.find(text).name:
            continue
        finding = history.finding(clause, held)
        if finding is not None:
            found[text] = (finding, held.day(clause))
    return found


def _ask(asked: str, clause: str, telling: Telling, *, keep: bool) -> Finding | None:
    """Return what a version comes to, tried until that is sure; None if it cannot be run."""
    from fitspec.conformance.environments.environment import cache_folder
    from fitspec.conformance.history.bisecting import steady
    from fitspec.conformance.history.making import reduced
    from fitspec.conformance.history.renewing import with_needed
    from fitspec.conformance.running import several
    from fitspec.conformance.running.visiting import visiting
    from fitspec.conformance.terminal.bisecting import Doing

    telling.asking(asked)
    # What it depends on blocks it here as it does in the history.
    clauses = sorted(with_needed([clause]))

    def once(number: int) -> Finding:
        # What is there of an interrupted search is taken, as long as it is of the same fitspec.
        reports = cache_folder() / "bisect" / asked / clause / str(number)
        found = several.run(asked, watcher=Doing(), clauses=clauses, jobs=1, reports=reports)
        if found.faults:
            raise RuntimeError(f"{asked}: {found.faults[0]}")
        if found.unavailable:
            raise _CannotRun(found.unavailable[0].reason)
        (finding,) = (item for item in found.findings if item.clause == clause)
        # As the history has it, with which it is held: without where on this machine it was.
        return reduced(finding)

    try:
        with visiting(asked, keep=keep):
            finding = steady(once)
    except _CannotRun as error:
        telling.cannot(asked, str(error))
        return None
    telling.answered(asked, finding)
    return finding


class _CannotRun(Exception):  # noqa: N818  says what happened
    """A version could not be started here."""
