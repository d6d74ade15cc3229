"""A worker that is forked is what one that is started would be."""

from __future__ import annotations

import signal
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
    """Who it is, where its libraries are, which signals it ignores; nothing of it is left."""
    with Session(registry.find("reference"), Path(sys.executable)) as started:
        expected, ignored = started.start(), _ignored(started)
    monkeypatch.setattr(process, "Guarded", nursery.start)

    with Session(registry.find("reference"), Path(sys.executable)) as forked:
        said, ignored_here = forked.start(), _ignored(forked)
        alive = nursery.offspring()

    assert said == expected
    assert ignored_here == ignored == {signal.SIGPIPE, signal.SIGXFSZ}
    assert len(alive) == 1
    assert nursery.offspring() == []


def _ignored(session: Session) -> set[signal.Signals]:
    """Return the signals that the worker ignores, of those that an interpreter begins by ignoring.

    Others are ignored where whoever started the tests does so, as a shell does in the background.
    """
    process = session._process  # noqa: SLF001  nobody else has to know it
    assert process is not None
    status = Path(f"/proc/{process.pid}/status").read_text("ascii")
    (told,) = (line for line in status.splitlines() if line.startswith("SigIgn:"))
    mask = int(told.split()[1], 16)
    return {each for each in (signal.SIGPIPE, signal.SIGXFSZ) if mask >> (each - 1) & 1}


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
