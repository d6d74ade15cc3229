# noqa: INP001 - a program, and part of no package
"""Measure how time and memory of training grow with the data.

Run ``python benchmarks/training_scale.py``. First, what a step of the 8-16-1 network costs in an
epoch over 10^3 to 10^7 rows: it should stay the same, but for rows that are far apart in memory
when they are shuffled. Then the peak of memory of a process that trains the 784-512-512-10 network
for an epoch, beside that of a process which does the same arithmetic by hand on the same data. The
exit code is 1 if the peak is more than 20 % above.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np  # noqa: E402 - the number of its threads is settled when it is imported
from rich.console import Console  # noqa: E402 - as above
from rich.table import Table  # noqa: E402 - as above

from fitspec.reference import Sequential, layers  # noqa: E402 - as above

BATCH = 32
WIDTHS = [784, 512, 512, 10]
LARGE_BATCH = 128
ROWS = LARGE_BATCH * 150
GOAL = 1.2


def small() -> Sequential:
    """Return the 8-16-1 network, compiled."""
    model = Sequential([layers.Dense(16, activation="relu", input_shape=(8,)), layers.Dense(1)])
    model.compile("sgd", loss="mse")
    return model


def step_costs(rows: int, *, shuffle: bool) -> float:
    """Return the microseconds of a step in an epoch over so many rows, the least of three."""
    draw = np.random.default_rng(0)
    x, y = draw.random((rows, 8), np.float32), draw.random((rows, 1), np.float32)
    model = small()
    model.fit(x[: 4 * BATCH], y[: 4 * BATCH], batch_size=BATCH, verbose=0)
    times = []
    for _ in range(3 if rows < 10**7 else 1):
        began = time.perf_counter()
        model.fit(x, y, batch_size=BATCH, shuffle=shuffle, verbose=0)
        times.append(time.perf_counter() - began)
    return min(times) / -(-rows // BATCH) * 1e6


def peak_of(way: str) -> float:
    """Return the peak in MiB of a process that trains in a way."""
    command = [sys.executable, __file__, "--way", way]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(found.stdout)


def train(way: str) -> None:
    """Train the large network, and print the peak of this process in MiB."""
    draw = np.random.default_rng(0)
    x = draw.random((ROWS, WIDTHS[0]), np.float32)
    y = np.eye(10, dtype=np.float32)[draw.integers(0, 10, ROWS)]
    if way == "by hand":
        sys.path.insert(0, str(Path(__file__).parent / "peers"))
        import handwritten  # noqa: PLC0415 - only here, and found by the line above

        stack = handwritten.Stack(WIDTHS, LARGE_BATCH, "sgd")
        handwritten.epochs(stack, x, y, 1, "fit")
    else:
        first, *between, last = WIDTHS
        model = Sequential(
            [
                layers.Dense(between[0], activation="relu", input_shape=(first,)),
                *(layers.Dense(units, activation="relu") for units in between[1:]),
                layers.Dense(last, activation="softmax"),
            ]
        )
        model.compile("sgd", loss="categorical_crossentropy")
        model.fit(x, y, batch_size=LARGE_BATCH, verbose=0)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)  # noqa: T201 - its answer


def main() -> int:
    """Measure, show and judge."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--way", choices=["by hand", "reference"], help=argparse.SUPPRESS)
    parser.add_argument("--largest", type=int, default=7, help="power of ten of the most rows")
    arguments = parser.parse_args()
    if arguments.way:
        train(arguments.way)
        return 0
    console = Console()
    costs = Table("rows", "in order", "shuffled", title="microseconds a step, 8-16-1, batch 32")
    for power in range(3, arguments.largest + 1):
        cells = [f"{step_costs(10**power, shuffle=shuffle):.1f}" for shuffle in (False, True)]
        costs.add_row(f"10^{power}", *cells)
    console.print(costs)
    by_hand, reference = peak_of("by hand"), peak_of("reference")
    console.print(
        f"peak of memory, 784-512-512-10 on {ROWS} rows: by hand {by_hand:.0f} MiB, "
        f"reference {reference:.0f} MiB, {reference / by_hand:.2f} times"
    )
    return 1 if reference > GOAL * by_hand else 0


if __name__ == "__main__":
    sys.exit(main())
