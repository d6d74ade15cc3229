"""What Hypothesis writes, kept out of the folder in which a person runs something."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from hypothesis import configuration

from fitspec.conformance.system.scratch import Scratch

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def litter_elsewhere() -> Iterator[None]:
    """Let it write into a folder that is removed afterwards."""
    before = vars(configuration).get("__hypothesis_home_directory")
    with Scratch() as scratch:
        configuration.set_hypothesis_home_dir(scratch.folder)
        try:
            yield
        finally:
            configuration.set_hypothesis_home_dir(before)
