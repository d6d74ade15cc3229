"""A comparison as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.conformance.changes.sections import SEE, not_compared, sections, totals
from fitspec.conformance.exports.markdown import escaped
from fitspec.conformance.report.hostile import visible
from fitspec.conformance.report.telling import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fitspec.conformance.changes.compare import Comparison
    from fitspec.conformance.changes.sections import Causes, Item

#: The rows that are values, not sentences.
_CODE = ("expected", "observed", "for")


def markdown(comparison: Comparison, causes: Causes, *, title: str = "") -> str:
    """Return a comparison as Markdown, ended by a newline.

    Args:
        comparison: of two sides.
        causes: why implementations fall short, as far as that is known.
        title: of the whole; without one, the names of the sides.
    """
    before, after = comparison.before, comparison.after
    lines = [
        f"# {_plain(title or f'{before.name} → {after.name}')}",
        "",
        "| | | |",
        "| --- | --- | --- |",
        f"| from | {_plain(before.name)} | {_plain(before.versions)} |",
        f"| to | {_plain(after.name)} | {_plain(after.versions)} |",
        "",
        totals(comparison).capitalize(),
    ]
    for section in sections(comparison, causes):
        lines += ["", f"## {section.heading}", "", section.lead]
        for method, entries in section.methods:
            lines += ["", f"### `{method}`"]
            for item in entries:
                lines += ["", *_item_lines(item)]
    if not_compared(comparison):
        lines += ["", "## Not compared"]
    for name, clauses in not_compared(comparison):
        listed = ", ".join(f"`{item}`" for item in clauses)
        lines += [
            "",
            f"Examined on {_plain(name)} alone, {counted(len(clauses), 'clause')}: {listed}.",
        ]
    return "\n".join(lines) + "\n"


def _item_lines(item: Item) -> Iterator[str]:
    heading = f"`{item.heading}`" if item.is_clause else _plain(item.heading)
    suffix = f" ({item.verdicts})" if item.verdicts else ""
    yield f"**{heading}**{suffix}"
    yield ""
    if not item.is_clause:
        yield f"- {item.noun}: {', '.join(f'`{clause}`' for clause in item.clauses)}"
    for label, text in item.rows:
        yield f"- {label}: {_told(label, text)}"


def _told(label: str, text: str) -> str:
    if label == SEE:
        return f"<{text}>"
    return f"`{text}`" if label in _CODE and "`" not in text else _plain(text)


def _plain(text: str) -> str:
    """Return text on one line so that Markdown shows it as it is, but for code in backquotes.

    What stands in backquotes is code to Markdown already, and shown as it is.
    """
    flat = " ".join(visible(text).split())
    if flat.count("`") % 2:
        return escaped(flat)
    parts = flat.split("`")
    return "`".join(part if place % 2 else escaped(part) for place, part in enumerate(parts))
