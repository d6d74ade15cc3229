"""A comparison as a person reads it: in a terminal, as Markdown, as a page."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from rich.text import Text

from fitspec.conformance.changes.sections import SEE, Entry, not_compared, sections, totals
from fitspec.conformance.terminal.layout import indented, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from fitspec.conformance.changes.compare import Comparison
    from fitspec.conformance.changes.sections import Causes

#: In a terminal no more ids than that are listed of what was examined on one side alone.
_LISTED = 12
#: The rows that are values, not sentences.
_CODE = ("expected", "observed", "for")


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
        console.print(
            Text(f"{_capitalised(section.kind)}: {_clauses(section.count)}", "bold underline")
        )
        console.print(Text(section.lead, "dim"))
        for method, entries in section.methods:
            console.print()
            console.print(Text(method, "bold"))
            for entry in entries:
                _print_entry(entry, console)
    console.print()
    console.print(Text(totals(comparison), "bold"))
    for name, clauses in not_compared(comparison):
        more = f", and {len(clauses) - _LISTED} more" if len(clauses) > _LISTED else ""
        listed = f"{', '.join(clauses[:_LISTED])}{more}"
        console.print(Text(f"Examined on {name} alone: {_clauses(len(clauses))}.", "dim"))
        console.print(indented(Text(listed, "dim")))


def _print_entry(entry: Entry, console: Console) -> None:
    lines = list(entry.rows)
    if entry.clauses != (entry.heading,):
        lines.insert(0, (_noun(entry), ", ".join(entry.clauses)))
    console.print(indented(Text.assemble((entry.heading, "bold"), f"  {entry.verdicts}".rstrip())))
    console.print(indented(indented(told(lines))))


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
        _capitalised(totals(comparison)),
    ]
    for section in sections(comparison, causes):
        heading = f"{_capitalised(section.kind)}: {_clauses(section.count)}"
        lines += ["", f"## {heading}", "", section.lead]
        for method, entries in section.methods:
            lines += ["", f"### `{method}`"]
            for entry in entries:
                lines += ["", *_entry_lines(entry)]
    if not_compared(comparison):
        lines += ["", "## Not compared"]
    for name, clauses in not_compared(comparison):
        listed = ", ".join(f"`{item}`" for item in clauses)
        lines += ["", f"Examined on {_plain(name)} alone, {_clauses(len(clauses))}: {listed}."]
    return "\n".join(lines) + "\n"


def _entry_lines(entry: Entry) -> Iterator[str]:
    is_id = entry.clauses == (entry.heading,)
    heading = f"`{entry.heading}`" if is_id else _plain(entry.heading)
    suffix = f" ({entry.verdicts})" if entry.verdicts else ""
    yield f"**{heading}**{suffix}"
    yield ""
    if not is_id:
        yield f"- {_noun(entry)}: {', '.join(f'`{item}`' for item in entry.clauses)}"
    for label, text in entry.rows:
        yield f"- {label}: {_told(label, text)}"


def _told(label: str, text: str) -> str:
    if label == SEE:
        return f"<{text}>"
    return f"`{text}`" if label in _CODE and "`" not in text else _plain(text)


def _plain(text: str) -> str:
    """Return text on one line so that Markdown shows it as it is, but for code in backquotes.

    What stands in backquotes is code to Markdown already, and shown as it is.
    """
    flat = " ".join(text.split())
    if flat.count("`") % 2:
        flat = flat.replace("`", "\\`")
    parts = flat.split("`")
    return "`".join(part if place % 2 else _escaped(part) for place, part in enumerate(parts))


def _escaped(text: str) -> str:
    for mark in "\\*_[]<>|#":
        text = text.replace(mark, f"\\{mark}")
    return text


def page(comparison: Comparison, causes: Causes) -> str:
    """Return a comparison as one page of HTML that needs no other file.

    Args:
        comparison: of two sides.
        causes: why implementations fall short, as far as that is known.
    """
    before, after = comparison.before, comparison.after
    title = html.escape(f"{before.name} → {after.name}")
    body = [f"<h1>{title}</h1>", "<dl>"]
    for label, side in (("from", before), ("to", after)):
        versions = f"<small>{html.escape(side.versions)}</small>"
        body.append(f"<dt>{label}</dt><dd>{html.escape(side.name)} {versions}</dd>")
    body += ["</dl>", f"<p>{html.escape(_capitalised(totals(comparison)))}</p>"]
    for section in sections(comparison, causes):
        heading = f"{_capitalised(section.kind)}: {_clauses(section.count)}"
        anchor = section.kind.replace(" ", "-")
        body += [f'<section aria-labelledby="{anchor}">', f'<h2 id="{anchor}">{heading}</h2>']
        body.append(f"<p>{html.escape(section.lead)}</p>")
        for method, entries in section.methods:
            body += [f"<h3><code>{html.escape(method)}</code></h3>"]
            for entry in entries:
                body += _entry_elements(entry)
        body.append("</section>")
    for name, clauses in not_compared(comparison):
        summary = f"Examined on {html.escape(name)} alone: {_clauses(len(clauses))}"
        listed = " ".join(f"<code>{html.escape(item)}</code>" for item in clauses)
        body.append(f"<details><summary>{summary}</summary><p>{listed}</p></details>")
    return "\n".join([_HEAD, f"<title>{title}</title>", "<main>", *body, "</main>", "</html>", ""])


def _entry_elements(entry: Entry) -> Iterator[str]:
    heading = html.escape(entry.heading)
    verdicts = f" <small>{html.escape(entry.verdicts)}</small>" if entry.verdicts else ""
    is_id = entry.clauses == (entry.heading,)
    code = f"<code>{heading}</code>" if is_id else heading
    yield f"<article><h4>{code}{verdicts}</h4>"
    yield "<dl>"
    if not is_id:
        listed = " ".join(f"<code>{html.escape(item)}</code>" for item in entry.clauses)
        yield f"<dt>{_noun(entry)}</dt><dd>{listed}</dd>"
    for label, text in entry.rows:
        safe = html.escape(text)
        shown = f'<a href="{safe}">{safe}</a>' if label == SEE else safe
        yield f"<dt>{html.escape(label)}</dt><dd>{shown}</dd>"
    yield "</dl></article>"


_HEAD = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1rem; margin: 0.5rem 0; }
dt { opacity: 0.75; }
dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
article { border-top: 1px solid; padding: 0.5rem 0; }
article h4 { margin: 0; }
code { overflow-wrap: anywhere; }
</style>"""


def _noun(entry: Entry) -> str:
    return "clause" if len(entry.clauses) == 1 else "clauses"


def _clauses(count: int) -> str:
    return "1 clause" if count == 1 else f"{count} clauses"


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
