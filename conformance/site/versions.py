"""What the history says on the pages of a site: since when it is so, and over all versions."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from fitspec.conformance.history.causes import causes
from fitspec.conformance.history.since import OTHER_CHECK, line_name, lines
from fitspec.conformance.report.hostile import shortened
from fitspec.conformance.site.overview import OBSERVED, letter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fitspec.conformance.history.causes import Change
    from fitspec.conformance.history.history import History
    from fitspec.conformance.history.since import Stretch
    from fitspec.conformance.report.report import Subject
    from fitspec.conformance.report.verdicts import Finding

#: Of what was found, as much as a hint shows.
_HINT = 300


@dataclass(frozen=True)
class Mark:
    """One version in a bar.

    Args:
        number: of the version.
        kind: the verdict, or `observed`.
        sign: the mark of the verdict, or the letter of the behaviour.
        word: what is read out for the sign.
        hint: what was found.
        begins: whether something else came of the version before.
    """

    number: str
    kind: str
    sign: str
    word: str
    hint: str
    begins: bool


@dataclass(frozen=True)
class Bar:
    """The versions of one implementation, from the oldest to the newest.

    Args:
        name: of the implementation, and what computes for it.
        marks: one a version.
        changes: of its sources, because of which it came to something else.
    """

    name: str
    marks: tuple[Mark, ...]
    changes: tuple[Change, ...]


def bars(history: History, clause: str, behaviours: Mapping[str, str]) -> list[Bar]:
    """Return what a clause came to over versions, by implementation.

    Args:
        history: of the versions.
        clause: its id.
        behaviours: those that the page has, by their letters; others get the letters after.
    """
    letters = {behaviour: sign for sign, behaviour in behaviours.items()}
    return [
        Bar(
            line.name,
            tuple(mark for each in line.stretches for mark in _marks(each, letters)),
            tuple(change for pair in pairwise(line.stretches) for change in causes(clause, *pair)),
        )
        for line in lines(history, clause)
    ]


def _marks(stretch: Stretch, letters: dict[str, str]) -> Iterator[Mark]:
    kind, sign, word, hint = _told(stretch.finding, letters)
    for place, held in enumerate(stretch.versions):
        begins = place == 0
        why = f" ({OTHER_CHECK})" if begins and stretch.other_check else ""
        yield Mark(held.version, kind, sign, word, f"{hint}{why}".lstrip(), begins)


def _told(finding: Finding, letters: dict[str, str]) -> tuple[str, str, str, str]:
    if finding.verdict is None:
        behaviour = finding.behaviour or ""
        sign = letters.setdefault(behaviour, letter(len(letters)))
        return OBSERVED, sign, f"behaviour {sign}", shortened(behaviour, _HINT)
    return (
        finding.verdict,
        finding.verdict.mark,
        finding.verdict,
        shortened(finding.observed, _HINT),
    )


@dataclass(frozen=True)
class Turn:
    """That an implementation does otherwise than an older version of it did.

    Args:
        since: the first version that does as this one.
        begins: whether this one is it.
    """

    since: str
    begins: bool


def family(history: History, subject: Subject) -> str:
    """Return what an implementation is a version of; empty if the history does not have it."""
    held = history.holding(subject)
    return "" if held is None else line_name(*held.line)


def turns(history: History, clause: str, subjects: Mapping[str, Subject]) -> dict[str, Turn]:
    """Return what came to something else on an older version, by the name given for each.

    Where another check said so, that is not known.

    Args:
        history: of the versions.
        clause: its id.
        subjects: implementations, by names.
    """
    known = {name: history.holding(subject) for name, subject in subjects.items()}
    names = {held.name: name for name, held in known.items() if held is not None}
    return {
        names[held.name]: Turn(stretch.versions[0].version, begins=place == 0)
        for line in lines(history, clause)
        for stretch in line.stretches[1:]
        if not stretch.other_check
        for place, held in enumerate(stretch.versions)
        if held.name in names
    }


def since(history: History, clause: str, subject: Subject) -> str:
    """Return since which version an implementation does as it does; empty if that is not known.

    Args:
        history: of the versions.
        clause: its id.
        subject: the implementation, of a version that the history has.
    """
    held = history.holding(subject)
    if held is None:
        return ""
    for line in lines(history, clause):
        for place, stretch in enumerate(line.stretches):
            if held in stretch.versions:
                if stretch.other_check:
                    return ""
                first = stretch.versions[0].version
                return f"since {first}" if place else f"in all known, from {first}"
    return ""
