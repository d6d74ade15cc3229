"""Bringing a file of expectations up to what a report shows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from fitspec import spec
from fitspec.conformance.gate.expected import Entry, applicable, find, left_open
from fitspec.conformance.gate.expected_text import entry_text, file_text
from fitspec.conformance.report.gathered import examined
from fitspec.conformance.report.hostile import shortened, visible
from fitspec.conformance.report.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from fitspec.conformance.gate.expected_source import Block, ExpectedFile
    from fitspec.conformance.report.report import Report
    from fitspec.conformance.report.verdicts import Finding

    #: Is given an entry without reason and the findings that it is about; returns the reason.
    Ask = Callable[[Entry, Sequence[Finding]], str]

#: What is not there or not looked at has as its cause what the report says of it.
_SAID: Final = (Verdict.ABSENT, Verdict.BLOCKED)
#: More of it than that is not written down as a reason, in characters.
_LONGEST: Final = 300


@dataclass(frozen=True)
class Update:
    """What a file of expectations becomes.

    Args:
        text: of the whole file.
        entries: in its order.
        news: what was changed, a line each.
    """

    text: str
    entries: tuple[Entry, ...]
    news: tuple[str, ...]


@dataclass(frozen=True)
class _Piece:
    """An entry on its way into the new file."""

    entry: Entry
    above: tuple[str, ...] = ()
    text: str = ""
    """As it was written, if it stays so."""
    within: tuple[str, ...] = ()
    """The comments in that text, which go above it where it is written anew."""


def update(
    report: Report,
    entries: Sequence[Entry],
    source: ExpectedFile,
    *,
    known: Sequence[Entry] = (),
    ask: Ask | None = None,
) -> Update:
    """Return the file of expectations that a report is as, with what is known about the causes.

    What the report does not hold stays as it is: other implementations, versions and clauses. An
    entry that has expired stays as well; only a person can say that it is to hold for longer.

    Args:
        report: of a run.
        entries: of the file so far.
        source: its text, cut into the same entries.
        known: causes that are known already.
        ask: says the reasons that are missing; without it they stay empty.
    """
    return _Update(report, tuple(entries), source, tuple(known), ask).update()


def _can_be_written(name: str) -> bool:
    """Return whether TOML can hold a name, so that it is read again as it is."""
    return name == name.strip() and not any("\ud800" <= sign <= "\udfff" for sign in name)


def _alike(finding: Finding) -> str:
    """Return what findings have in common that one reason is asked for.

    They say the same; or look like the same known deviation; or, where none is known, are about the
    same argument.
    """
    if finding.verdict is not Verdict.FAIL:
        return finding.observed
    clause = spec.contract().clause(finding.clause)
    return finding.detail or f"{clause.method}.{clause.topic}"


class _Update:
    def __init__(
        self,
        report: Report,
        entries: tuple[Entry, ...],
        source: ExpectedFile,
        known: tuple[Entry, ...],
        ask: Ask | None,
    ) -> None:
        self._report = report
        self._entries = entries
        self._source = source
        self._known = known
        self._ask = ask
        self._news: list[str] = []
        self._subjects = {item.name: item for item in report.subjects if item.available}
        self._findings = {name: examined(report.of(name)) for name in self._subjects}

    def update(self) -> Update:
        pieces = [
            piece
            for entry, block in zip(self._entries, self._source.blocks, strict=True)
            for piece in self._kept(entry, block)
        ]
        pieces.extend(self._new())
        pieces = [self._reasoned(piece) for piece in pieces]
        place = spec.contract().places()
        pieces.sort(
            key=lambda item: (
                min(map(place, item.entry.clauses)),
                item.entry.of,
                item.entry.verdict,
                item.entry.versions,
                item.entry.clauses,
            )
        )
        parts = ["\n".join([*item.above, item.text or entry_text(item.entry)]) for item in pieces]
        text = file_text(self._source, parts)
        return Update(text, tuple(item.entry for item in pieces), tuple(self._news))

    def _kept(self, entry: Entry, block: Block) -> Iterator[_Piece]:
        """Yield what is left of an entry, in as many pieces as need be."""
        remaining: dict[tuple[str, ...] | None, list[str]] = defaultdict(list)
        for clause in entry.clauses:
            remaining[self._of(entry, clause)].append(clause)
        if list(remaining) == [entry.of]:
            yield _Piece(entry, block.above, block.text, block.within)
            return
        above = (*block.above, *block.within)
        for of, clauses in remaining.items():
            if of is None:
                continue
            yield _Piece(replace(entry, clauses=tuple(clauses), of=of), above)
            above = ()

    def _of(self, entry: Entry, clause: str) -> tuple[str, ...] | None:
        """Return whom an entry still is for; None if a clause is to leave it."""
        if clause not in spec.contract().clauses:
            self._tell(entry, clause, "no clause has this id; taken away")
            return None
        gone = []
        for name in entry.of or self._subjects:
            finding = self._finding(entry, clause, name)
            if finding is None or finding.verdict is None or entry.allows(finding.verdict):
                continue
            gone.append(name)
            words = "taken away" if not finding.fell_short else "to be explained anew"
            self._tell(entry, clause, f"{name}: {finding.verdict}; {words}")
        if not gone:
            return entry.of
        left = [name for name in entry.of or self._falling(entry, clause) if name not in gone]
        return tuple(left) or None

    def _falling(self, entry: Entry, clause: str) -> list[str]:
        found = ((name, self._finding(entry, clause, name)) for name in self._subjects)
        return sorted(name for name, finding in found if finding is not None and finding.fell_short)

    def _finding(self, entry: Entry, clause: str, name: str) -> Finding | None:
        """Return what was found where this entry says what is expected, or comes to say it.

        It comes to say it where the narrower ones leave, because they say something else.
        """
        finding = self._findings.get(name, {}).get(clause)
        if finding is None or finding.verdict is None or entry not in self._holding(clause, name):
            return None
        if self._is_open(entry, finding):
            return None
        stays = self._stays(finding)
        return finding if stays is None or entry.narrowness >= stays.narrowness else None

    def _holding(self, clause: str, name: str) -> list[Entry]:
        """Return the entries about a clause and an implementation, the narrowest first."""
        versions = self._subjects[name].versions
        found = (item for item in self._entries if clause in item.clauses)
        held = [item for item in found if item.holds_for(name, versions)]
        return sorted(held, key=lambda item: item.narrowness, reverse=True)

    def _stays(self, finding: Finding) -> Entry | None:
        """Return the narrowest entry that expects what was found."""
        held = self._holding(finding.clause, finding.implementation)
        verdict = finding.verdict
        if verdict is None:
            return None
        return next(
            (item for item in held if item.allows(verdict) or self._is_open(item, finding)), None
        )

    def _is_open(self, entry: Entry, finding: Finding) -> bool:
        """Return whether a finding says nothing about an entry, as what it needs was not asked."""
        left_out = self._subjects[finding.implementation].not_asked
        return finding.verdict is not None and bool(
            left_open(entry, finding.clause, finding.verdict, left_out)
        )

    def _tell(self, entry: Entry, clause: str, words: str) -> None:
        self._news.append(f"{clause}: expected {entry.verdict}; {words}")

    def _new(self) -> Iterator[_Piece]:
        """Yield entries for what fell short and is not expected so."""
        alike: dict[tuple[str, str, str, bool, tuple[str, ...]], list[Finding]] = defaultdict(list)
        strangers: dict[str, None] = {}
        for finding in (item for of_one in self._findings.values() for item in of_one.values()):
            if not finding.fell_short or self._stays(finding) is not None:
                continue
            if finding.clause not in spec.contract().clauses:
                strangers[finding.clause] = None
                continue
            if not _can_be_written(finding.implementation):
                words = "no file of expectations can hold this name; left out"
                self._news.append(f"{finding.implementation}: {words}")
                continue
            reason, link, at_times = self._cause(finding)
            above = tuple(
                f'# As "{item.verdict}" it was: {item.reason}'
                for item in self._holding(finding.clause, finding.implementation)
                if item.reason
            )
            alike[finding.clause, reason, link, at_times, () if reason else above].append(finding)
        words = "no clause has this id; the report is of another fitspec; left out"
        self._news += [f"{clause}: {words}" for clause in strangers]
        made: dict[tuple[object, ...], list[_Piece]] = defaultdict(list)
        for (clause, reason, link, at_times, above), findings in alike.items():
            for verdict in Verdict:
                same = [item for item in findings if item.verdict is verdict]
                if not same:
                    continue
                of = tuple(sorted(item.implementation for item in same))
                self._news.append(f"{clause}: {verdict} on {', '.join(of)}; added")
                entry = Entry((clause,), verdict, reason, of, link, at_times=at_times)
                # One missing argument often accounts for many clauses, and so does a known cause.
                by_what = _alike(same[0]) if not reason or verdict in _SAID else reason
                made[of, verdict, by_what, reason, link, at_times, above].append(
                    _Piece(entry, above)
                )
        place = spec.contract().places()
        for pieces in made.values():
            clauses = sorted((item.entry.clauses[0] for item in pieces), key=place)
            yield replace(pieces[0], entry=replace(pieces[0].entry, clauses=tuple(clauses)))

    def _cause(self, finding: Finding) -> tuple[str, str, bool]:
        """Return the reason that is known of a finding, a link, and whether it is so at times."""
        subject = self._subjects[finding.implementation]
        former = [
            item
            for renaming in spec.contract().renamings.values()
            if finding.clause in renaming.new
            for item in applicable(self._entries, renaming.old, subject.name, subject.versions)
        ]
        cause = find(self._known, finding.clause, subject.name, subject.versions)
        for item in (*former, *([cause] if cause else [])):
            if item.verdict is finding.verdict:
                return item.reason, item.link, item.at_times
        said = " ".join(visible(finding.observed).split()) if finding.verdict in _SAID else ""
        return shortened(said, _LONGEST), "", False

    def _reasoned(self, piece: _Piece) -> _Piece:
        if piece.entry.reason or self._ask is None:
            return piece
        reason = self._ask(piece.entry, self._about(piece.entry))
        if not reason:
            return piece
        return _Piece(replace(piece.entry, reason=reason), (*piece.above, *piece.within))

    def _about(self, entry: Entry) -> list[Finding]:
        names: Iterable[str] = entry.of or self._subjects
        return [
            self._findings[name][clause]
            for clause in entry.clauses
            for name in names
            if clause in self._findings.get(name, ())
        ]
