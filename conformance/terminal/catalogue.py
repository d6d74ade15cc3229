"""The contract as a person reads it in a terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from fitspec import spec
from fitspec.conformance.checks.index import index
from fitspec.conformance.checks.realised import places
from fitspec.conformance.report.telling import counted
from fitspec.conformance.terminal.layout import indented, told
from fitspec.spec.clause_lines import clause_lines

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from rich.console import Console

#: From this width on a statement has room beside the id of its clause.
_WIDE = 120


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
    if console.width < _WIDE:
        _print_narrow(console, chosen)
    else:
        _print_wide(console, chosen)
    checked = sum(item.id in index() for item in chosen)
    total = len(contract.clauses)
    console.print(Text(f"{len(chosen)} of {total} clauses; {checked} of them have a check (✓)."))


def _print_wide(console: Console, chosen: Sequence[spec.Clause]) -> None:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for style in ("", "dim", "dim"):
        table.add_column(no_wrap=True, style=style)
    table.add_column()
    for item in chosen:
        table.add_row(item.id, item.level, _mark(item), Text(item.statement))
    console.print(table)


def _print_narrow(console: Console, chosen: Sequence[spec.Clause]) -> None:
    for item in chosen:
        console.print(Text.assemble(item.id, (f"  {item.level} {_mark(item)}".rstrip(), "dim")))
        console.print(indented(Text(item.statement), 4))


def _mark(item: spec.Clause) -> str:
    return "✓" if item.id in index() else " "


def print_explanation(console: Console, asked: str) -> None:
    """Print one clause, or of an argument or method what its clauses say and where they stand.

    Args:
        console: where to.
        asked: the id of a clause; or a method, an argument, or both, such as `fit.shuffle`.

    Raises:
        UnknownClause: there is no such clause, and none about such an argument.
    """
    about = _clauses_about(asked)
    if asked in spec.contract().clauses or not about:
        print_clause(console, asked)
        console.print(end="\n" if about else "")
    if about:
        _print_places_of(console, about)
        console.print(Text(_elsewhere(asked, about)), end="")


def _clauses_about(asked: str) -> Sequence[spec.Clause]:
    """Find clauses by what their ids begin with, or by the argument that they name elsewhere.

    An argument without a method is that of each method that has it. What is a whole id itself
    begins some and names no argument.
    """
    method, _, argument = asked.rpartition(".")
    clauses = [item for item in spec.contract().clauses.values() if method in ("", item.method)]
    begun = [item for item in clauses if item.id.startswith(f"{asked}.")]
    if begun or asked in spec.contract().clauses:
        return begun
    return [item for item in clauses if item.topic == argument] or [
        item
        for item in clauses
        if argument in re.split(r"[.-]", item.id) or f"`{argument}`" in item.statement
    ]


def _elsewhere(asked: str, about: Sequence[spec.Clause]) -> str:
    """Return what tells where an argument is realised, if that is so for other methods alone."""

    def realised(clauses: Sequence[spec.Clause]) -> bool:
        return any(item.realised or item.id in places() for item in clauses)

    argument = asked.rpartition(".")[2]
    if realised(about) or not realised(_clauses_about(argument)):
        return ""
    return f"`fitspec explain {argument}` tells where it is realised for other methods.\n"


def _print_places_of(console: Console, chosen: Sequence[spec.Clause]) -> None:
    for item in chosen:
        console.print(Text.assemble((item.id, "bold"), (f"  {item.level}", "dim")))
        console.print(indented(Text(item.statement)))
        lines = [("recorded at", _record_of(item))]
        if item.realised:
            lines.append(("realised", item.realised))
        lines += [("realised at", f"{one.file}:{one.line}") for one in places().get(item.id, ())]
        if check := index().get(item.id):
            lines.append(("checked at", f"{check.file}:{check.line}"))
        console.print(indented(told(lines, gap=2)))
        console.print()
    count = counted(len(chosen), "clause")
    console.print(Text(f"{count}; `fitspec explain` shows one in full by its whole id."))


def print_clause(console: Console, clause_id: str) -> None:
    """Print one clause with its sources, its contradictions, what realises it and its check.

    Raises:
        UnknownClause: there is none of that id.
    """
    contract = spec.contract()
    item = contract.clause(clause_id)
    console.print(Text(item.id, "bold"))
    console.print(indented(Text(item.statement)))
    console.print()
    stated = [f"{number}  {contract.documents[number].title}" for number in item.documents]
    lines = [
        ("level", item.level),
        ("profiles", ", ".join(item.profiles) or "none"),
        *(("stated in", text) for text in stated or ["no document"]),
        ("observe", item.observe),
        ("reason", item.reason or ""),
        ("depends on", ", ".join(item.depends)),
        ("recorded at", _record_of(item)),
    ]
    console.print(indented(told([line for line in lines if line[1]], gap=2)))
    for contradiction in contract.contradictions_of(item.id):
        console.print()
        console.print(indented(Text(f"{contradiction.id}: {contradiction.title}", "bold")))
        console.print(indented(Text(f"resolved: {contradiction.resolution}"), 4))
        console.print(indented(Text(f"because: {contradiction.reason}"), 4))
    console.print()
    _print_places(console, item)
    check = index().get(item.id)
    if check is None:
        console.print(indented(Text("No check covers this clause yet.", "bold")))
        return
    console.print(indented(Text(f"checked at {check.file}:{check.line}", "dim")))
    console.print(indented(_code(check.source.rstrip())))


def _record_of(item: spec.Clause) -> str:
    file, line = clause_lines()[item.id]
    return f"spec/{file}:{line}"


def _print_places(console: Console, item: spec.Clause) -> None:
    if item.realised:
        console.print(indented(Text(f"realised without a line of its own: {item.realised}", "dim")))
        console.print()
    for place in places().get(item.id, ()):
        where = f"{place.file}:{place.line}" + (f", in {place.within}" if place.within else "")
        console.print(indented(Text(f"realised at {where}", "dim")))
        console.print(indented(_code(place.source)))
        console.print()


def _code(source: str) -> Syntax:
    return Syntax(source, "python", background_color="default", word_wrap=True)
