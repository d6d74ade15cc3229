"""What a campaign found, as a file of whole lines that is taken up again where it stopped.

The first line says of whom the campaign is, and each other one what came of a program.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Self

from fitspec.conformance.explore.comparing import Kind
from fitspec.conformance.explore.program import Program
from fitspec.conformance.system.atomic import named
from fitspec.conformance.system.strict_json import parsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

#: The version of the form of these files.
VERSION: Final = 1
_MARK: Final = "fitspec-campaign"


@dataclass(frozen=True)
class Sighting:
    """A difference that was seen.

    Args:
        kind: of the difference.
        program: the smallest program that was found to show it.
        observed, other: what both sides do with that.
        shrunk: whether this sighting was made smaller itself, and did not merely contain a program
            that was found before.
    """

    kind: Kind
    program: Program
    observed: str
    other: str
    shrunk: bool = True

    @property
    def cause(self) -> tuple[Kind, str]:
        """What is the same for two sightings of the same."""
        return self.kind, self.program.text()


@dataclass(frozen=True)
class Record:
    """What came of one program.

    Args:
        number: of the program, in the order they are drawn in, from 0 on.
        program: that was drawn.
        performed: how many of its calls are offered and were performed.
        lost: how many workers it took.
        sightings: of differences.
    """

    number: int
    program: Program
    performed: int
    lost: int = 0
    sightings: Sequence[Sighting] = ()

    def plain(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {
            "number": self.number,
            "program": self.program.plain(),
            "performed": self.performed,
            "lost": self.lost,
            "differences": [
                {
                    "kind": list(each.kind),
                    "program": each.program.plain(),
                    "observed": each.observed,
                    "other": each.other,
                    "shrunk": each.shrunk,
                }
                for each in self.sightings
            ],
        }

    @classmethod
    def of(cls, plain: Any) -> Self:
        """Return what `plain` made plain.

        Raises:
            ValueError, TypeError, LookupError: it is no such record.
        """
        if type(plain["differences"]) is not list:
            raise ValueError(
                f"differences: a list was expected: {type(plain['differences']).__name__}"
            )
        sightings = [
            Sighting(
                Kind(*map(_text, each["kind"])),
                Program.of(each["program"]),
                _text(each["observed"]),
                _text(each["other"]),
                _truth(each["shrunk"]),
            )
            for each in plain["differences"]
        ]
        numbers = [plain[key] for key in ("number", "performed", "lost")]
        if not all(type(each) is int and each >= 0 for each in numbers):
            raise ValueError(f"whole numbers from 0 on were expected: {numbers}")
        number, performed, lost = numbers
        return cls(number, Program.of(plain["program"]), performed, lost, sightings)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"a text was expected, not {type(value).__name__}")  # noqa: TRY004  the file is wrong
    return value


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"true or false was expected, not {type(value).__name__}")  # noqa: TRY004  as above
    return value


@dataclass(frozen=True)
class Header:
    """Of whom a campaign is.

    Args:
        implementation: who is looked at.
        versions: of its libraries.
        against: what it is held against: names of implementations, and ids of laws.
        seed: from which programs are drawn.
    """

    implementation: str
    versions: Mapping[str, str]
    against: Sequence[str]
    seed: int

    def plain(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {
            _MARK: VERSION,
            "implementation": self.implementation,
            "versions": dict(self.versions),
            "against": list(self.against),
            "seed": self.seed,
        }


@dataclass
class CampaignFile:
    """The file of a campaign.

    Args:
        path: where it is.
        header: of whom the campaign is; None to take whatever the file has.

    Attributes:
        records: what is in it.
        cut: whether its last line was cut short, and is written anew.

    Raises:
        ValueError: it is no such file, of another version or of another campaign, or a line is
            damaged.
        OSError: it cannot be read or written; the error names it.
    """

    path: Path
    header: Header | None
    records: dict[int, Record] = field(default_factory=dict, init=False)
    cut: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self._size = 0
        with named(self.path):
            if self.path.exists():
                with self.path.open("rb") as file:
                    self._read(file)
        if not self._size and self.header is not None:
            self._append(self.header.plain())

    def _read(self, lines: Iterable[bytes]) -> None:
        """Take what is in the file, a line at a time."""
        for at, line in enumerate(lines, 1):
            self.cut = not line.endswith(b"\n")
            if at == 1:
                self._check_header(line)
            elif not self.cut:
                self._take(at, line)
            if not self.cut:
                self._size += len(line)

    def _take(self, at: int, line: bytes) -> None:
        try:
            record = Record.of(parsed(line))
            if record.number in self.records:
                raise ValueError(f"program {record.number} stands twice")  # noqa: TRY301  told as all that is wrong with a line
        except (ValueError, TypeError, LookupError) as error:
            words = f"{error} is missing" if isinstance(error, KeyError) else error
            raise ValueError(f"{self.path}, line {at}: damaged: {words}") from error
        self.records[record.number] = record

    def add(self, record: Record) -> None:
        """Write what came of a program as a line; the line is there whole, or not at all.

        Raises:
            OSError: it cannot be written; all that was written before is there.
        """
        self._append(record.plain())
        self.records[record.number] = record

    def _append(self, plain: Mapping[str, Any]) -> None:
        line = json.dumps(plain).encode() + b"\n"
        with named(self.path):
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o666)
            try:
                os.ftruncate(descriptor, self._size)
                try:
                    written = 0
                    while written < len(line):
                        written += os.pwrite(descriptor, line[written:], self._size + written)
                except OSError:
                    os.ftruncate(descriptor, self._size)
                    if not self._size:
                        self.path.unlink()
                    raise
            finally:
                os.close(descriptor)
        self._size += len(line)

    def _check_header(self, line: bytes) -> None:
        try:
            if self.cut:
                raise ValueError("its first line is cut short")  # noqa: TRY301  as for what else it is not
            found = parsed(line)
            version = found[_MARK]
        except (ValueError, TypeError, LookupError) as error:
            raise ValueError(f"{self.path}: this is no file of a campaign") from error
        if version != VERSION:
            raise ValueError(
                f"{self.path}: a campaign of version {version!r}; expected is {VERSION}"
            )
        wanted = found if self.header is None else self.header.plain()
        for name in wanted:
            if found.get(name) != wanted[name]:
                raise ValueError(
                    f"{self.path}: {name} of that campaign is {found.get(name)!r}, "
                    f"and of this one {wanted[name]!r}; take another file"
                )
