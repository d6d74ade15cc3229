"""The pages under docs/deviations: why an implementation does not pass, one line a clause.

`python tests/implementations/deviations.py` writes them anew from the records in `shortfalls/`.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from fitspec import spec
from fitspec.conformance.implementations import known

HERE = Path(__file__).resolve().parent
PAGES = HERE.parents[1] / "docs" / "deviations"


def shortfalls() -> list[dict[str, Any]]:
    """Return the entries of all records, a file for each family of implementations."""
    files = sorted((HERE / "shortfalls").glob("*.toml"))
    return [
        entry for file in files for entry in tomllib.loads(file.read_text("utf-8"))["shortfall"]
    ]


def subjects() -> list[str]:
    """Return the implementations that fall short of something."""
    return sorted({name for entry in shortfalls() for name in entry["of"]})


def page(subject: str) -> str:
    """Return the page of one implementation as Markdown."""
    title = known()[subject].title
    clauses = list(spec.contract().clauses)
    entries = [entry for entry in shortfalls() if subject in entry["of"]]
    entries.sort(key=lambda entry: clauses.index(entry["clause"]))
    lines = [
        f"# Why {title} does not pass",
        "",
        f"Every verdict of `fitspec run {subject}` that is no pass, with the cause found in",
        "its sources. `fitspec explain CLAUSE` says what the clause demands, and who says so.",
        "",
        "| clause | verdict | cause |",
        "| --- | --- | --- |",
    ]
    for entry in entries:
        cause = entry["cause"].replace("|", "\\|")
        verdict = f"{entry['verdict']}{' at times' if entry.get('at_times') else ''}"
        lines.append(f"| `{entry['clause']}` | {verdict} | {cause} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGES.mkdir(exist_ok=True)
    for name in subjects():
        (PAGES / f"{name}.md").write_text(page(name), "utf-8")
