"""``fitspec explore NAME``: programs drawn at random, held against another implementation."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from fitspec.conformance.cli.arguments import add_python

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rich.console import Console

    from fitspec.conformance.explore.campaign import Hands
    from fitspec.conformance.explore.opening import Sides
    from fitspec.conformance.explore.program import Program
    from fitspec.conformance.explore.records import Record, Sighting
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
        help="write a script for each distinct difference, in plain Keras where that can be said",
    )
    parser.add_argument(
        "--workers",
        type=int,
        metavar="N",
        help="perform on so many processes of this machine; needs fitspec[cluster]",
    )
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="perform on the workers of this scheduler of Dask; needs fitspec[cluster]",
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
    from fitspec.conformance.explore.campaign import campaign
    from fitspec.conformance.explore.grammar import draw
    from fitspec.conformance.explore.opening import opened
    from fitspec.conformance.explore.records import CampaignFile, Header
    from fitspec.conformance.system import atomic
    from fitspec.conformance.terminal import exploring
    from fitspec.conformance.terminal.printer import Printer

    _check(options)
    atomic.check_destination(options.save, "save")
    if options.scripts is not None:
        atomic.make_folder(options.scripts)
    errors = Printer(stderr=True, soft_wrap=True)
    sides = _sides(options)
    with _performing(options, sides, errors) as (hands, versions):
        programs: Iterable[Program]
        file, known = None, {}
        if options.replay is not None:
            programs = [_replayed(options)]
        else:
            header = Header(options.implementation, versions, sides.names, options.seed)
            file = None if options.save is None else CampaignFile(options.save, header)
            known = {} if file is None else dict(file.records)
            if file is not None and file.cut:
                errors.print(f"{options.save}: its last line was cut short, and is written anew")
            programs = draw(options.seed, options.programs)
        records = []
        number = 1 if options.replay is not None else options.programs
        with exploring.Watching(errors, number, len(known)) as watching:
            try:
                for record in campaign(programs, hands, known):
                    if file is not None and record.number not in known:
                        file.add(record)
                    records.append(record)
                    watching.saw(record)
                rate = watching.rate
            except KeyboardInterrupt:
                kept = f"what was found is in {options.save}" if file else "nothing was written"
                raise KeyboardInterrupt(kept) from None
    exploring.render(options.implementation, sides.names, records, rate, console)
    if options.scripts is not None or options.explain:
        with opened(options.implementation, options.python, errors.print) as mine:
            _tell_more(options, mine, records, errors, console)
    return 1 if any(record.sightings for record in records) else 0


@contextmanager
def _performing(
    options: argparse.Namespace, sides: Sides, errors: Printer
) -> Iterator[tuple[Hands, Mapping[str, str]]]:
    """Start whoever performs, with the versions of whom it is about; they end with the block."""
    if options.workers is None and options.scheduler is None:
        from fitspec.conformance.explore.campaign import Here

        with sides.opened(errors.print) as here:
            yield Here(here.oracles), here.versions
        return
    try:
        from fitspec.conformance.explore import cluster
    except ImportError as error:
        raise ValueError(
            "--workers and --scheduler need the extra `cluster`: pip install 'fitspec[cluster]'"
        ) from error
    joined = (
        cluster.joined(sides, options.scheduler)
        if options.workers is None
        else cluster.started(sides, options.workers)
    )
    with joined as hands:
        yield hands, hands.versions()


def _sides(options: argparse.Namespace) -> Sides:
    """Return whom it is about."""
    from fitspec.conformance.explore.opening import Sides

    against, laws = options.against or "", options.laws
    if not against and not laws:
        against, laws = "" if options.implementation == "reference" else "reference", True
    return Sides(options.implementation, against, laws, options.python)


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
    if options.workers is not None and options.workers < 1:
        raise ValueError(f"--workers {options.workers}: expected a whole number from 1 on")
    if options.workers is not None and options.scheduler is not None:
        raise ValueError("--workers and --scheduler: either starts a cluster or takes one")
    if options.explain and _sides(options).against != "reference":
        raise ValueError("--explain: expected to be held against the reference")
    if options.explain and f"{twins.PREFIX}{options.implementation}" not in registry.known_twins():
        raise ValueError(
            f"--explain: {options.implementation} has no twin;"
            f" there are {', '.join(registry.known_twins())}"
        )


def _tell_more(
    options: argparse.Namespace,
    mine: Session,
    records: Sequence[Record],
    errors: Printer,
    console: Console,
) -> None:
    """Write scripts and say which deviations differences take, as far as that is asked for."""
    from fitspec.conformance.explore import scripts
    from fitspec.conformance.explore.campaign import causes

    found = [sighting for sighting, _ in causes(records)]
    if options.scripts is not None:
        files = scripts.write(found, mine, options.python, options.scripts)
        errors.print(f"{len(files)} scripts in {options.scripts}")
    if options.explain:
        for line in _explained(mine, found, errors):
            console.print(line, soft_wrap=True)


def _explained(mine: Session, found: Sequence[Sighting], errors: Printer) -> Iterator[str]:
    """Say of each distinct difference from the reference which deviations it takes."""
    from fitspec.conformance.explore import telling
    from fitspec.conformance.explore.explaining import explained
    from fitspec.conformance.explore.opening import opened
    from fitspec.conformance.implementations import registry, twins

    real = mine.implementation
    own = [each for each in registry.deviations() if real.name in each.of]
    ids = [each.id for each in own if not each.absent]
    twin = twins.with_deviations(real, (), registry.deviations_file())
    with opened(twin, None, errors.print) as other:
        for place, sighting in enumerate(found, 1):
            if sighting.kind.against == "reference":
                takes = explained(sighting.program, mine, other, ids)
                what = "new" if takes is None else f"takes {telling.names(takes) or 'nothing'}"
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
