"""A report as one text, for who asserts in a test that nothing fell short, and failed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from fitspec.conformance.report import telling
from fitspec.conformance.report.hostile import visible
from fitspec.conformance.report.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fitspec.conformance.report.subject import Subject
    from fitspec.conformance.report.verdicts import Finding

#: So many findings are told in full, the others by their clauses alone.
IN_FULL: Final = 10
#: What is missing, or was not looked at, comes after what was done otherwise.
_LAST: Final = (Verdict.ABSENT, Verdict.BLOCKED, Verdict.UNAVAILABLE)
_LABELS: Final = 8


def readable(
    subjects: Sequence[Subject], findings: Sequence[Finding], faults: Sequence[str]
) -> str:
    """Return who was examined, what fell short, and how to go on, in lines.

    Args:
        subjects: the implementations.
        findings: of every check on each of them.
        faults: what went wrong on the side of the harness.
    """
    lines = [telling.fault(words) for words in faults]
    for subject in subjects:
        own = [item for item in findings if item.implementation == subject.name]
        lines += _of(subject, own)
    return "\n".join(lines)


def _of(subject: Subject, findings: Sequence[Finding]) -> Iterator[str]:
    yield visible(f"{subject.name}: {subject.origin}")
    if not subject.available:
        yield telling.refusal(subject)
        return
    fallen = sorted((item for item in findings if item.fell_short), key=_is_last)
    counts = Counter(item.verdict for item in fallen)
    parts = ", ".join(f"{counts[item]} {item}" for item in Verdict if counts[item])
    decided = sum(item.verdict is not None for item in findings)
    yield f"{len(fallen)} of {decided} clauses fell short{f': {parts}' if parts else ''}"
    for item in fallen[:IN_FULL]:
        yield from ("", f"{item.clause}  {item.verdict}")
        yield from (f"  {label:<{_LABELS}}  {text}" for label, text in telling.told(item))
    if fallen[IN_FULL:]:
        yield from ("", "and")
        yield from (f"  {item.clause}  {item.verdict}" for item in fallen[IN_FULL:])
    if fallen:
        yield from _how_to_go_on(fallen[0], subject)


def _is_last(finding: Finding) -> bool:
    return finding.verdict in _LAST


def _how_to_go_on(first: Finding, subject: Subject) -> Iterator[str]:
    # What fitspec has no name for is known by the file of its adapter.
    own = subject.adapter and not subject.adapter.startswith("fitspec/")
    name = subject.adapter if own else subject.name
    yield from ("", "to go on")
    yield f"  fitspec explain {first.clause}    the check, and who documents it"
    yield visible(
        f"  fitspec repro {first.clause} --implementation {name}    a script that shows it"
    )
    yield "  what is to stay so goes into a file of expectations: `fitspec expect --update`"
