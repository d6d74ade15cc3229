"""A worker that is forked is what one that is started would be."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fitspec.conformance.implementations import registry
from fitspec.conformance.worker import process
from fitspec.conformance.worker.session import Session

from . import nursery

if TYPE_CHECKING:
    import pytest


def test_a_forked_worker_says_what_a_started_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who it is and where its libraries are; afterwards nothing of it is left."""
    with Session(registry.find("reference"), Path(sys.executable)) as started:
        expected = started.start()
    monkeypatch.setattr(process, "Guarded", nursery.start)

    with Session(registry.find("reference"), Path(sys.executable)) as forked:
        said = forked.start()
        alive = nursery.offspring()

    assert said == expected
    assert len(alive) == 1
    assert nursery.offspring() == []


def test_where_python_would_begin_otherwise_a_worker_is_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A setting that an interpreter reads when it begins counts."""
    nursery.open_one()
    monkeypatch.setattr(process, "Guarded", nursery.start)
    monkeypatch.setenv("PYTHONOPTIMIZE", "1")

    with Session(registry.find("reference"), Path(sys.executable)) as session:
        session.start()

        assert nursery.offspring() == []
