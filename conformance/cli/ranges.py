"""Ranges of versions, as they are written on the command line."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from packaging.version import Version

#: A range is of at least so many versions.
_FEWEST: Final = 2


def versions_in(text: str, on: str | None) -> list[str]:
    """Return by what each version of a range is asked for, from the oldest to the newest.

    Args:
        text: `NAME@FROM..TO`, where 3.15 means all that begin so.
        on: on what they compute; None: on whichever they take.

    Raises:
        ValueError: it is no range, fewer than two versions are in it, or pip does not install them.
        RuntimeError: pip does not know the versions.
    """
    from packaging.version import Version

    from fitspec.conformance.environments.released import released, released_by_npm
    from fitspec.conformance.implementations import registry

    name, _, range_ = text.rpartition("@")
    ends = range_.split("..")
    try:
        first, last = map(Version, ends)
    except ValueError as error:
        raise ValueError(
            f"{text}: a name and two versions were expected, such as keras@3.0..3.15"
        ) from error
    sides = [registry.find(registry.asked_for(name, end, on)) for end in ends]
    mains = {(side.main, side.python, side.needs_environment) for side in sides}
    there: set[Version] = set()
    for main, python, of_pip in mains:
        if main is None:
            raise ValueError(f"{name}: no versions of it are known, as nothing is installed for it")
        there.update(released(main, python) if of_pip else released_by_npm(main))
    found = []
    for version in sorted(there):
        # 3.15 means all that begin so.
        if first <= version and (version <= last or _begins(version, last)):
            # A family says which of its versions can be run at all.
            with suppress(ValueError):
                found.append(registry.asked_for(name, str(version), on))
    if len(found) < _FEWEST:
        raise ValueError(f"{text}: {len(found)} such versions are known; two or more were expected")
    return found


def _begins(version: Version, beginning: Version) -> bool:
    return version.release[: len(beginning.release)] == beginning.release
