"""What tests of programs share: a conversation with the reference."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fitspec.conformance.implementations import registry
from fitspec.conformance.worker.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def reference() -> Iterator[Session]:
    """Return one for all tests of a module."""
    with Session(registry.find("reference"), Path(sys.executable)) as session:
        session.start()
        yield session
