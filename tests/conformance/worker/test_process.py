"""Tests of `fitspec.conformance.worker.process`: the two pipes, and the end."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fitspec.adapters import wire
from fitspec.conformance.implementations.registry import find
from fitspec.conformance.worker.process import WorkerDied, WorkerProcess, WorkerTimedOut

if TYPE_CHECKING:
    from fitspec.conformance.implementations.implementation import Implementation
    from fitspec.conformance.worker.limits import Limits

Start = Callable[..., WorkerProcess]


@pytest.fixture(scope="module", autouse=True)
def forked_workers() -> None:
    """Start an interpreter for each: how it begins and ends is what is tested."""


@pytest.fixture
def start(leaves_nothing: None, tmp_path: Path, tight: Limits) -> Iterator[Start]:  # noqa: ARG001  for its proof
    """Start workers, and end them afterwards."""
    started: list[WorkerProcess] = []

    def start_worker(implementation: Implementation | None = None) -> WorkerProcess:
        scratch = tmp_path / f"worker-{len(started)}"
        scratch.mkdir()
        subject = find("reference") if implementation is None else implementation
        variables = {**os.environ, **subject.environment}
        worker = WorkerProcess(Path(sys.executable), subject.adapter, scratch, variables, tight)
        started.append(worker)
        return worker

    yield start_worker
    for worker in started:
        worker.kill()


def ask(worker: WorkerProcess, seconds: float = 60.0, **request: object) -> dict[str, object]:
    """Send a request and return the answer, as they are."""
    return wire.load(worker.exchange(wire.dump({"id": 1, **request}), time.monotonic() + seconds))


def test_a_request_larger_than_a_pipe_arrives_and_returns(start: Start) -> None:
    """Messages of any length pass both ways, though a pipe holds only a little."""
    worker = start()
    text = "x" * 200_000

    assert ask(worker, op="echo", value=text)["value"] == text


def test_an_operation_that_does_not_exist_is_answered(start: Start) -> None:
    """A request of another form is answered as a fault of ours, and the worker lives on."""
    worker = start()

    answer = ask(worker, op="sing")

    assert answer["outcome"] == "error"
    assert "there is no operation 'sing'" in str(answer["error"])
    assert ask(worker, op="echo", value=1)["value"] == 1


def test_a_killed_worker_answers_no_more(start: Start) -> None:
    """After the end each request says so, and ending it again does no harm."""
    worker = start()
    worker.kill()
    worker.kill()
    worker.stop()

    with pytest.raises(WorkerDied, match="has been stopped"):
        ask(worker, op="echo", value=1)
    assert not worker.alive


def test_a_worker_stops_when_asked(start: Start) -> None:
    """A worker whose requests end, ends by itself, in good order."""
    worker = start()
    ask(worker, op="echo", value=1)
    started = time.monotonic()

    worker.stop()

    assert not worker.alive
    assert time.monotonic() - started < 5.0


def test_a_worker_that_was_ended_from_outside_is_noticed(start: Start) -> None:
    """A worker that somebody else killed is dead, not slow."""
    worker = start()
    ask(worker, op="echo", value=1)
    os.kill(worker.pid, 9)

    with pytest.raises(WorkerDied, match="SIGKILL"):
        ask(worker, op="echo", value=1)


def test_an_interrupted_exchange_leaves_no_worker(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After Ctrl-C the late answer cannot be taken for another's: the worker is gone."""
    worker = start()

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(worker, "_watch", interrupt)

    with pytest.raises(KeyboardInterrupt):
        ask(worker, op="echo", value=1)
    assert not worker.alive


def test_what_is_printed_is_told_once(
    start: Start, misbehaving: Callable[[str], Implementation]
) -> None:
    """Output is told in pieces, each once; the last piece also after the end."""
    worker = start(misbehaving("hangs"))
    path = Path(f"/proc/{worker.pid}/fd/1")
    ask(worker, op="echo", value=1)
    with path.open("ab") as stdout:
        stdout.write(b"first")

    assert worker.printed("stdout") == b"first"
    with path.open("ab") as stdout:
        stdout.write(b"second")
    worker.kill()
    assert worker.printed("stdout") == b"second"
    assert worker.printed("stdout") == b""


def test_forgotten_output_does_not_count(start: Start) -> None:
    """Output that was forgotten is not told, and what comes after begins anew."""
    worker = start()
    ask(worker, op="echo", value=1)
    with Path(f"/proc/{worker.pid}/fd/2").open("ab") as stderr:
        stderr.write(b"old")
        stderr.flush()
        worker.forget_printed()
        stderr.write(b"new")

    assert worker.printed("stderr") == b"new"


def test_a_time_that_is_over_is_over(start: Start) -> None:
    """A deadline in the past ends the worker rather than waiting."""
    with pytest.raises(WorkerTimedOut):
        ask(start(), seconds=-1.0, op="echo", value=1)


@pytest.mark.usefixtures("leaves_nothing")
def test_a_program_that_cannot_be_started_leaves_nothing_open(tmp_path: Path) -> None:
    """When there is no interpreter, pipes and files are closed again."""
    with pytest.raises(FileNotFoundError):
        WorkerProcess(tmp_path / "python", tmp_path / "adapter.py", tmp_path, {})


@pytest.mark.usefixtures("leaves_nothing")
def test_a_program_that_is_no_worker_is_noticed(tmp_path: Path) -> None:
    """A program that ends without a word is dead, with its status."""
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\necho what >&2\nexit 5\n")
    program.chmod(0o755)
    with WorkerProcess(program, tmp_path / "adapter.py", tmp_path, {}) as worker:
        with pytest.raises(WorkerDied, match="exited with status 5"):
            ask(worker, op="hello")

        assert worker.printed("stderr") == b"what\n"
