# noqa: INP001 - a program, and part of no package
"""Measure how fast `fitspec upgrade` reads programs.

Run ``python benchmarks/upgrade_speed.py``. It writes programs of 100,000 lines together, or as many
as ``--lines`` says, of models, calls and what is neither, and has them read. The aim is 30 s.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from fitspec.conformance.upgrade.findings import Examiner
from fitspec.conformance.upgrade.sides import comparison
from fitspec.conformance.upgrade.sources import Source, read

_AIM = 30.0
_HEAD = """\
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
"""
_BODY = """\
def build_{0}(units=3):
    net = Sequential([Dense(units, input_shape=(8,)), Dense(1)])
    net.compile("adam", "mse", metrics=["mae"])
    return net


def prepare_{0}(rows):
    table = {{row: [column * 2 for column in range(row)] for row in range(rows)}}
    total = 0
    for row, columns in table.items():
        if row % 2:
            total += sum(columns) - row
        else:
            total -= max(columns, default=0)
    return np.array([total, rows])


model_{0} = build_{0}()
options_{0} = {{"epochs": 3, "shuffle": "batch"}}
model_{0}.fit(prepare_{0}(3), prepare_{0}(4), **options_{0})
model_{0}.fit_generator(iter([]), steps_per_epoch=3)


"""


def main() -> int:
    """Write, read, and print how long it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000)
    lines = parser.parse_args().lines
    each = _HEAD + "".join(_BODY.format(number) for number in range(40))
    files = -(-lines // len(each.splitlines()))
    with tempfile.TemporaryDirectory() as folder:
        for number in range(files):
            (Path(folder) / f"program_{number}.py").write_text(each, "utf-8")
        began = time.perf_counter()
        examiner = Examiner(comparison("keras-2.3", "keras-3-jax"))
        sources = [item for item in read([Path(folder)]) if isinstance(item, Source)]
        found = sum(len(examiner.examine(source)) for source in sources)
        took = time.perf_counter() - began
    total = sum(len(source.lines) for source in sources)
    print(f"{total} lines, {len(sources)} files, {found} findings: {took:.1f} s")  # noqa: T201  what it is for
    return 0 if took <= _AIM else 1


if __name__ == "__main__":
    sys.exit(main())
