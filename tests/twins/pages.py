"""The pages under docs/twins: what a twin changes in the reference, one line a deviation.

`python tests/twins/pages.py` writes them anew from the tables of deviations and of twins.
"""

from __future__ import annotations

import re
from pathlib import Path

from fitspec.conformance.implementations import table, twins
from fitspec.conformance.implementations.registry import deviations, known

PAGES = Path(__file__).resolve().parents[2] / "docs" / "twins"
#: Address of an issue or pull request: its repository's name, and its number.
REPORTED = re.compile(r"https://github\.com/[\w.-]+/([\w.-]+)/(?:issues|pull)/([1-9]\d*)")


def exceptions() -> dict[str, dict[str, str]]:
    """Return where twins get other verdicts than the real ones, and why."""
    return twins.read_exceptions(table.file().with_name(twins.EXCEPTIONS))


def subjects() -> list[str]:
    """Return the implementations that have a twin."""
    return sorted({name for each in deviations() for name in each.of})


def page(name: str) -> str:
    """Return the page of one twin as Markdown: a row for each deviation."""
    lines = [
        f"# The twin of {known()[name].title}",
        "",
        f"`fitspec run twin:{name}` runs the reference with these changes, which are what that",
        "implementation does otherwise than its documents say.",
        "",
        "| deviation | what differs | clauses | in its sources |",
        "| --- | --- | --- | --- |",
    ]
    for each in deviations():
        if name in each.of:
            clauses = " ".join(f"`{clause}`" for clause in each.clauses)
            lines.append(f"| `{each.id}` | {each.says} | {clauses} | {_where(each)} |")
    if apart := exceptions().get(name):
        lines += [
            "",
            "On these clauses it gets another verdict, or shows another behaviour:",
            "",
            "| clause | why |",
        ]
        lines += ["| --- | --- |", *(f"| `{clause}` | {why} |" for clause, why in apart.items())]
    return "\n".join([*lines, ""])


def _where(deviation: twins.Deviation) -> str:
    found = REPORTED.fullmatch(deviation.link)
    if found is None:
        return deviation.source
    return f"{deviation.source}, [{found.group(1)}#{found.group(2)}]({deviation.link})"


if __name__ == "__main__":
    PAGES.mkdir(exist_ok=True)
    for subject in subjects():
        (PAGES / f"{subject}.md").write_text(page(subject), "utf-8")
