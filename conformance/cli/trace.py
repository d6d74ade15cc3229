"""``fitspec trace PROGRAM --on SIDE --on SIDE``: where a program goes another way, and why."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import argparse

    from rich.console import Console

FORMATS: Final = ("terminal", "json")


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to its parser."""
    parser.description = (
        "Run a program on two or more sides, record its calls of the Model API, and say in which "
        "call each side first does otherwise than the first one, beyond rounding, and why. All "
        "start with the weights of the first side, and shuffle in the same order. Each run is in "
        "a copy of the folder."
    )
    parser.epilog = (
        "Exit status: 0 nothing differs, 1 something does, 2 wrong usage, or no call was made, "
        "3 a side or its environment failed."
    )
    parser.add_argument(
        "command",
        nargs="+",
        metavar="PROGRAM [ARG...]",
        help="a Python program and its arguments; where one begins with -, put -- before PROGRAM, "
        "and options before that",
    )
    parser.add_argument(
        "--on",
        action="append",
        default=[],
        metavar="NAME|twin:NAME",
        help="a side, as `fitspec run` takes it; the first is what others are held against",
    )
    parser.add_argument(
        "--program",
        action="append",
        default=[],
        metavar="SIDE=PATH",
        help="what that side runs instead, such as what `fitspec upgrade --fix` made of it",
    )
    parser.add_argument(
        "--python",
        action="append",
        default=[],
        metavar="SIDE=PATH",
        help="the interpreter of that side, with its libraries; others get an environment",
    )
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(),
        metavar="DIR",
        help="the working directory, of which each run gets a copy (default: this one)",
    )
    parser.add_argument(
        "--stdin", metavar="FILE|-", help="what the program reads from standard input"
    )
    parser.add_argument(
        "--timeout", type=float, default=600.0, metavar="S", help="for each run (default: 600)"
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="of all that is drawn (default: 0)"
    )
    parser.add_argument(
        "--keep",
        type=Path,
        metavar="DIR",
        help="keep there what each run wrote and printed, and its recording",
    )
    parser.add_argument("--format", choices=FORMATS, default=FORMATS[0])
    parser.set_defaults(action=_trace)


def _trace(options: argparse.Namespace, console: Console) -> int:
    # Imported here: `fitspec --help` shall not wait for them.
    from fitspec.conformance.exports.tracing import as_json
    from fitspec.conformance.system import atomic
    from fitspec.conformance.system.scratch import Scratch
    from fitspec.conformance.terminal.printer import Printer
    from fitspec.conformance.terminal.tracing import render
    from fitspec.conformance.trace import running, sides, tracing

    errors = Printer(stderr=True, soft_wrap=True)
    _check(options)
    if options.keep is not None:
        atomic.make_folder(options.keep)
    program, *arguments = options.command
    found = sides.sides(
        options.on,
        Path(program),
        _by_side("program", options.program),
        _by_side("python", options.python),
        errors.print,
    )
    with Scratch() as scratch:
        place = scratch.folder if options.keep is None else options.keep
        runs = running.Runs(
            place,
            options.folder,
            arguments,
            _stdin(options.stdin, scratch.folder),
            options.timeout,
            options.seed,
        )
        came = tracing.trace(runs, found, errors.print)
        if options.format == "json":
            console.print(as_json(came), soft_wrap=True, end="")
        else:
            render(came, console)
    if not any(each.calls for each in (came.recording, *(o.recording for o in came.others))):
        errors.print("fitspec: no call of the Model API was made, so that nothing is compared")
        return 2
    return 1 if any(each.differs for each in came.others) else 0


def _check(options: argparse.Namespace) -> None:
    """Refuse what makes no sense, before anything is run.

    Raises:
        ValueError: saying what.
    """
    if not options.timeout > 0:
        raise ValueError(f"--timeout {options.timeout:g}: expected a number of seconds above 0")
    if not 0 <= options.seed < 2**32:
        raise ValueError(f"--seed {options.seed}: expected a whole number from 0 to 2**32 - 1")
    if options.keep is not None and options.keep.exists() and any(options.keep.iterdir()):
        raise ValueError(f"--keep {options.keep}: expected a new or empty folder")


def _by_side(option: str, given: list[str]) -> dict[str, Path]:
    """Return paths by the side that they are for.

    Raises:
        ValueError: one has no side.
    """
    found = {}
    for text in given:
        side, equals, path = text.partition("=")
        if not (side and equals and path):
            raise ValueError(f"--{option} {text}: expected SIDE=PATH")
        found[side] = Path(path)
    return found


def _stdin(asked: str | None, scratch: Path) -> Path | None:
    """Return a file with what a program reads, which each side reads from its beginning."""
    if asked is None:
        return None
    if asked != "-":
        if not Path(asked).is_file():
            raise ValueError(f"--stdin {asked}: there is no such file")
        return Path(asked)
    path = scratch / "stdin"
    with path.open("wb") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
    return path
