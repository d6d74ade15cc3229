"""Twins: the reference with all deviations of one implementation, so that it does what that does.

`twin:NAME` is the twin of the implementation NAME. Which deviations there are is read from a table;
what they change is the affair of the reference's adapters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fitspec.conformance.implementations import declared
from fitspec.conformance.implementations.implementation import Implementation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

TABLE: Final = "deviations.toml"
"""The file of the deviations, beside the table of implementations."""

EXCEPTIONS: Final = "twins.toml"
"""The file of what twins do otherwise, beside it."""

PREFIX: Final = "twin:"

VARIABLE: Final = "FITSPEC_DEVIATIONS"
"""Tells the worker which deviations to plant, as they are `planted`, with commas between them."""

_ADAPTER: Final = "reference/twin.py"
_OPTIONAL: Final = frozenset({"absent", "link"})
_KEYS: Final = frozenset({"says", "clauses", "of", "source"}) | _OPTIONAL


@dataclass(frozen=True)
class Deviation:
    """One named way in which implementations depart from the contract."""

    id: str
    says: str
    """What differs, in a sentence."""
    clauses: tuple[str, ...]
    """Those whose verdict or behaviour it changes."""
    of: tuple[str, ...]
    """The implementations that do so."""
    source: str
    """The function that does it, and its file, in their sources."""
    link: str = ""
    """A public issue about it."""
    absent: tuple[str, ...] = ()
    """What is not offered: methods, and arguments as `fit.workers`. Nothing else is changed."""

    @property
    def planted(self) -> str:
        """What the worker is told to plant."""
        return " ".join(("no", *self.absent)) if self.absent else self.id


def read(file: Path) -> tuple[Deviation, ...]:
    """Read the deviations, in their order.

    Raises:
        ValueError: something in the file is malformed; the message names file, entry and key.
    """
    entries = declared.toml(file).items()
    return tuple(_deviation(f"{file}: [{name}]", name, entry) for name, entry in entries)


def _deviation(where: str, name: str, entry: object) -> Deviation:
    if not isinstance(entry, dict):
        raise ValueError(f"{where} must be a table, got {entry!r}")  # noqa: TRY004 - malformed data is a ValueError to the caller
    declared.refuse_unknown(where, entry, _KEYS)
    for key in sorted(_KEYS - _OPTIONAL):
        if key not in entry:
            raise ValueError(f"{where} lacks the key `{key}`")
    return Deviation(
        id=name,
        says=declared.text(where, "says", entry["says"]),
        clauses=declared.texts(where, "clauses", entry["clauses"]),
        of=declared.texts(where, "of", entry["of"]),
        source=declared.text(where, "source", entry["source"]),
        link=declared.text(where, "link", entry["link"]) if "link" in entry else "",
        absent=declared.texts(where, "absent", entry["absent"]) if "absent" in entry else (),
    )


def read_exceptions(file: Path) -> dict[str, dict[str, str]]:
    """Read where twins get other verdicts: by implementation, the reason of each clause.

    Raises:
        ValueError: something in the file is malformed.
    """
    return {
        name: {
            clause: declared.text(f"{file}: [{name}]", clause, why) for clause, why in of.items()
        }
        for name, of in declared.toml(file).items()
    }


def of(rows: Mapping[str, Implementation], file: Path) -> dict[str, Implementation]:
    """Return the twins of all implementations that have some deviation, by name.

    Args:
        rows: the implementations that have a name.
        file: the table of deviations.

    Raises:
        ValueError: the table is malformed.
    """
    deviations = read(file)
    planted = {name: [each.planted for each in deviations if name in each.of] for name in rows}
    twins = (with_deviations(rows[name], each, file) for name, each in planted.items() if each)
    return {twin.name: twin for twin in twins}


def with_deviations(real: Implementation, planted: Sequence[str], file: Path) -> Implementation:
    """Return the reference with some deviations, in the place of an implementation.

    Args:
        real: whose twin it is, if these are all of its deviations.
        planted: of each, in this order.
        file: the table of deviations.
    """
    return Implementation(
        name=f"{PREFIX}{real.name}",
        title=f"twin of {real.title}: the reference with {len(planted)} deviations",
        adapter=file.parent.parent / _ADAPTER,
        profiles=real.profiles,
        environment={VARIABLE: ",".join(planted)},
    )
