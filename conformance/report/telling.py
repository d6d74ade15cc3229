"""How a finding is told: the one way to put it into words, as lines of a label and a text.

Whoever shows findings lays these lines out, in a terminal, a page or a file of another form, and
decides nothing about what is told. Every text is fit to be shown.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from fitspec import spec
from fitspec.conformance.report.hostile import shortened, visible
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.system.atomic import says_full

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fitspec.conformance.report.subject import Subject
    from fitspec.conformance.report.verdicts import Finding

    #: A label and a text.
    Line = tuple[str, str]

#: The label of what a clause says.
SAYS: Final = "says"
#: The label of a behaviour that was seen where the documents leave it open.
BEHAVIOUR: Final = "behaviour"
#: The labels of the sides of a claim; the last one of a pass where both are the same.
SIDES: Final = ("expected", "observed", "expected and observed")
#: How a fault begins that is the machine's.
_MACHINE: Final = "of this machine, not of any implementation: "
#: More of a value than that is not told, in characters.
LONGEST: Final = 1000
#: So much of what both sides have in common stands before the first difference.
_BEFORE: Final = 100
#: The label of the arguments of a law.
FOR: Final = "for"


def told(finding: Finding, longest: int | None = LONGEST) -> list[Line]:
    """Return what is known of a finding, in the order in which it is read.

    These are what the clause says; what was expected and observed, or which behaviour was seen;
    for which arguments; as which deviation it looks, or because of what it came to nothing; and how
    often it came out how, if not always the same.
    What has no text is left out.

    Args:
        finding: of any verdict.
        longest: more of a value is not told, in characters; of two that are held against each
            other, what they begin with alike is left out rather than where they differ. None: all.
    """
    rows = lines(
        (SAYS, statement(finding.clause)),
        *_found(finding, longest),
        (FOR, finding.example),
        note(finding),
        *steadiness(finding),
    )
    return rows if longest is None else [(label, shortened(text, longest)) for label, text in rows]


def _found(finding: Finding, longest: int | None) -> list[Line]:
    if finding.verdict is None:
        return [(BEHAVIOUR, finding.behaviour or "")]
    wanted, came = expected(finding), finding.observed
    if finding.verdict is Verdict.PASS and wanted == came:
        return [("expected and observed", wanted)]
    if longest is not None and max(len(wanted), len(came)) > longest:
        pairs = zip(wanted, came, strict=False)
        alike = len([*takewhile(lambda pair: pair[0] == pair[1], pairs)]) - _BEFORE
        if alike > _BEFORE:
            left_out = f"({alike} characters are the same)… "
            wanted, came = f"{left_out}{wanted[alike:]}", f"{left_out}{came[alike:]}"
    return [("expected", wanted), ("observed", came)]


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


def counted(number: int, one: str, more: str = "") -> str:
    """Return a number with what it counts: one, or more of it."""
    return f"{number} {one if number == 1 else more or f'{one}s'}"


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
    whose = _MACHINE if says_full(words) else "fault of fitspec, not of any implementation: "
    if words.startswith(_MACHINE):
        whose = ""
    return shortened(visible(f"{whose}{words}"))


def of_machine(words: str) -> str:
    """Return a fault that is the machine's, as a full disk, and not of fitspec either."""
    return f"{_MACHINE}{words}"


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
