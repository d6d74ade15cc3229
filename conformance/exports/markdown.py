"""A report as Markdown, for the summary of a CI."""

from __future__ import annotations

import html
import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from fitspec.conformance.gate.expected import cause_of, find
from fitspec.conformance.report.hostile import visible
from fitspec.conformance.report.telling import alike, expected, fault
from fitspec.conformance.report.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fitspec.conformance.gate.expected import Entry
    from fitspec.conformance.report.report import Report, Subject
    from fitspec.conformance.report.verdicts import Finding

#: More of a value than that is not read in a table, in signs.
_LONGEST: Final = 160
#: CIs refuse summaries of more than about a million bytes.
_MOST_ROWS: Final = 500
#: What Markdown, or a code host's flavour of it, would take for something else inside a line.
_SIGNS: Final = re.compile(r"([\\`*_\[\]~|#@$])")


def markdown(report: Report, entries: Sequence[Entry] | None = None) -> str:
    """Return a summary: a row for each implementation, then what fell short, folded away.

    Args:
        report: of a run.
        entries: which verdicts are known not to be a pass; what is as expected is then told apart.
    """
    lines = ["## Conformance to the documented Keras Model API", "", *_totals(report, entries)]
    title = "What fell short" if entries is None else "What fell short and is not expected"
    # A pass over the findings for each table: those of a long report are not held.
    rest = (
        item
        for item, entry in _fell_short(report, entries or ())
        if entry is None and item.verdict is not Verdict.UNAVAILABLE
    )
    fallen, amount = _fallen(rest)
    if amount:
        lines += _folded(f"{title}: {amount}", fallen, unfolded=entries is not None)
    passed = list(_passed(report, entries or ()))
    if passed:
        lines += _folded(f"What passes and is not expected: {len(passed)}", passed, unfolded=True)
    met = list(_met(report, entries or ()))
    if met:
        columns = [_row(["clause", "verdict", "implementation", "reason"]), _row(["---"] * 4)]
        lines += _folded(f"What fell short as expected: {len(met)}", [*columns, *met])
    header = report.header
    last = (
        f"{header['checked']} of the contract's {header['clauses']} clauses were examined, with"
        f" fitspec {cell(str(header['fitspec']))}, {cell(str(header['finished']))}."
    )
    lines += ["", last]
    return "\n".join(lines) + "\n"


def cell(text: str) -> str:
    """Return text of anybody's as it may stand in a cell: as it is, on one line, not too long."""
    cut = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return escaped(" ".join(visible(cut).split()))


def escaped(text: str) -> str:
    """Return text in which every sign stands for itself, to Markdown and to HTML."""
    return html.escape(_SIGNS.sub(r"\\\1", text), quote=False)


def _code(text: str) -> str:
    return f"<code>{cell(text)}</code>" if text.strip() else ""


def _fell_short(report: Report, entries: Sequence[Entry]) -> Iterator[tuple[Finding, Entry | None]]:
    """Yield what fell short, with what expects it to."""
    versions = {subject.name: subject.versions for subject in report.subjects}
    for item in report.findings:
        if item.fell_short:
            yield item, cause_of(item, versions[item.implementation], entries)


def _totals(report: Report, entries: Sequence[Entry] | None) -> Iterator[str]:
    counts = {subject.name: report.counts(subject.name) for subject in report.subjects}
    met = Counter(
        item.implementation for item, entry in _fell_short(report, entries or ()) if entry
    )
    verdicts = [
        item
        for item in Verdict
        if item not in (Verdict.PASS, Verdict.UNAVAILABLE)
        and any(of_one[item] for of_one in counts.values())
    ]
    columns = ["implementation", "passed", *verdicts, *(["as expected"] if entries else [])]
    yield _row([*columns, "versions"])
    yield _row(["---", *("---:" for _ in columns[1:]), "---"])
    for subject in report.subjects:
        own = counts[subject.name]
        passed = f"{own[Verdict.PASS]} of {own.total()}" if subject.available else "?"
        yield _row(
            [
                f"**{cell(subject.name)}**",
                passed,
                *(str(own[item] or "") for item in verdicts),
                *([str(met[subject.name])] if entries else []),
                _versions(subject),
            ]
        )
    for words in report.faults:
        yield ""
        yield f"**{cell(fault(words))}**"


def _versions(subject: Subject) -> str:
    if not subject.available:
        return f"could not be started: {cell(subject.reason)}"
    return cell(subject.made_of)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _folded(title: str, rows: Sequence[str], *, unfolded: bool = False) -> list[str]:
    shown = [*rows[:_MOST_ROWS]]
    if len(rows) > _MOST_ROWS:
        shown += ["", f"{len(rows) - _MOST_ROWS} more are in the report."]
    start = f"<details{' open' if unfolded else ''}><summary>{title}</summary>"
    return ["", start, "", *shown, "", "</details>"]


def _fallen(findings: Iterable[Finding]) -> tuple[list[str], int]:
    """Return a table in which those that fell short alike share a row, and how many they are."""
    groups = alike(findings)
    table = [
        _row(["clause", "verdict", "implementations", "expected", "observed"]),
        _row(["---"] * 5),
        *(
            _row(
                [
                    _code(same[0].clause),
                    str(same[0].verdict),
                    cell(", ".join(item.implementation for item in same)),
                    _code(expected(same[0])),
                    _code(same[0].observed),
                ]
            )
            for same in groups
        ),
    ]
    return table, sum(map(len, groups))


def _passed(report: Report, entries: Sequence[Entry]) -> Iterator[str]:
    for subject in report.subjects:
        for item in report.of(subject.name):
            entry = find(entries, item.clause, subject.name, subject.versions)
            if item.verdict is Verdict.PASS and entry is not None and not entry.at_times:
                yield f"- {_code(item.clause)} on {cell(subject.name)}, expected {entry.verdict}"


def _met(report: Report, entries: Sequence[Entry]) -> Iterator[str]:
    for item, entry in _fell_short(report, entries):
        if entry is not None:
            yield _row(
                [
                    *(_code(item.clause), str(item.verdict), cell(item.implementation)),
                    cell(entry.reason),
                ]
            )
