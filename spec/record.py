"""Records of a TOML file, read key by key with faults that say where they are."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from .error import SpecError

_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Shape:
    """The keys of one kind of record.

    Attributes:
        kind: the name of the array of tables that holds the records.
        required: keys that every record has; the first one names the record in messages.
        optional: keys that a record may have.
    """

    kind: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """One table of a file.

    Attributes:
        place: the file and the record in it, as messages name them.
        values: what the table holds.
    """

    place: str
    values: Mapping[str, object]

    def has(self, key: str) -> bool:
        """Tell whether a key is there."""
        return key in self.values

    def text(self, key: str) -> str:
        """Read a key that holds a text, neither empty nor padded with blanks."""
        value = self.values[key]
        if not isinstance(value, str) or not value or value != value.strip():
            raise self.fault(key, "a text without blanks around it")
        return value

    def choice(self, key: str, choices: tuple[_Choice, ...]) -> _Choice:
        """Read a key that holds one of a few words."""
        value = self.values[key]
        for choice in choices:
            if value == choice:
                return choice
        raise self.fault(key, f"one of {', '.join(choices)}")

    def flag(self, key: str) -> bool:
        """Read a key that holds true or false; an absent key is false."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self.fault(key, "true or false")
        return value

    def names(self, key: str) -> tuple[str, ...]:
        """Read a key that holds a list of distinct names; an absent key holds none."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            raise self.fault(key, "a list of names")
        if len(set(value)) < len(value):
            raise self.fault(key, "names without repetition")
        return tuple(value)

    def records(self, shape: Shape) -> Iterator["Record"]:
        """Read the tables of a kind that stand inside this one."""
        return _records(self.place, self.values[shape.kind], shape)

    def fault(self, key: str, expected: str) -> SpecError:
        """Build the error of a key with a wrong value."""
        return SpecError(f"{self.place}: {key!r}: expected {expected}, got {self.values[key]!r}")


def read_records(file: str, content: bytes, shape: Shape) -> list[Record]:
    """Read a file that holds records of one kind and nothing else.

    Args:
        file: the name of the file, for messages.
        content: what the file holds.
        shape: the keys of its records.

    Returns:
        The records in the order of the file.

    Raises:
        SpecError: the file is not TOML, or a key is missing or unknown.
    """
    try:
        data = tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise SpecError(f"{file}: expected TOML in UTF-8: {fault}") from fault
    for key in data:
        if key != shape.kind:
            raise SpecError(f"{file}: unknown key {key!r}, expected only [[{shape.kind}]] tables")
    return list(_records(file, data.get(shape.kind, []), shape))


def _records(place: str, tables: object, shape: Shape) -> Iterator[Record]:
    if not isinstance(tables, list):
        raise SpecError(
            f"{place}: {shape.kind!r}: expected [[{shape.kind}]] tables, got {tables!r}"
        )
    for number, table in enumerate(tables, start=1):
        here = f"{place}, {shape.kind} {number}"
        if not isinstance(table, dict):
            raise SpecError(f"{here}: expected a table, got {table!r}")
        name = table.get(shape.required[0])
        if isinstance(name, str) and shape.required[0] in {"id", "old"}:
            here = f"{place}, {shape.kind} {name!r}"
        for key in table:
            if key not in shape.required + shape.optional:
                expected = ", ".join(shape.required + shape.optional)
                raise SpecError(f"{here}: unknown key {key!r}, expected keys among {expected}")
        for key in shape.required:
            if key not in table:
                raise SpecError(f"{here}: the key {key!r} is missing")
        yield Record(here, table)
