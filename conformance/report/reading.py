"""Reading a report: what is not whole, or contradicts itself, is refused, and it is said where.

A report decides whether a gate opens. Each finding belongs to an implementation that the header
names, and to a clause, once; and everything that is counted is counted again.
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NoReturn

from fitspec.conformance.report import forms
from fitspec.conformance.report.asked import gap
from fitspec.conformance.report.forms import shown
from fitspec.conformance.report.gathered import gathered
from fitspec.conformance.report.report import FORMAT, Report, ReportError, Subject
from fitspec.conformance.report.verdicts import Finding, Verdict
from fitspec.conformance.system.strict_json import parsed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO


#: So many texts of findings are remembered, to be held once: most are those of others.
_REMEMBERED: Final = 10_000


def read(path: Path, of: str | None = None) -> Report:
    """Read the report at `path`.

    Args:
        path: of the file.
        of: the implementation whose findings are kept; None: those of all.

    Raises:
        ReportError: the file is no report, of another format, cut short, holds nothing, or
            contradicts itself; the message says what is wrong, and in which line.
        OSError: it cannot be read, or there is no room for what it holds.
    """
    with path.open("rb") as file:
        reading = Reading(path, file)
        findings = gathered(item for item in reading if of in (None, item.implementation))
    return Report(reading.header, reading.subjects, findings, reading.faults)


class Reading:
    """A report that is being read: iterating gives its findings, one at a time.

    Only when the iteration has come to its end without an error is the report known to be whole.

    Args:
        path: how messages call the file.
        file: its bytes.

    Attributes:
        header: when, where and with what.
        subjects: the implementations.
        verdicts: by implementation and clause, None where the clause gets none; of what was read.
        faults: of the harness; known at the end.

    Raises:
        ReportError: it does not begin as a report.
    """

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path = path
        self._lines = enumerate(file, start=1)
        self._number = 0
        first = self._next()
        if first is None or first.get("type") != "header":
            raise ReportError(f"{path}: no report: it does not begin with a header")
        known = first.get("format")
        if type(known) is not int or known != FORMAT:
            raise ReportError(f"{path}: format {shown(known)}; known is {FORMAT}")
        self._check(first, forms.HEADER)
        self.subjects = tuple(map(self._subject, first.pop("implementations")))
        names = Counter(item.name for item in self.subjects)
        for name, times in names.items():
            if times > 1:
                self._refuse(f"{shown(name)} stands {times} times among the implementations")
        self.header = {key: item for key, item in first.items() if key not in ("type", "format")}
        self.faults: tuple[str, ...] = ()
        self.verdicts: dict[str, dict[str, Verdict | None]] = {name: {} for name in names}
        self._counts: dict[str, Counter[str]] = {name: Counter() for name in names}
        self._texts: dict[str, str] = {}
        self._available = {item.name for item in self.subjects if item.available}

    def __iter__(self) -> Iterator[Finding]:
        while (line := self._next()) is not None:
            if line.get("type") == "footer":
                self._end(line)
                return
            yield self._finding(line)
        raise ReportError(f"{self._path}: cut short: the footer is missing")

    def _next(self) -> dict[str, Any] | None:
        """Return the object of the next line; None at the end of the file."""
        self._number, line = next(self._lines, (self._number, b""))
        if not line:
            return None
        try:
            found = parsed(line)
        except UnicodeDecodeError as error:
            raise ReportError(f"{self._path}: no report: {error}") from error
        except ValueError as error:
            self._refuse(f"no JSON: {error}")
        if not isinstance(found, dict):
            self._refuse(f"{shown(found)}: not an object")
        return found

    def _refuse(self, words: str) -> NoReturn:
        raise ReportError(f"{self._path}, line {self._number}: {words}")

    def _check(self, found: Any, wanted: forms.Forms, where: str = "") -> None:
        if words := forms.fault(found, wanted):
            self._refuse(f"{where}{words}")

    def _subject(self, item: Any) -> Subject:
        self._check(item, forms.IMPLEMENTATION, "an implementation: ")
        lists = {key: tuple(item.get(key, ())) for key in ("profiles", "not_asked")}
        return Subject(**{**item, **lists})

    def _finding(self, line: dict[str, Any]) -> Finding:
        kind = line.pop("type", None)
        wanted = forms.FINDINGS.get(kind) if isinstance(kind, str) else None
        if wanted is None:
            self._refuse(f"a line of type {shown(kind)}; a finding or the footer was expected")
        self._check({"type": kind, **line}, wanted)
        verdict = Verdict(line["verdict"]) if kind == "verdict" else None
        tries = tuple(line.pop("tries", ()))
        # One clause has one text, however many implementations there are, and the other way round.
        for key in ("clause", "implementation"):
            line[key] = sys.intern(line[key])
        for key in ("expected", "observed", "detail"):
            line[key] = self._once(line[key])
        fields = {"behaviour": None, **line, "verdict": verdict, "tries": tries}
        finding = Finding(**fields)
        self._belongs(finding)
        return finding

    def _once(self, text: str) -> str:
        """Return a text that is equal, and the same one as before as long as it is remembered."""
        if len(self._texts) >= _REMEMBERED:
            self._texts.clear()
        return self._texts.setdefault(text, text)

    def _belongs(self, finding: Finding) -> None:
        """Take a finding down, which is of someone, and the only one of its clause."""
        name, clause, verdict = finding.implementation, finding.clause, finding.verdict
        if name not in self.verdicts:
            named = shown(", ".join(self.verdicts))
            self._refuse(f"a finding on {shown(name)}; the header names {named}")
        if clause in self.verdicts[name]:
            self._refuse(f"a second finding on {shown(clause)} of {shown(name)}")
        if verdict is Verdict.UNAVAILABLE and name in self._available:
            self._refuse(f"{shown(name)} is unavailable here; the header says that it is available")
        came = finding.behaviour if verdict is None else str(verdict)
        times = Counter(finding.tries)
        if len(times) == 1:
            self._refuse("'tries': a list of texts that are not all the same was expected")
        if times and times[came or ""] < max(times.values()):
            self._refuse(f"{shown(came)} came less often than another outcome of `tries`")
        self.verdicts[name][clause] = verdict
        if verdict is not None:
            self._counts[name][verdict] += 1

    def _end(self, footer: dict[str, Any]) -> None:
        """Hold the footer, and the header, against what was read."""
        self._check(footer, forms.FOOTER, "the footer: ")
        lines = sum(map(len, self.verdicts.values()))
        if footer["lines"] != lines:
            raise ReportError(f"{self._path}: {lines} findings; the footer says {footer['lines']}")
        if self._next() is not None:
            self._refuse("something follows the footer")
        if not lines:
            raise ReportError(f"{self._path}: nothing was executed")
        for subject in self.subjects:
            if subject.available and not self.verdicts[subject.name] and not subject.not_asked:
                name = shown(subject.name)
                raise ReportError(f"{self._path}: {name} is available; no finding is on it")
        if footer["counts"] != self._counts:
            raise ReportError(f"{self._path}: the footer counts otherwise than the findings")
        examined = {
            clause
            for of_one in self.verdicts.values()
            for clause, verdict in of_one.items()
            if verdict is not Verdict.UNAVAILABLE
        }
        if self.header["checked"] != len(examined):
            said = self.header["checked"]
            raise ReportError(
                f"{self._path}: {len(examined)} clauses were examined; the header says {said}"
            )
        self.faults = tuple(footer["faults"])
        # A check that had a fault decided nothing; such a report proves nothing anyway.
        for subject in () if self.faults else self.subjects:
            if words := gap(self.header, subject, self.verdicts[subject.name]):
                raise ReportError(f"{self._path}: {shown(subject.name)}: {words}")
