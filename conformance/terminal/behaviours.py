"""What implementations do where the documents leave it open, as a person reads it in a terminal."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text

from fitspec import spec
from fitspec.conformance.report.hostile import shortened, visible
from fitspec.conformance.report.telling import LONGEST
from fitspec.conformance.terminal.layout import indented

if TYPE_CHECKING:
    from rich.console import Console

    from fitspec.conformance.report.report import Report


def render(report: Report, console: Console, *, sentences: bool = False) -> None:
    """Print which behaviour each implementation showed.

    Args:
        report: of a run.
        console: where to.
        sentences: whether to say what each clause is about.
    """
    observed = [item for item in report.findings if item.behaviour is not None]
    if not observed:
        return
    console.print()
    console.print(Text("What the documents leave open", "bold underline"))
    clauses = spec.contract().clauses
    place = spec.contract().places()
    ordered = sorted(observed, key=lambda item: place(item.clause))
    for clause_id, of_clause in groupby(ordered, key=lambda item: item.clause):
        console.print()
        console.print(Text(clause_id, "bold"))
        if sentences:
            console.print(indented(Text(clauses[clause_id].statement, "dim")))
        seen: dict[str, list[str]] = defaultdict(list)
        for item in of_clause:
            seen[item.behaviour or ""].append(item.implementation)
        for behaviour, names in seen.items():
            words = shortened(visible(behaviour), LONGEST)
            console.print(indented(Text.assemble((", ".join(names), "dim"), f": {words}")))
