"""Versions that are run one after the other, and leave nothing behind on the disk."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from fitspec.conformance.environments.environment import environment_of
from fitspec.conformance.environments.npm import packages_of
from fitspec.conformance.implementations import registry

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def visiting(asked: str, *, keep: bool = False) -> Iterator[None]:
    """Remove in the end what was installed for an implementation, if it was not there before.

    Args:
        asked: its name, or that of a version.
        keep: whether to leave it all the same.
    """
    found = registry.find(asked)
    places = (environment_of(found), packages_of(found.program))
    missing = [item for item in places if item is not None and not item.is_whole()]
    try:
        yield
    finally:
        for place in missing if not keep else ():
            place.remove()
