"""Implementations of a version that stands in no table: NAME@VERSION.

The version takes the place of that in the main requirement of a row of the table. Where NAME is a
family of rows, such as `keras`, the version decides which of them.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fitspec.conformance.implementations.implementation import Implementation


@dataclass(frozen=True)
class Member:
    """The row that some versions of a family are put into, and what else they need."""

    versions: str
    """As pip writes them, such as `>=2.3,<2.4`."""
    row: str
    python: str | None = None
    """Instead of the row's, if any."""
    requirements: tuple[str, ...] = ()
    """Instead of the row's of the same name, or besides."""


Families = dict[str, tuple[Member, ...]]


def read(file: Path) -> Families:
    """Read the families.

    Raises:
        ValueError: something in the file is malformed; the message says where.
    """
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        return {name: tuple(_member(each) for each in of) for name, of in content.items()}
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise ValueError(f"{file}: {error}") from error
    except (InvalidSpecifier, InvalidRequirement) as error:
        raise ValueError(f"{file}: {error}") from error


def _member(entry: Mapping[str, Any]) -> Member:
    requirements = tuple(entry.get("requirements", ()))
    for requirement in requirements:
        Requirement(requirement)
    SpecifierSet(entry["versions"])
    return Member(entry["versions"], entry["row"], entry.get("python"), requirements)


def choose(
    name: str, version: str, rows: Mapping[str, Implementation], families: Families
) -> Implementation | None:
    """Return what `name@version` means, or None if there is neither a row nor a family `name`.

    The version that a row has already means the row itself.

    Args:
        name: of a row or a family.
        version: what was written after the @.
        rows: by name.
        families: by name.

    Raises:
        ValueError: it is not a version, one for which the family has no row, or of a row that
            has no requirement.
    """
    if name not in rows and name not in families:
        return None
    try:
        wanted = Version(version)
    except InvalidVersion as error:
        raise ValueError(
            f"{name}@{version}: {version!r} is not a version; one is such as keras@2.3.1"
        ) from error
    members = families.get(name, ())
    for row in [rows[name]] if name in rows else [rows[each.row] for each in members]:
        if row.version is not None and Version(row.version) == wanted:
            return row
    for member in members:
        if SpecifierSet(member.versions).contains(wanted, prereleases=True):
            return _with_version(f"{name}@{version}", rows[member.row], wanted, member)
    if name in rows:
        return _with_version(f"{name}@{version}", rows[name], wanted, None)
    known = "; ".join(f"{each.versions} ({each.row})" for each in members)
    raise ValueError(f"{name}@{version}: {name} is known in the versions {known}")


def family_of(name: str, rows: Mapping[str, Implementation], families: Families) -> str:
    """Return the family of a row or of a version, by what is installed; else the name itself."""
    name = name.partition("@")[0]
    if name not in rows:
        return name
    main = rows[name].main
    return next(
        (
            family
            for family, members in families.items()
            if main is not None and main in {rows[each.row].main for each in members}
        ),
        name,
    )


def _with_version(
    name: str, row: Implementation, version: Version, member: Member | None
) -> Implementation:
    if row.main is None:
        raise ValueError(f"{name}: {row.name} has no version to choose, as it installs nothing")
    title = f"{row.main} {version}, run as {row.name}, what it depends on not pinned"
    if row.program is not None and row.main in row.program.asked:
        exact, asked = _of_npm(name, version), row.program.asked
        # What has the same version is released with it.
        others = {each: exact for each, was in asked.items() if was == asked[row.main]}
        return replace(row, name=name, title=title, program=replace(row.program, others=others))
    more = member.requirements if member is not None else ()
    taken = {canonicalize_name(Requirement(each).name) for each in more}

    def put(requirements: tuple[str, ...]) -> tuple[str, ...]:
        named = [(canonicalize_name(Requirement(each).name), each) for each in requirements]
        return tuple(
            _with(each, version) if own == row.main else each
            for own, each in named
            if own not in taken
        )

    return replace(
        row,
        name=name,
        title=title,
        python=(member.python if member is not None else None) or row.python,
        requirements=(*put(row.requirements), *more),
        no_deps=put(row.no_deps),
        constraints=(),
        hashes=None,
    )


def _with(requirement: str, version: Version) -> str:
    found = Requirement(requirement)
    found.specifier = SpecifierSet(f"=={version}")
    return str(found)


def _of_npm(name: str, version: Version) -> str:
    """Return a version as npm takes it for exactly one: with all three numbers.

    Raises:
        ValueError: it is none of a release, which npm spells otherwise.
    """
    if str(version) != version.base_version:
        raise ValueError(f"{name}: {str(version)!r} is not a release; one is such as 3.21.0")
    return ".".join(map(str, (*version.release, 0, 0)[:3]))
