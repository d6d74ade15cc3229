# noqa: INP001 - a program, and part of no package
"""Measure how much memory an epoch of training takes over data larger than one would load.

Run ``python benchmarks/streaming_memory.py``, which writes 2 GB at a time and removes them again;
``--megabytes 200`` is enough to see it work. Each kind of data is trained on in a process of its
own, for one epoch. The exit code is 1 if memory grows by more than ``--limit`` megabytes.

Two figures are taken before and during the epoch:

- the peak of all resident memory (`VmHWM`), which is judged for HDF5;
- the largest private memory seen (`RssAnon`, looked at after every batch and while one is trained),
  which is judged for files that are mapped: their pages count as resident for as long as nobody
  else needs the memory, and say nothing about the reader. They are shown beside it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from rich.console import Console
from rich.table import Table

from fitspec.reference import Sequential, callbacks, layers

FEATURES = 256
"""Numbers in a sample: 1 KB."""

BATCH_SIZE = 4096
"""Samples in a step: 4 MB."""

MEGABYTE = 1024 * 1024
KINDS = ("memory map, raw", "memory map, npy", "HDF5, whole batches", "HDF5, in order")
MAPPED = KINDS[:2]
LOOK_SECONDS = 0.005
"""How long between two looks at private memory."""


@dataclass(frozen=True)
class Growth:
    """What an epoch added, in megabytes."""

    peak: float
    private: float
    files: float
    batches: int


def memory() -> dict[str, float]:
    """Return the figures of the system about this process, in megabytes."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    figures = (line.partition(":") for line in lines if line.endswith("kB"))
    return {name: int(value.split()[0]) / 1024 for name, _, value in figures}


class Watch(callbacks.Callback):
    """Keeps the largest figures seen: after every batch, and all the time in between."""

    def __init__(self) -> None:
        super().__init__()
        self.largest = memory()
        self.batches = 0
        self._ended = threading.Event()

    def look(self) -> None:
        """Look at the memory once."""
        for name, figure in memory().items():
            self.largest[name] = max(figure, self.largest[name])

    def look_on(self) -> None:
        """Look until the epoch has ended."""
        while not self._ended.wait(LOOK_SECONDS):
            self.look()

    def on_train_begin(self, logs: Any) -> None:  # noqa: ARG002 - as Callback
        """Begin to look."""
        threading.Thread(target=self.look_on, daemon=True).start()

    def on_train_batch_end(self, batch: int, logs: Any) -> None:  # noqa: ARG002 - as Callback
        """Look after a batch."""
        self.batches += 1
        self.look()

    def on_train_end(self, logs: Any) -> None:  # noqa: ARG002 - as Callback
        """Look no more."""
        self._ended.set()


def write(kind: str, file: Path, rows: int) -> None:
    """Write samples to a file, a piece at a time."""
    random = np.random.default_rng(0)
    starts = range(0, rows, BATCH_SIZE)

    def piece(start: int) -> Any:
        return random.random((min(BATCH_SIZE, rows - start), FEATURES), dtype="float32")

    if kind.startswith("HDF5"):
        with h5py.File(file, "w") as store:
            x = store.create_dataset("x", (rows, FEATURES), "float32")
            for start in starts:
                x[start : start + BATCH_SIZE] = piece(start)
    else:
        with file.open("wb") as stream:
            if kind == "memory map, npy":
                head = {"descr": "<f4", "fortran_order": False, "shape": (rows, FEATURES)}
                np.lib.format.write_array_header_1_0(stream, head)
            for start in starts:
                piece(start).tofile(stream)


def opened(kind: str, file: Path, rows: int) -> Any:
    """Open the samples, and read none."""
    if kind == "memory map, raw":
        return np.memmap(file, "float32", "r", shape=(rows, FEATURES))
    if kind == "memory map, npy":
        return np.load(file, mmap_mode="r")
    return h5py.File(file, "r")["x"]


def measure(kind: str, file: Path, rows: int) -> Growth:
    """Train for one epoch, and return by how much memory grew."""
    model = Sequential([layers.Dense(1, input_shape=(FEATURES,))])
    model.compile("sgd", "mse")
    # A step on random numbers first: what a step takes is there before.
    model.train_on_batch(
        np.random.default_rng(0).random((BATCH_SIZE, FEATURES)), np.zeros(BATCH_SIZE)
    )
    x, y = opened(kind, file, rows), np.zeros((rows, 1), "float32")
    orders: dict[str, bool | str] = {"HDF5, whole batches": "batch", "HDF5, in order": False}
    watch = Watch()
    before = memory()

    model.fit(
        x, y, batch_size=BATCH_SIZE, shuffle=orders.get(kind, True), callbacks=[watch], verbose=0
    )

    watch.look()
    private, files = (watch.largest[name] - before[name] for name in ("RssAnon", "RssFile"))
    # Against what was resident before, not the peak before, below which growth would be hidden.
    return Growth(watch.largest["VmHWM"] - before["VmRSS"], private, files, watch.batches)


def measured_apart(kind: str, rows: int, folder: Path) -> Growth:
    """Write the data, measure in a process of its own, and remove the data."""
    file = folder / "data"
    write(kind, file, rows)
    command = [
        sys.executable,
        __file__,
        "--measure",
        kind,
        "--file",
        str(file),
        "--rows",
        str(rows),
    ]
    try:
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    finally:
        file.unlink()
    return Growth(**json.loads(output))


def main() -> int:
    """Measure every kind of data; return 1 if one takes too much memory."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--megabytes", type=int, default=2048, help="size of the data")
    parser.add_argument("--limit", type=float, default=300.0, help="largest growth, in megabytes")
    parser.add_argument("--folder", type=Path, help="where data are written")
    parser.add_argument("--measure", choices=KINDS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--rows", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        growth = measure(arguments.measure, arguments.file, arguments.rows)
        sys.stdout.write(json.dumps(asdict(growth)))
        return 0
    rows = arguments.megabytes * MEGABYTE // (FEATURES * 4)
    title = f"one epoch over {arguments.megabytes} MB: memory added, in MB"
    table = Table("data", "batches", "all", "private", "pages of files", "judged", title=title)
    too_much = False
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        for kind in KINDS:
            growth = measured_apart(kind, rows, Path(folder))
            judged = growth.private if kind in MAPPED else growth.peak
            too_much = too_much or judged > arguments.limit
            figures = (growth.peak, growth.private, growth.files)
            verdict = (
                f"{judged:.0f} {'>' if judged > arguments.limit else '<='} {arguments.limit:.0f}"
            )
            table.add_row(kind, str(growth.batches), *(f"{one:.0f}" for one in figures), verdict)
    Console().print(table)
    return int(too_much)


if __name__ == "__main__":
    sys.exit(main())
