"""The page docs/implementations.md: how every implementation came out, in numbers.

`python tests/implementations/overview.py REPORTS` writes it from the reports that
`fitspec run --all --reports REPORTS` left.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fitspec.conformance.implementations.registry import known
from fitspec.conformance.report import reading
from fitspec.conformance.report.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fitspec.conformance.report.report import Report, Subject

PAGE = Path(__file__).resolve().parents[2] / "docs" / "implementations.md"
DEVIATIONS = PAGE.with_name("deviations")

#: In the order of the columns; whoever is unavailable has no verdicts.
SHOWN = tuple(verdict for verdict in Verdict if verdict is not Verdict.UNAVAILABLE)

INTRODUCTION = """\
# How every implementation comes out

One run of all of them: `fitspec run --all --reports DIR`. Each was installed with the versions
under [`adapters/tables/constraints`](../adapters/tables/constraints) and held against every
clause of its profiles. Where a number links, the page behind it has the cause of each verdict
that is no pass. Times are of a shared machine with two processors that ran two implementations
at a time; what is inside is spent in the implementation itself, the rest in starting workers and
in fitspec.
"""


def page(reports: Mapping[str, Report]) -> str:
    """Return the page as Markdown: a row for each implementation."""
    lines = [
        INTRODUCTION,
        f"| implementation | clauses | {' | '.join(SHOWN)} | time | of it inside |",
        f"| --- | ---: |{' ---: |' * len(SHOWN)} ---: | ---: |",
    ]
    lines += [row(found, found.subjects[0]) for found in reports.values()]
    started = min(str(found.header["started"]) for found in reports.values())

    lines += ["", f"Run on {started[:10]}.", ""]
    return "\n".join(lines)


def row(found: Report, subject: Subject) -> str:
    """Return the row of one implementation."""
    cells = [f"`{subject.name}`: {subject.title}"]
    if not subject.available:
        blank = [""] * (len(SHOWN) + 3)
        return f"| {cells[0]}, unavailable: {subject.reason} | {' | '.join(blank)} |"
    counts = found.counts(subject.name)
    link = f"deviations/{subject.name}.md"
    linked = (PAGE.parent / link).exists()
    numbers = [
        f"[{counts[verdict]}]({link})"
        if linked and counts[verdict] and verdict is not Verdict.PASS
        else str(counts[verdict] or "")
        for verdict in SHOWN
    ]
    cells += [str(counts.total()), *numbers]
    cells += [f"{subject.seconds:.0f} s", f"{subject.seconds_inside:.0f} s"]
    return f"| {' | '.join(cells)} |"


def read(folder: Path, names: Iterable[str]) -> dict[str, Report]:
    """Return the reports in a folder, by implementation and in the order of their names.

    Raises:
        FileNotFoundError: one is missing.
        ReportError: one is not whole.
    """
    return {name: reading.read(folder / f"{name}.ndjson") for name in names}


if __name__ == "__main__":
    PAGE.write_text(page(read(Path(sys.argv[1]), known())), "utf-8")
