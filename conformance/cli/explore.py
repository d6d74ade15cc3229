"""``fitspec explore NAME``: programs drawn at random, held against another implementation."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from fitspec.conformance.cli.arguments import add_python

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console

    from fitspec.conformance.explore.looking import Oracle
    from fitspec.conformance.explore.program import Program
    from fitspec.conformance.explore.records import Record
    from fitspec.conformance.implementations.implementation import Implementation
    from fitspec.conformance.terminal.printer import Printer
    from fitspec.conformance.worker.session import Session


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to its parser."""
    parser.description = (
        "Draw programs of documented calls, perform each on an implementation and on another one, "
        "and show the distinct differences, each by the smallest program that was found to show "
        "it. Exit status: 0 nothing differs, 1 something does, 2 wrong usage, 3 the harness or an "
        "environment failed."
    )
    parser.add_argument("implementation", metavar="NAME|NAME@VERSION|ADAPTER.py")
    parser.add_argument(
        "--against",
        metavar="NAME",
        help="the other implementation (default: reference, where it is another one)",
    )
    parser.add_argument(
        "--laws",
        action="store_true",
        help="hold it against the laws of the documents: alone, or beside --against; without both "
        "options it is held against the laws and the reference",
    )
    parser.add_argument(
        "--programs", type=int, default=200, metavar="N", help="how many (default: 200)"
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="S", help="which programs are drawn (default: 0)"
    )
    parser.add_argument(
        "--save",
        type=Path,
        metavar="FILE",
        help="write what comes of each program as a line; a campaign that stopped is taken up",
    )
    parser.add_argument(
        "--replay",
        type=Path,
        metavar="FILE",
        help="look again at one program of this campaign, see --program, as it was drawn",
    )
    parser.add_argument("--program", type=int, metavar="NUMBER", help="which one --replay is of")
    parser.add_argument(
        "--scripts",
        type=Path,
        metavar="DIR",
        help="write a script for each distinct difference, in the words of fitspec",
    )
    add_python(parser)
    parser.add_argument(
        "--explain",
        action="store_true",
        help="say which deviations of its twin each difference from the reference takes",
    )
    parser.set_defaults(action=_explore)


def _explore(options: argparse.Namespace, console: Console) -> int:
    # Imported here: `fitspec --help` shall not wait for them.
    from fitspec.conformance.explore import scripts
    from fitspec.conformance.explore.campaign import campaign, causes
    from fitspec.conformance.explore.grammar import draw
    from fitspec.conformance.explore.looking import Against, Laws
    from fitspec.conformance.explore.records import CampaignFile, Header
    from fitspec.conformance.system import atomic
    from fitspec.conformance.terminal import exploring
    from fitspec.conformance.terminal.printer import Printer

    _check(options)
    atomic.check_destination(options.save, "save")
    errors = Printer(stderr=True, soft_wrap=True)
    with ExitStack() as sessions:
        mine, versions = _opened(options.implementation, options.python, errors, sessions)
        other, lawful = _oracles(options)
        oracles: list[Oracle] = [Laws(mine)] if lawful else []
        if other:
            theirs, _ = _opened(other, None, errors, sessions)
            oracles.append(Against(mine, theirs))
        against = [name for oracle in oracles for name in oracle.names]
        programs: Iterable[Program]
        file, known = None, {}
        if options.replay is not None:
            programs = [_replayed(options)]
        else:
            header = Header(options.implementation, versions, against, options.seed)
            file = None if options.save is None else CampaignFile(options.save, header)
            known = {} if file is None else dict(file.records)
            if file is not None and file.cut:
                errors.print(f"{options.save}: its last line was cut short, and is written anew")
            programs = draw(options.seed, options.programs)
        records = []
        number = 1 if options.replay is not None else options.programs
        with exploring.Watching(errors, number, len(known)) as watching:
            try:
                for record in campaign(programs, oracles, known):
                    if file is not None and record.number not in known:
                        file.add(record)
                    records.append(record)
                    watching.saw(record)
                rate = watching.rate
            except KeyboardInterrupt:
                kept = f"what was found is in {options.save}" if file else "nothing was written"
                raise KeyboardInterrupt(kept) from None
        if options.scripts is not None:
            files = scripts.write(
                [each for each, _ in causes(records)], mine, options.python, options.scripts
            )
            errors.print(f"{len(files)} scripts in {options.scripts}")
        exploring.render(options.implementation, against, records, rate, console)
        if options.explain:
            for line in _explained(mine, records, errors):
                console.print(line, soft_wrap=True)
    return 1 if any(record.sightings for record in records) else 0


def _oracles(options: argparse.Namespace) -> tuple[str, bool]:
    """Return the other implementation, if one is asked for, and whether laws are looked at."""
    if options.against is not None or options.laws:
        return options.against or "", options.laws
    return "" if options.implementation == "reference" else "reference", True


def _check(options: argparse.Namespace) -> None:
    """Refuse what does not fit together, before anything is started.

    Raises:
        ValueError: saying what.
    """
    from fitspec.conformance.implementations import registry, twins

    if options.programs < 1:
        raise ValueError(f"--programs {options.programs}: expected a whole number from 1 on")
    if options.seed < 0:
        raise ValueError(f"--seed {options.seed}: expected a whole number from 0 on")
    if (options.replay is None) != (options.program is None):
        raise ValueError("--replay and --program: one says the campaign, the other the program")
    if options.replay is not None and options.save is not None:
        raise ValueError("--replay and --save: what is looked at again is not written")
    if options.explain and _oracles(options)[0] != "reference":
        raise ValueError("--explain: expected to be held against the reference")
    if options.explain and f"{twins.PREFIX}{options.implementation}" not in registry.known_twins():
        raise ValueError(
            f"--explain: {options.implementation} has no twin;"
            f" there are {', '.join(registry.known_twins())}"
        )


def _explained(mine: Session, records: Iterable[Record], errors: Printer) -> Iterator[str]:
    """Say of each distinct difference from the reference which deviations it takes.

    Every set of deviations that is tried is a worker of its own.
    """
    from fitspec.conformance.explore import telling
    from fitspec.conformance.explore.campaign import causes
    from fitspec.conformance.explore.explaining import needed
    from fitspec.conformance.explore.looking import Against
    from fitspec.conformance.implementations import registry, twins

    real = mine.implementation
    for place, (sighting, _) in enumerate(causes(records), 1):
        if sighting.kind.against != "reference":
            continue

        def agrees(ids: Sequence[str], program: Program = sighting.program) -> bool:
            with ExitStack() as session:
                twin = twins.with_deviations(real, ids, registry.deviations_file())
                other, _ = _opened(twin, None, errors, session)
                return not Against(mine, other).look(program).differences

        ids = [each.id for each in registry.deviations() if real.name in each.of]
        found = needed(ids, agrees)
        what = "new" if found is None else f"takes {telling.names(found) or 'nothing'}"
        yield f"{place}  {telling.of_kind(sighting.kind)}: {what}"


def _replayed(options: argparse.Namespace) -> Program:
    from fitspec.conformance.explore.records import CampaignFile

    if not options.replay.is_file():
        raise ValueError(f"--replay {options.replay}: there is no such file")
    records = CampaignFile(options.replay, None).records
    if options.program not in records:
        raise ValueError(
            f"--program {options.program}: the campaign has {len(records)} programs"
            + (f", {min(records)} to {max(records)}" if records else "")
        )
    return records[options.program].program


def _opened(
    name: str | Implementation, python: Path | None, errors: Printer, sessions: ExitStack
) -> tuple[Session, dict[str, str]]:
    """Start an implementation; it ends with `sessions`.

    Raises:
        ValueError: there is no such one.
        RuntimeError: it does not start here.
    """
    from fitspec.conformance.environments import programs
    from fitspec.conformance.environments.environment import Unavailable, prepare
    from fitspec.conformance.running.suite import find_subjects
    from fitspec.conformance.worker.session import Session

    (implementation,) = find_subjects([name], python)
    try:
        programs.require(implementation, errors.print)
        interpreter = prepare(implementation, python=python, progress=errors.print)
        session = sessions.enter_context(Session(implementation, interpreter))
        identity = session.start()
    except Unavailable as error:
        raise RuntimeError(f"{error.reason}; {error.remedy}") from error
    return session, dict(identity.versions)
