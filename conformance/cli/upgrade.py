"""``fitspec upgrade PATH…``: what changes for a program from one implementation to another."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import argparse

    from rich.console import Console

    from fitspec.conformance.terminal.printer import Printer
    from fitspec.conformance.upgrade.findings import Examiner, Finding
    from fitspec.conformance.upgrade.sources import Source

_SIDE: Final = "NAME|NAME@VERSION|REPORT|REPORT:NAME"
FORMATS: Final = ("terminal", "json", "sarif", "github", "html")


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to its parser."""
    parser.description = (
        "Read programs, and say what changes for them between two implementations, line by line: "
        "first what gives other numbers without an error. Nothing is imported or run. A line with "
        "`# fitspec: ignore[CLAUSE]` is passed over for that clause."
    )
    parser.epilog = (
        "Exit status: 0 nothing changes, 1 something does, 2 wrong usage, or no program was read."
    )
    parser.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="a file, a notebook, or a folder"
    )
    parser.add_argument(
        "--from", dest="before", default="keras-2.3", metavar=_SIDE, help="default: keras-2.3"
    )
    parser.add_argument(
        "--to", dest="after", default="keras-3-jax", metavar=_SIDE, help="default: keras-3-jax"
    )
    parser.add_argument("--format", choices=FORMATS, default=FORMATS[0])
    parser.add_argument(
        "--pages",
        metavar="URL",
        help="with --format html: where the pages of `fitspec report` are, which clauses link to",
    )
    parser.add_argument(
        "--certain", action="store_true", help="leave out what depends on what cannot be seen"
    )
    parser.add_argument(
        "--diff", action="store_true", help="show the rewrites that are safe, and write nothing"
    )
    parser.add_argument(
        "--fix", action="store_true", help="make them, show them, and say what is left to do"
    )
    parser.set_defaults(action=_upgrade)


def _upgrade(options: argparse.Namespace, console: Console) -> int:
    # Imported here: `fitspec --help` shall not wait for them.
    from fitspec.conformance.report.hostile import on_a_line
    from fitspec.conformance.terminal.printer import Printer
    from fitspec.conformance.upgrade import sides, sources
    from fitspec.conformance.upgrade.findings import Examiner

    if options.pages is not None and options.format != "html":
        raise ValueError("--pages: it belongs to --format html")
    examiner = Examiner(sides.comparison(options.before, options.after))
    errors = Printer(stderr=True, soft_wrap=True)
    _tell_what_is_not_known(examiner, errors)
    found: list[Finding] = []
    read = 0
    for source in sources.read(options.paths):
        if isinstance(source, sources.Unread):
            errors.print(f"{on_a_line(source.file)}: not read: {source.reason}")
            continue
        try:
            if options.diff or options.fix:
                source = _fixed(source, examiner, write=options.fix)  # noqa: PLW2901  the same one
            changes = examiner.examine(source)
            if options.diff or options.fix:
                changes = _left(changes, source, examiner)
            found += changes
        except RecursionError:
            errors.print(f"{on_a_line(source.file)}: not read: it is nested too deeply")
            continue
        read += 1
    if options.certain:
        found = [item for item in found if item.certain]
    if options.format == "html":
        from fitspec.conformance.site import upgrading

        text = upgrading.page(
            found, read, before=options.before, after=options.after, pages=options.pages
        )
        console.print(text, soft_wrap=True, end="")
    else:
        _print(found, read, options.format, console)
    if not read:
        errors.print("fitspec: no program was read, so that nothing is known of any")
        return 2
    return 1 if found else 0


def _tell_what_is_not_known(examiner: Examiner, errors: Printer) -> None:
    """Say of which side nothing can be told that no clause is about."""
    from fitspec.conformance.report.hostile import on_a_line

    for name in examiner.not_known:
        side = on_a_line(name)
        errors.print(f"{side}: not known is what a model has beside what clauses are about")


def _fixed(source: Source, examiner: Examiner, *, write: bool) -> Source:
    """Show what can be rewritten in a file, write it if asked to, and return the file after it."""
    from fitspec.conformance.system import atomic
    from fitspec.conformance.terminal.printer import Printer
    from fitspec.conformance.upgrade import fixing, sources

    path = Path(source.file)
    before = path.read_bytes()
    after = fixing.fixed(source, before, examiner)
    if after == before:
        return source
    errors = Printer(stderr=True, soft_wrap=True)
    errors.print(fixing.difference(source.file, before, after), end="")
    if not write:
        return source
    atomic.write_bytes(path, after)
    (again,) = sources.read([path])
    return again if isinstance(again, sources.Source) else source


def _left(found: list[Finding], source: Source, examiner: Examiner) -> list[Finding]:
    """Return findings with what has to be written by hand, as it was not rewritten."""
    from dataclasses import replace

    from fitspec.conformance.upgrade import fixing

    left = fixing.by_hand(source, Path(source.file).read_bytes(), examiner) if found else {}
    return [replace(item, by_hand=left.get(item, "")) for item in found]


def _print(found: list[Finding], read: int, form: str, console: Console) -> None:
    if form == "terminal":
        from fitspec.conformance.terminal.upgrading import render

        render(found, read, console)
        return
    from importlib.metadata import version

    from fitspec.conformance.exports.upgrading import as_annotations, as_json, as_sarif

    if form == "github":
        # Commands to the log of a CI, which a console would make harmless, and which reads UTF-8.
        sys.stdout.flush()
        sys.stdout.buffer.write(as_annotations(found).encode())
        return
    text = as_json(found) if form == "json" else as_sarif(found, version("fitspec"))
    console.print(text, soft_wrap=True, end="")
