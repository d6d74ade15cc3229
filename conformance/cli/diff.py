"""``fitspec diff A B``: what changes from one report or implementation to another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from rich.console import Console

    from fitspec.conformance.changes.compare import Side
    from fitspec.conformance.report.report import Report

_SIDE = "FILE|FILE:NAME|IMPLEMENTATION"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to its parser."""
    parser.description = (
        "Show what starts to fail, what starts to pass, and which behaviours change that no "
        "document settles. A side is a report file, FILE:NAME where it holds several "
        "implementations, or an implementation, such as keras@2.3, which is run unless the history "
        "that comes with fitspec has it."
    )
    parser.epilog = "Exit status: 0 nothing starts to fail, 1 something does."
    parser.add_argument("before", metavar=_SIDE, help="what one comes from")
    parser.add_argument("after", metavar=_SIDE, help="what one goes to")
    parser.add_argument(
        "--run", action="store_true", help="run the implementations, whatever the history has"
    )
    parser.add_argument("--markdown", action="store_true", help="print Markdown")
    parser.add_argument("--page", type=Path, metavar="FILE", help="write a page of HTML")
    parser.set_defaults(action=_diff)


def _diff(options: argparse.Namespace, console: Console) -> int:
    # Imported here: `fitspec --help` shall not wait for them.
    from fitspec.conformance.changes.causes import causes_in
    from fitspec.conformance.changes.compare import Kind, compare
    from fitspec.conformance.changes.sides import sides
    from fitspec.conformance.gate import expected
    from fitspec.conformance.system import atomic

    atomic.check_destination(options.page, "page")
    known = (lambda _: None) if options.run else _in_history
    comparison = compare(*sides(options.before, options.after, _run, known))
    _tell_other_checks(comparison.otherwise_checked)
    causes = causes_in((comparison.before, comparison.after), expected.known_causes())
    if options.page is not None:
        from fitspec.conformance.site.differences import page

        atomic.write_text(options.page, page(comparison, causes))
    if options.markdown:
        from fitspec.conformance.exports.differences import markdown

        text = markdown(comparison, causes)
        console.print(text, soft_wrap=True, end="")
    else:
        from fitspec.conformance.terminal import differences

        differences.render(comparison, causes, console)
    return 1 if comparison.of(Kind.STARTS_TO_FAIL) else 0


def _in_history(text: str) -> Side | None:
    """Return the version that is meant, if the history has it, and say so."""
    from fitspec.conformance.history import storing
    from fitspec.conformance.terminal.printer import Printer

    history = storing.shipped()
    held = history.find(text)
    if held is None:
        return None
    errors = Printer(stderr=True, soft_wrap=True)
    errors.print(
        f"{text}: {held.name}, from the history, as it was on {held.finished[:10]}; "
        "nothing is installed or run, which --run does"
    )
    return history.side(held, called=text)


def _tell_other_checks(clauses: Sequence[str]) -> None:
    """Say which changes may come of the checks, as both sides were decided at different times."""
    from fitspec.conformance.terminal.printer import Printer

    if clauses:
        Printer(stderr=True, soft_wrap=True).print(
            "decided by another check on one of both, which may be why they differ; --run asks "
            f"both by the same: {', '.join(clauses)}"
        )


def _run(names: Sequence[str]) -> Report:
    """Run implementations, each in a process of its own, and show how far they are."""
    from fitspec.conformance.running import several
    from fitspec.conformance.terminal.printer import Printer
    from fitspec.conformance.terminal.progress import EachOfSeveral

    with EachOfSeveral(Printer(stderr=True), len(names)) as watcher:
        return several.run(*names, watcher=watcher)
