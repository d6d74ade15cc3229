"""How a finding is told: the one way to put it into words, as lines of a label and a text.

Whoever shows findings lays these lines out, in a terminal, a page or a file of another form, and
decides nothing about what is told. Every text is fit to be shown.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from fitspec import spec
from fitspec.conformance.report.hostile import shortened, visible
from fitspec.conformance.report.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fitspec.conformance.report.report import Subject
    from fitspec.conformance.report.verdicts import Finding

    #: A label and a text.
    Line = tuple[str, str]

#: The label of what a clause says.
SAYS: Final = "says"
#: The label of a behaviour that was seen where the documents leave it open.
BEHAVIOUR: Final = "behaviour"
#: The labels of the sides of a claim; the last one of a pass where both are the same.
SIDES: Final = ("expected", "observed", "expected and observed")
#: The label of the arguments of a law.
FOR: Final = "for"


def told(finding: Finding) -> list[Line]:
    """Return what is known of a finding, in the order in which it is read.

    These are what the clause says; what was expected and observed, or which behaviour was seen;
    for which arguments; as which deviation it looks, or because of what it came to nothing; and how
    often it came out how, if not always the same.
    What has no text is left out.
    """
    return lines(
        (SAYS, statement(finding.clause)),
        *_found(finding),
        (FOR, finding.example),
        note(finding),
        *steadiness(finding),
    )


def _found(finding: Finding) -> list[Line]:
    if finding.verdict is None:
        return [(BEHAVIOUR, finding.behaviour or "")]
    wanted = expected(finding)
    if finding.verdict is Verdict.PASS and wanted == finding.observed:
        return [("expected and observed", wanted)]
    return [("expected", wanted), ("observed", finding.observed)]


def expected(finding: Finding) -> str:
    """Return what was expected; empty where nothing came to be held against it.

    A check that ended otherwise than by its claim was to show what the clause says, no more.
    """
    held = finding.verdict in (Verdict.PASS, Verdict.FAIL)
    return finding.expected if held and finding.expected != statement(finding.clause) else ""


def note(finding: Finding) -> Line:
    """Return what else is known, with its label: without a text where it repeats what is observed.

    Of a failure it is the known deviation that it looks like, of others what went wrong.
    """
    label = "as if" if finding.verdict is Verdict.FAIL else "because"
    return label, "" if finding.detail in finding.observed else finding.detail


def steadiness(finding: Finding) -> list[Line]:
    """Return how often which outcome came, where trying again gave another one; else nothing."""
    return lines(("unsteady", finding.counts))


def statement(clause_id: str) -> str:
    """Return what a clause says; empty if this version of the contract has none of that id."""
    clause = spec.contract().clauses.get(clause_id)
    return "" if clause is None else clause.statement


def lines(*given: Line) -> list[Line]:
    """Return the lines that have a text, fit to be shown."""
    return [(label, visible(text)) for label, text in given if text]


def heading(finding: Finding) -> str:
    """Return the finding in a line: which clause, what came, on which implementation."""
    came = finding.verdict or finding.behaviour
    return visible(f"{finding.clause}: {came} on {finding.implementation}")


def story(finding: Finding) -> str:
    """Return all that is told of a finding as one text, a line each."""
    rows = (f"{label}: {text}" for label, text in told(finding))
    return "\n".join([heading(finding), *rows])


def fault(words: str) -> str:
    """Return what went wrong on the side of the harness, so that nobody takes it for a finding."""
    return shortened(visible(f"fault of fitspec, not of any implementation: {words}"))


def refusal(subject: Subject) -> str:
    """Return why an implementation could not be started, and below it what helps."""
    parts = (shortened(visible(text)) for text in (subject.reason, subject.remedy))
    return "\n".join(parts).strip()


def alike(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Group what says the same of different implementations, in the order of the contract."""
    groups: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
    for item in findings:
        groups[item.clause, item.verdict, expected(item), item.observed].append(item)
    place = spec.contract().places()
    return sorted(groups.values(), key=lambda same: place(same[0].clause))
