"""What is wrong with a file of expectations, whatever a report says."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from fitspec import spec
from fitspec.conformance.gate.problems import Problem, ProblemKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from fitspec.conformance.gate.expected import Entry


def entry_faults(entries: Sequence[Entry], today: date) -> list[Problem]:
    """Return the entries that a gate refuses: of no clause, expired, without reason, or double.

    Args:
        entries: of one file.
        today: an entry that expires today still holds.
    """
    return [*_unknown(entries), *_expired(entries, today), *_unreasoned(entries), *_double(entries)]


def _unknown(entries: Sequence[Entry]) -> Iterator[Problem]:
    for entry in entries:
        for clause in entry.clauses:
            try:
                found = spec.contract().clause(clause)
            except spec.UnknownClause as error:
                _, _, hint = str(error).partition("; ")
                yield Problem(ProblemKind.UNKNOWN, clause, words=hint, entry=entry)
                continue
            if found.level is spec.Level.OBSERVED:
                words = "it is of level `observed`, on which there is no verdict"
                yield Problem(ProblemKind.UNKNOWN, clause, words=words, entry=entry)


def _expired(entries: Sequence[Entry], today: date) -> Iterator[Problem]:
    for entry in entries:
        if entry.expires is not None and entry.expires < today:
            words = f"on {entry.expires}: {entry.reason}"
            yield Problem(ProblemKind.EXPIRED, _named(entry), words=words, entry=entry)


def _unreasoned(entries: Sequence[Entry]) -> Iterator[Problem]:
    for entry in entries:
        if not entry.reason:
            yield Problem(
                ProblemKind.UNREASONED, _named(entry), words=str(entry.verdict), entry=entry
            )


def _double(entries: Sequence[Entry]) -> Iterator[Problem]:
    for first, second in combinations(entries, 2):
        both = [clause for clause in first.clauses if clause in second.clauses]
        # Conditions on versions that differ may exclude each other: the report will tell.
        same = first.versions == second.versions and bool(first.of) == bool(second.of)
        if both and same and (not first.of or set(first.of) & set(second.of)):
            words = f"also at {first.place}"
            yield Problem(ProblemKind.TWICE, ", ".join(both), words=words, entry=second)


def _named(entry: Entry) -> str:
    first, *rest = entry.clauses
    return f"{first} and {len(rest)} more" if rest else first
