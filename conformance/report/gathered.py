"""Findings as a sequence: in memory, or, where they are very many, in a file that has no name.

A report of a million lines would take a gigabyte of memory; on a disk it takes what it took there.
"""

from __future__ import annotations

import json
import sys
import tempfile
import weakref
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import astuple, fields
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, overload

from fitspec.conformance.report.verdicts import Finding, Verdict
from fitspec.conformance.system.atomic import named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import IO

#: So many findings are held in memory; a run of all implementations has fewer.
HELD: Final = 20_000
_VERDICT: Final = [item.name for item in fields(Finding)].index("verdict")


def gathered(findings: Iterable[Finding]) -> Sequence[Finding]:
    """Return findings as a sequence.

    Raises:
        OSError: there is no room for them; it names the folder.
    """
    rest = iter(findings)
    first = tuple(islice(rest, HELD + 1))
    return first if len(first) <= HELD else OnDisk.written(chain(first, rest))


def of_one(findings: Sequence[Finding], implementation: str) -> Sequence[Finding]:
    """Return those of the findings that are on one implementation."""
    if isinstance(findings, OnDisk):
        return findings.of(implementation)
    return [item for item in findings if item.implementation == implementation]


def examined(findings: Sequence[Finding]) -> Mapping[str, Finding]:
    """Return the findings on one implementation by clause, but for what could not be started."""
    if isinstance(findings, OnDisk):
        return _ByClause(findings)
    return {item.clause: item for item in findings if item.verdict is not Verdict.UNAVAILABLE}


class OnDisk(Sequence[Finding]):
    """Findings in a file, each read when it is asked for.

    Args:
        file: with one on each line; whoever made it closes it.
        places: where each begins.
        whole: the sequence that these are some of, which keeps the file open.
    """

    def __init__(self, file: IO[bytes], places: array[int], whole: OnDisk | None = None) -> None:
        self._file = file
        self._places = places
        self._whole = whole
        self._by_name: dict[str, array[int]] = {}

    @classmethod
    def written(cls, findings: Iterable[Finding]) -> OnDisk:
        """Return findings that are written to a file of their own, gone when they are let go.

        Raises:
            OSError: there is no room for them; it names the folder.
        """
        with named(Path(tempfile.gettempdir())):
            file = tempfile.TemporaryFile()  # noqa: SIM115  it is closed with what holds it
        found = cls(file, array("Q"))
        weakref.finalize(found, file.close)
        place = 0
        for item in findings:
            line = f"{json.dumps(astuple(item))}\n".encode()
            with named(Path(tempfile.gettempdir())):
                file.write(line)
            found._places.append(place)
            found._by_name.setdefault(item.implementation, array("Q")).append(place)
            place += len(line)
        return found

    def of(self, implementation: str) -> OnDisk:
        """Return those on one implementation."""
        return OnDisk(self._file, self._by_name.get(implementation, array("Q")), self)

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, place: int) -> Finding: ...

    @overload
    def __getitem__(self, place: slice) -> OnDisk: ...

    def __getitem__(self, place: int | slice) -> Finding | OnDisk:
        if isinstance(place, slice):
            return OnDisk(self._file, self._places[place], self)
        self._file.seek(self._places[place])
        said = json.loads(self._file.readline())
        verdict = said[_VERDICT]
        said[_VERDICT] = None if verdict is None else Verdict(verdict)
        said[-1] = tuple(said[-1])
        return Finding(*said)


class _ByClause(Mapping[str, Finding]):
    """What `examined` returns of findings on a disk."""

    def __init__(self, findings: OnDisk) -> None:
        self._findings = findings
        self._places = {
            sys.intern(item.clause): place
            for place, item in enumerate(findings)
            if item.verdict is not Verdict.UNAVAILABLE
        }

    def __getitem__(self, clause: str) -> Finding:
        return self._findings[self._places[clause]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
