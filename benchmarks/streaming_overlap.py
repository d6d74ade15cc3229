# noqa: INP001 - a program, and part of no package
"""Measure what workers gain when batches take as long to come as the model takes to train on them.

Run ``python benchmarks/streaming_overlap.py``. How long a training step takes is measured first, on
the batch that comes again and again; then every batch is made to wait for as long as that, as one
would for a disk. In step with the model a batch costs two such times, read ahead it costs one: with
a worker or more the best to hope for is twice the throughput. The exit code is 1 if two threads
gain less than ``--goal``.

Rounds of all ways follow each other, and the medians of the rounds are compared, so that other work
of the machine falls on all alike.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from typing import Any

# Threads of the array library would compete with those that are measured.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np  # noqa: E402 - the number of its threads is settled when it is imported
from rich.console import Console  # noqa: E402 - as above
from rich.table import Table  # noqa: E402 - as above

from fitspec.reference import Sequence, Sequential, layers  # noqa: E402 - as above

FEATURES = 64
UNITS = 256
WAYS: dict[str, dict[str, Any]] = {
    "main thread": {"workers": 0},
    "1 thread": {"workers": 1},
    "2 threads": {"workers": 2},
    "1 process": {"workers": 1, "use_multiprocessing": True},
    "2 processes": {"workers": 2, "use_multiprocessing": True},
}
BASE, JUDGED = "main thread", "2 threads"


class Slow(Sequence):
    """Gives one batch again and again, each after a pause."""

    def __init__(self, batch: Any, length: int, pause: float) -> None:
        self.batch = batch
        self.length = length
        self.pause = pause

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: int) -> Any:
        time.sleep(self.pause)
        return self.batch


def built() -> Any:
    """Return a compiled model."""
    model = Sequential(
        [
            layers.Dense(UNITS, activation="relu", input_shape=(FEATURES,)),
            layers.Dense(UNITS, activation="relu"),
            layers.Dense(1),
        ]
    )
    model.compile("sgd", "mse")
    return model


def batch_of(rows: int) -> Any:
    """Return a batch of random numbers."""
    random = np.random.default_rng(0)
    return random.random((rows, FEATURES), "float32"), random.random((rows, 1), "float32")


def seconds_of_steps(model: Any, data: Slow, **way: Any) -> float:
    """Return how long a step of an epoch takes."""
    started = time.perf_counter()
    model.fit(data, shuffle=False, verbose=0, **way)
    return (time.perf_counter() - started) / len(data)


def sized_batch(model: Any, seconds: float) -> Any:
    """Return a batch that takes about so long to train on."""
    rows = 64
    model.train_on_batch(*batch_of(rows))
    while (
        taken := seconds_of_steps(model, Slow(batch_of(rows), 20, 0.0), workers=0)
    ) < seconds / 2:
        rows *= 2
    return batch_of(max(1, round(rows * seconds / taken)))


def main() -> int:
    """Measure, print, and return 1 if the goal is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--steps", type=int, default=200, help="batches of an epoch")
    parser.add_argument("--rounds", type=int, default=5, help="epochs of each way")
    parser.add_argument("--milliseconds", type=float, default=5.0, help="of a training step, about")
    parser.add_argument("--goal", type=float, default=1.8, help="least gain of two threads")
    arguments = parser.parse_args()
    model = built()
    batch = sized_batch(model, arguments.milliseconds / 1000)
    quick = Slow(batch, arguments.steps, 0.0)
    pause = statistics.median(seconds_of_steps(model, quick, workers=0) for _ in range(3))
    slow = Slow(batch, arguments.steps, pause)
    taken: dict[str, list[float]] = {name: [] for name in WAYS}
    for _ in range(arguments.rounds):
        for name, way in WAYS.items():
            taken[name].append(seconds_of_steps(model, slow, **way))
    seconds = {name: statistics.median(each) for name, each in taken.items()}
    title = (
        f"a step takes {pause * 1000:.2f} ms, and a batch as long to come ({len(batch[0])} rows)"
    )
    table = Table("read by", "ms a batch", "batches a second", "gain", "ideal", title=title)
    for name, each in seconds.items():
        ideal = "1.00" if name == BASE else "2.00"
        figures = (f"{each * 1000:.2f}", f"{1 / each:.0f}", f"{seconds[BASE] / each:.2f}", ideal)
        table.add_row(name, *figures)
    Console().print(table)
    gain = seconds[BASE] / seconds[JUDGED]
    Console().print(f"{JUDGED}: {gain:.2f}, goal {arguments.goal:.2f}")
    return int(gain < arguments.goal)


if __name__ == "__main__":
    sys.exit(main())
