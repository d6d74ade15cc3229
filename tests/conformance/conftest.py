"""Implementations that misbehave, and proof that nothing is left of them."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fitspec.conformance.implementations.implementation import Implementation
from fitspec.conformance.worker import process
from fitspec.conformance.worker.limits import Limits
from fitspec.conformance.worker.session import Session

from ..lab import nursery

HOSTILE = Path(__file__).with_name("hostile")

Open = Callable[..., Session]


def hostile(file: str, **variables: str) -> Implementation:
    """Return the implementation that a file of the folder `hostile` drives."""
    path = HOSTILE / f"{file}.py"
    return Implementation(name=file, title=file, adapter=path, environment=variables)


@pytest.fixture(scope="module", autouse=True)
def forked_workers() -> Iterator[None]:
    """Have workers that this process starts be forks of one that imported the reference.

    Tests of how a worker's process begins and ends have another fixture of this name.
    """
    # Here already: what a test starts and opens is found by what was there before.
    nursery.open_one()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(process, "Guarded", nursery.start)
        yield


@pytest.fixture
def misbehaving() -> Callable[[str], Implementation]:
    """Return the reference with a `get_layer` that does what the name says."""
    return lambda name: hostile("misbehaving", MISBEHAVIOUR=name)


@pytest.fixture
def tight(request: pytest.FixtureRequest) -> Limits:
    """Return limits that a test can wait for.

    On a busy machine what a check does can take long: its time is short only where something
    hangs, as the name or parameter of the test says.
    """
    check = 1.0 if "hangs" in request.node.name else 60.0
    return Limits(start=60.0, reset=60.0, check=check, grace=0.3, output=2**18, answer=2**20)


@pytest.fixture
def leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Assert afterwards that no process, no open descriptor and no temporary file is left."""
    token = f"FITSPEC_TEST={uuid.uuid4().hex}"
    monkeypatch.setenv(*token.split("="))
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    before = _descriptors()
    # What a whole module shares lives on.
    workers = set(nursery.offspring())

    yield

    assert list(processes_with(token)) == []
    assert set(nursery.offspring()) <= workers
    assert not {number: _what_is_open(number) for number in _descriptors() - before}
    assert list(folder.iterdir()) == []


def _descriptors() -> set[str]:
    """Return the numbers of the open descriptors, and among them always that of the listing."""
    return {item.name for item in Path("/proc/self/fd").iterdir()}


def _what_is_open(number: str) -> str:
    try:
        return str(Path(f"/proc/self/fd/{number}").readlink())
    except OSError:
        return "the listing"


def processes_with(variable: str) -> Iterator[str]:
    """Yield the command line of each living process, but this one, whose environment has it."""
    for pid in pids_with(variable):
        with contextlib.suppress(OSError):
            yield Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")


def pids_with(variable: str) -> Iterator[int]:
    """Yield the ids of these processes."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):
                if variable.encode() in (entry / "environ").read_bytes():
                    yield int(entry.name)


@pytest.fixture
def talk(leaves_nothing: None, tight: Limits) -> Iterator[Open]:  # noqa: ARG001  for its proof
    """Open conversations with implementations, and close them afterwards."""
    sessions = []

    def open_session(implementation: Implementation, limits: Limits = tight) -> Session:
        session = Session(implementation, Path(sys.executable), limits)
        sessions.append(session)
        return session

    yield open_session
    for session in sessions:
        session.close()
