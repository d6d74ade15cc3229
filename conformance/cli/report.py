"""``fitspec report``: a site of pages from report files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fitspec.conformance.cli.arguments import add_history, known_history

if TYPE_CHECKING:
    import argparse

    from rich.console import Console


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to its parser."""
    parser.description = (
        "Make pages of HTML from reports: the matrix, a page for each clause and each "
        "implementation, what changes between any two, and pictures. They work from a folder and "
        "on any web server."
    )
    parser.epilog = "Exit status: 0 the pages are written, 2 wrong usage, 3 they could not be."
    parser.add_argument(
        "reports",
        nargs="*",
        type=Path,
        metavar="REPORT.ndjson",
        help="what `fitspec run --report` wrote; nothing: the versions of the history",
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="DIR", required=True, help="the folder for the pages"
    )
    parser.add_argument(
        "--expect",
        type=Path,
        metavar="FILE",
        help="expectations.toml, whose reasons are shown beside those that come with fitspec",
    )
    add_history(parser)
    parser.add_argument(
        "--png", action="store_true", help="the pictures as PNG as well; needs fitspec[pictures]"
    )
    parser.set_defaults(action=_report)


def _report(options: argparse.Namespace, console: Console) -> int:
    # Imported here: `fitspec --help` shall not wait for them.
    from fitspec.conformance.gate import expected
    from fitspec.conformance.history.as_reports import as_reports
    from fitspec.conformance.implementations import registry
    from fitspec.conformance.report import reading
    from fitspec.conformance.report.telling import counted
    from fitspec.conformance.site import overview, pages, picture_files, whole_folder

    if options.png:
        picture_files.check_png()
    whole_folder.check_destination(options.output)
    history = known_history(options)
    found = [reading.read(path) for path in options.reports] or as_reports(history)
    own = expected.read(options.expect) if options.expect is not None else ()
    # Files come in the order of the alphabet; the table has the versions one after the other.
    versions = [] if options.reports else [item.subject.name for item in history.versions]
    order = versions or list(registry.known())
    content = overview.site_of(found, [own, expected.known_causes()], order)
    files = whole_folder.write(pages.pages(content, history, png=options.png), options.output)
    columns = counted(len(content.columns), "implementation")
    console.print(
        f"{options.output / 'index.html'}: {len(content.rows)} clauses, {columns}; {files} files",
        soft_wrap=True,
    )
    return 0
