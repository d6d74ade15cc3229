"""The pages under docs/deviations: why an implementation does not pass, one line a cause.

`python tests/implementations/deviations.py` writes them anew from the records in
`adapters/tables/shortfalls`, which are files of expectations.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from fitspec import spec
from fitspec.conformance.gate.expected import known_causes
from fitspec.conformance.implementations.registry import known

HERE = Path(__file__).resolve().parent
PAGES = HERE.parents[1] / "docs" / "deviations"
#: Address of an issue or pull request: its repository's name, and its number.
REPORTED = re.compile(r"https://github\.com/[\w.-]+/([\w.-]+)/(?:issues|pull)/([1-9]\d*)")


def shortfalls() -> list[dict[str, Any]]:
    """Return what is known of implementations that fall short, an entry for each clause."""
    return [
        {
            "clause": clause,
            "of": list(entry.of),
            "verdict": str(entry.verdict),
            "cause": entry.reason,
            "link": entry.link or None,
            "at_times": entry.at_times,
        }
        for entry in known_causes()
        for clause in entry.clauses
    ]


def subjects() -> list[str]:
    """Return the implementations that fall short of something."""
    return sorted({name for entry in shortfalls() for name in entry["of"]})


def explained(entry: dict[str, Any]) -> str:
    """Return the cause of an entry as Markdown, with its link at the end of the sentence.

    Raises:
        ValueError: the link is no issue or pull request.
    """
    text: str = entry["cause"].replace("|", "\\|").replace("][", "]\\[")
    link = entry.get("link")
    if link is None:
        return text
    found = REPORTED.fullmatch(link)
    if found is None:
        raise ValueError(f"link: {link!r} is not the address of an issue or pull request")
    repository, number = found.groups()
    return f"{text.removesuffix('.')} ([{repository}#{number}]({link}))."


def page(subject: str) -> str:
    """Return the page of one implementation as Markdown: a row for each cause.

    Clauses stand in the order of the contract, and a cause where its first clause does.
    """
    title = known()[subject].title
    clauses = list(spec.contract().clauses)
    entries = [entry for entry in shortfalls() if subject in entry["of"]]
    entries.sort(key=lambda entry: clauses.index(entry["clause"]))
    rows: dict[tuple[str, str], list[str]] = {}
    for entry in entries:
        verdict = f"{entry['verdict']}{' at times' if entry.get('at_times') else ''}"
        rows.setdefault((verdict, explained(entry)), []).append(f"`{entry['clause']}`")
    lines = [
        f"# Why {title} does not pass",
        "",
        f"Every verdict of `fitspec run {subject}` that is no pass, with the cause found in",
        "its sources. `fitspec explain CLAUSE` says what the clause demands, and who says so.",
        "",
        "| clauses | verdict | cause |",
        "| --- | --- | --- |",
    ]
    for (verdict, text), about in rows.items():
        lines.append(f"| {' '.join(about)} | {verdict} | {text} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGES.mkdir(exist_ok=True)
    for name in subjects():
        (PAGES / f"{name}.md").write_text(page(name), "utf-8")
