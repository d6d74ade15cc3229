"""A comparison as a person reads it in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from fitspec.conformance.changes.sections import not_compared, sections, totals
from fitspec.conformance.report.telling import counted
from fitspec.conformance.terminal.layout import indented, told

if TYPE_CHECKING:
    from rich.console import Console

    from fitspec.conformance.changes.compare import Comparison
    from fitspec.conformance.changes.sections import Causes, Item

#: In a terminal no more ids than that are listed of what was examined on one side alone.
_LISTED = 12


def render(comparison: Comparison, causes: Causes, console: Console) -> None:
    """Print a comparison.

    Args:
        comparison: of two sides.
        causes: why implementations fall short, as far as that is known.
        console: where to.
    """
    for label, side in (("from", comparison.before), ("to", comparison.after)):
        console.print(
            Text.assemble(
                (f"{label:<5}", "dim"), (side.name, "bold"), (f"  {side.versions}", "dim")
            )
        )
    for section in sections(comparison, causes):
        console.print()
        console.print(Text(section.heading, "bold underline"))
        console.print(Text(section.lead, "dim"))
        for method, entries in section.methods:
            console.print()
            console.print(Text(method, "bold"))
            for item in entries:
                _print_item(item, console)
    console.print()
    console.print(Text(totals(comparison), "bold"))
    for name, clauses in not_compared(comparison):
        more = f", and {len(clauses) - _LISTED} more" if len(clauses) > _LISTED else ""
        listed = f"{', '.join(clauses[:_LISTED])}{more}"
        console.print(Text(f"Examined on {name} alone: {counted(len(clauses), 'clause')}.", "dim"))
        console.print(indented(Text(listed, "dim")))


def _print_item(item: Item, console: Console) -> None:
    ids = [] if item.is_clause else [(item.noun, ", ".join(item.clauses))]
    console.print(indented(Text.assemble((item.heading, "bold"), f"  {item.verdicts}".rstrip())))
    console.print(indented(indented(told([*ids, *item.rows]))))
