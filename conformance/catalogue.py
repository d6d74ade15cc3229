"""The contract as a person reads it in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from fitspec import spec
from fitspec.conformance.index import index

if TYPE_CHECKING:
    import argparse

    from rich.console import Console


def print_list(console: Console, options: argparse.Namespace) -> None:
    """Print the clauses that the options leave, one a line, and how many they are.

    Raises:
        ValueError: an option names no known method, level, profile, document or status.
    """
    contract = spec.contract()
    chosen = contract.select(
        methods=options.method,
        levels=options.level,
        profiles=options.profile,
        documents=options.document,
        check=options.check,
        text=options.text,
    )
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(no_wrap=True, style="dim")
    table.add_column()
    for item in chosen:
        status = "✓" if item.id in index() else " "
        table.add_row(item.id, item.level, status, Text(item.statement))
    console.print(table)
    checked = sum(item.id in index() for item in chosen)
    total = len(contract.clauses)
    console.print(Text(f"{len(chosen)} of {total} clauses; {checked} of them have a check (✓)."))


def print_clause(console: Console, clause_id: str) -> None:
    """Print one clause with its sources, its contradictions and its check.

    Raises:
        UnknownClause: there is none of that id.
    """
    contract = spec.contract()
    item = contract.clause(clause_id)
    console.print(Text(item.id, "bold"))
    console.print(Padding(Text(item.statement), (0, 0, 1, 2)))
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    table.add_row("level", item.level)
    table.add_row("profiles", ", ".join(item.profiles) or "none")
    for number in item.documents:
        document = contract.documents[number]
        table.add_row("stated in", f"{number}  {document.title}")
    if not item.documents:
        table.add_row("stated in", "no document")
    table.add_row("observe", Text(item.observe))
    if item.reason:
        table.add_row("reason", Text(item.reason))
    if item.depends:
        table.add_row("depends on", ", ".join(item.depends))
    console.print(Padding(table, (0, 0, 0, 2)))
    for contradiction in contract.contradictions_of(item.id):
        console.print(Text(f"\n  {contradiction.id}: {contradiction.title}", "bold"))
        console.print(Padding(Text(f"resolved: {contradiction.resolution}"), (0, 0, 0, 4)))
        console.print(Padding(Text(f"because: {contradiction.reason}"), (0, 0, 0, 4)))
    check = index().get(item.id)
    console.print()
    if check is None:
        console.print(Padding(Text("No check covers this clause yet.", "bold"), (0, 0, 0, 2)))
        return
    console.print(
        Padding(Text(f"checked by {check.module}, line {check.line}", "dim"), (0, 0, 0, 2))
    )
    console.print(
        Padding(Syntax(check.source.rstrip(), "python", background_color="default"), (0, 0, 0, 2))
    )
