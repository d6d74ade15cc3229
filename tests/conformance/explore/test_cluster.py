"""Tests of `fitspec.conformance.explore.cluster`: the same on many processes, whatever befalls."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from distributed import Client
from distributed.comm.core import CommClosedError

from fitspec.conformance.explore import cluster
from fitspec.conformance.explore.campaign import Here, campaign
from fitspec.conformance.explore.grammar import draw
from fitspec.conformance.explore.opening import Sides

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fitspec.conformance.explore.records import Record

SABOTEURS = Path(__file__).parents[2] / "saboteurs" / "adapter.py"
#: The third of them shows what is planted.
PROGRAMS = 4


#: Prints how long the end took, in s, and how many processes are left.
INTERRUPTED = """
import multiprocessing
import time

from fitspec.conformance.explore import cluster
from fitspec.conformance.explore.opening import Sides

if __name__ == "__main__":
    try:
        with cluster.started(Sides("reference", "reference", laws=False), 2) as hands:
            hands.versions()
            at_it = [hands.begin(lambda _: time.sleep(60)) for _ in range(2)]
            assert not any(each.done() for each in at_it)
            began = time.monotonic()
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        print(time.monotonic() - began, len(multiprocessing.active_children()))
"""


@pytest.fixture
def sides(monkeypatch: pytest.MonkeyPatch) -> Sides:
    """Return the reference with a defect, and without it."""
    monkeypatch.setenv("FITSPEC_SABOTEUR", "evaluates_to_the_loss_of_the_last_batch")
    return Sides(str(SABOTEURS), "reference", laws=False)


@pytest.fixture
def here(sides: Sides) -> list[Record]:
    """Return what a campaign comes to in one process."""
    with sides.opened(lambda _: None) as opened:
        records = list(campaign(draw(3, PROGRAMS), Here(opened.oracles), {}))
    assert [record.number for record in records if record.sightings] == [2]
    return records


def test_a_worker_that_is_killed_changes_nothing(sides: Sides, here: list[Record]) -> None:
    """No program is lost, and none comes twice; it is killed when there is something to lose."""
    with cluster.started(sides, 2) as hands:
        versions = hands.versions()
        coming: Iterator[Record] = campaign(draw(3, PROGRAMS), hands, {})
        records = [next(coming)]
        os.kill(hands.begin(lambda _: os.getpid()).result(), signal.SIGKILL)
        records += coming

    assert versions.keys() >= {"numpy"}
    assert records == here


def test_a_worker_that_dies_in_the_end_changes_nothing(
    sides: Sides, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is gone when it is to be told that all is over."""

    def told(_: Client, name: str) -> None:
        raise CommClosedError(name)

    monkeypatch.setattr(Client, "unregister_worker_plugin", told)

    with cluster.started(sides, 1) as hands:
        assert hands.begin(lambda _: 1).result() == 1


def test_a_scheduler_that_is_not_there_is_named(
    sides: Sides, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is started."""
    monkeypatch.setattr(cluster, "PATIENCE", 0.2)

    with (
        pytest.raises(
            RuntimeError, match=r"--scheduler tcp://127\.0\.0\.1:9: no scheduler of Dask"
        ),
        cluster.joined(sides, "tcp://127.0.0.1:9"),
    ):
        pass


def test_an_interruption_waits_for_nobody(tmp_path: Path) -> None:
    """What workers are at is given up, and nothing of them is left; nor is their scratch.

    In a process that ends, as after Ctrl-C: Dask goes on watching its own until then.
    """
    program = tmp_path / "interrupted.py"
    program.write_text(INTERRUPTED, "utf-8")
    scratch = tmp_path / "scratch"
    scratch.mkdir()

    done = subprocess.run(
        [sys.executable, program],
        env={**os.environ, "TMPDIR": str(scratch)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    seconds, left = done.stdout.split()
    assert float(seconds) < 10
    assert left == "0"
    assert not [*scratch.iterdir()]
