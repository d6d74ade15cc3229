"""The command `export`: a report in the forms that other programs read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fitspec.conformance.cli.arguments import add_reports

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from fitspec.conformance.gate.expected import Entry
    from fitspec.conformance.report.report import Report


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_reports(parser)
    parser.add_argument(
        "--expect",
        type=Path,
        metavar="FILE",
        help="expectations.toml: what is known not to pass is then told apart, with its reason",
    )
    parser.add_argument("--junit", type=Path, metavar="FILE", help="JUnit XML")
    parser.add_argument("--sarif", type=Path, metavar="FILE", help="SARIF 2.1.0")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="the summary of a CI")
    parser.add_argument(
        "--badges",
        type=Path,
        metavar="DIR",
        help="for each implementation and profile an SVG and the JSON of an endpoint",
    )
    parser.set_defaults(action=_export)


def _export(options: argparse.Namespace, console: Console) -> int:
    # Imported here: `fitspec --help` shall not wait for the contract.
    from fitspec.conformance.gate import expected
    from fitspec.conformance.report import merging
    from fitspec.conformance.system import atomic

    places = {name: getattr(options, name) for name in ("junit", "sarif", "markdown")}
    if options.badges is None and not any(places.values()):
        raise ValueError("export: no form; --junit, --sarif, --markdown or --badges was expected")
    for name, place in places.items():
        atomic.check_destination(place, name)
    _check_folder(options.badges)
    found = merging.read_all(options.reports)
    entries = expected.read(options.expect) if options.expect is not None else None
    texts = dict(_texts(options, found, entries))
    if options.badges is not None:
        options.badges.mkdir(exist_ok=True)
    for path, text in texts.items():
        atomic.write_text(path, text)
        console.print(str(path), soft_wrap=True)
    if options.badges is not None and not any(path.suffix == ".svg" for path in texts):
        words = "no badge: of no implementation was a whole profile examined"
        console.print(words, soft_wrap=True)
    return 0


def _check_folder(folder: Path | None) -> None:
    """Refuse a folder that could not be made or written to.

    Raises:
        ValueError: it could not.
    """
    from fitspec.conformance.system import atomic

    if folder is not None and folder.exists() and not folder.is_dir():
        raise ValueError(f"badges {folder}: this is a file; a folder was expected")
    if folder is not None:
        atomic.check_destination(folder / "badge" if folder.exists() else folder, "badges")


def _texts(
    options: argparse.Namespace, found: Report, entries: Sequence[Entry] | None
) -> Iterator[tuple[Path, str]]:
    """Yield what goes where."""
    from fitspec.conformance.exports import badges, junit, markdown, sarif

    if options.junit is not None:
        yield options.junit, junit.junit(found, entries or ())
    if options.sarif is not None:
        yield options.sarif, sarif.sarif(found, entries or ())
    if options.markdown is not None:
        yield options.markdown, markdown.markdown(found, entries)
    if options.badges is not None:
        for badge in badges.badges(found):
            yield options.badges / f"{badge.name}.svg", badge.svg
            yield options.badges / f"{badge.name}.json", badge.endpoint
