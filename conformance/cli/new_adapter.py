"""`fitspec new-adapter`: writes the file of an adapter, to be filled in."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from rich.console import Console


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "library",
        metavar="NAME",
        help="the name by which a program imports the library: mylibrary or my.library, or of npm "
        "@me/library",
    )
    parser.add_argument(
        "--like",
        choices=("keras", "torch", "own", "javascript"),
        default="keras",
        help="whose names the library has: those of Keras (default), of its own; torch, if it "
        "trains modules of PyTorch; or javascript, if it runs in Node",
    )
    parser.add_argument(
        "--into",
        type=Path,
        default=Path(),
        metavar="FOLDER",
        help="where NAME_adapter.py goes (default: here); a file that is there is never changed",
    )
    parser.set_defaults(action=_new_adapter)


def _new_adapter(options: argparse.Namespace, console: Console) -> int:
    from fitspec.conformance.implementations import new_adapter

    file = new_adapter.write(options.library, options.like, options.into)
    path = file if file.is_absolute() else f"./{file}"
    console.print(f"{file} is written; now: fitspec smoke {path}", soft_wrap=True, markup=False)
    if options.like == "javascript":
        remedy = None if _is_above(options.library, file) else "`npm install` it there"
        missing = f"Node finds no {options.library} from there"
    else:
        remedy = (
            None if _is_here(options.library) else "--python PATH names the interpreter that has it"
        )
        missing = f"There is no {options.library} beside fitspec"
    if remedy is not None:
        console.print(f"{missing}: {remedy}.", soft_wrap=True, markup=False)
    return 0


def _is_here(library: str) -> bool:
    """Whether the first part of the name can be imported; nothing is imported for that."""
    return importlib.util.find_spec(library.partition(".")[0]) is not None


def _is_above(package: str, file: Path) -> bool:
    """Whether Node finds a package from a file: in its folder or in one above."""
    return any((folder / "node_modules" / package).is_dir() for folder in file.resolve().parents)
