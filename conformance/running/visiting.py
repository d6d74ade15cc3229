"""Versions that are run one after the other, and leave nothing behind on the disk."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from fitspec.conformance.environments.environment import environment_of
from fitspec.conformance.implementations import registry

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def visiting(asked: str, *, keep: bool = False) -> Iterator[None]:
    """Remove in the end the environment of an implementation, if it was not there before.

    Args:
        asked: its name, or that of a version.
        keep: whether to leave it all the same.
    """
    environment = environment_of(registry.find(asked))
    was_there = environment is None or environment.is_whole()
    try:
        yield
    finally:
        if environment is not None and not (was_there or keep):
            environment.remove()
