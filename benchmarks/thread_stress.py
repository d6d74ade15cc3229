# noqa: INP001 - a program, and part of no package
"""Train, test and use many models in many threads, each to the same bits as alone.

Run ``python benchmarks/thread_stress.py --seconds 60``. A job draws a model, an optimizer, a source
of data and its readers by its number, trains, tests and predicts in all documented ways, and comes
down to numbers. All jobs are done one after the other, and then in threads at the same time, round
by round with others beside each; whatever differs is told, and the exit code is 1 then.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
from rich.console import Console

import fitspec.reference as keras
from fitspec.reference import layers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SAMPLES, BATCH = 70, 16
STEPS = -(-SAMPLES // BATCH)
SOURCES = ("arrays", "generator", "sequence", "hdf5")


def dense() -> list[Any]:
    """Return layers with moving averages, penalties and something random."""
    return [
        layers.Dense(9, activation="relu", kernel_regularizer="l2", input_shape=(6, 4)),
        layers.BatchNormalization(),
        layers.Dropout(0.3),
        layers.Flatten(),
    ]


def convolution() -> list[Any]:
    """Return layers that go over steps."""
    return [layers.Conv1D(5, 3, activation="tanh", input_shape=(6, 4)), layers.GlobalMaxPooling1D()]


def recurrent() -> list[Any]:
    """Return layers that go through steps one by one."""
    return [
        layers.Bidirectional(layers.LSTM(3, dropout=0.2), input_shape=(6, 4)),
        layers.Dropout(0.1),
    ]


def nested() -> list[Any]:
    """Return a model inside of the model."""
    return [keras.Sequential(recurrent()), layers.Dense(4, activity_regularizer="l1")]


KINDS = (dense, convolution, recurrent, nested)
OPTIMIZERS = ("sgd", "adam", "rmsprop", "adagrad")


def batch_at(x: Any, y: Any, at: int) -> tuple[Any, Any]:
    """Return the batch at a position."""
    rows = slice(at % STEPS * BATCH, at % STEPS * BATCH + BATCH)
    return x[rows], y[rows]


class Batches(keras.Sequence):
    """Gives batches, which another model has moved a little."""

    def __init__(self, x: Any, y: Any) -> None:
        self.x, self.y = x, y
        self.model = keras.Sequential([layers.Dense(4, activation="tanh", input_shape=(6, 4))])

    def __len__(self) -> int:
        return STEPS

    def __getitem__(self, index: int) -> Any:
        x, y = batch_at(self.x, self.y, index)
        return x + self.model.predict_on_batch(x), y


class Job:
    """Something to do, the same whenever it is done.

    Args:
        number: What it draws everything by.
        folder: For files.

    """

    def __init__(self, number: int, folder: Path) -> None:
        draw = random.Random(number)  # noqa: S311 - not about secrets
        self.number = number
        self.kind = draw.choice(KINDS)
        self.optimizer = draw.choice(OPTIMIZERS)
        self.source = SOURCES[number % len(SOURCES)]
        streams = self.source in {"generator", "sequence"}
        self.readers: dict[str, Any] = {"workers": draw.randrange(5)} if streams else {}
        if self.readers.get("workers") and draw.random() < 0.25:
            self.readers["use_multiprocessing"] = True
            # Copies of a generator take turns, so that only one of them is in order.
            self.readers["workers"] = 1 if self.source == "generator" else 2
        self.folder = folder

    def __str__(self) -> str:
        readers = ", ".join(f"{name}={value}" for name, value in self.readers.items())
        told = (self.kind.__name__, self.optimizer, self.source, readers)
        return f"job {self.number}: {', '.join(filter(None, told))}"

    def data(self) -> tuple[Any, Any]:
        """Return inputs and targets."""
        draw = np.random.default_rng(self.number)
        x = draw.normal(size=(SAMPLES, 6, 4)).astype("float32")
        return x, np.eye(3, dtype="float32")[draw.integers(0, 3, SAMPLES)]

    def given(self, x: Any, y: Any) -> dict[str, Any]:
        """Return the data as arguments of `fit` and `evaluate`."""
        if self.source == "arrays":
            return {"x": x, "y": y, "batch_size": BATCH}
        if self.source == "sequence":
            return {"x": Batches(x, y), **self.readers}
        if self.source == "generator":
            return {"x": endless(x, y), **self.readers}
        file = self.folder / f"{self.number}.h5"
        if not file.exists():
            with h5py.File(file, "w") as written:
                written["x"], written["y"] = x, y
        both = (keras.utils.HDF5Matrix(str(file), name) for name in ("x", "y"))
        return {**dict(zip("xy", both, strict=True)), "batch_size": BATCH}

    def __call__(self) -> list[Any]:
        """Do it; return all numbers that come of it, and the weights."""
        keras.set_random_seed(self.number)
        x, y = self.data()
        model = keras.Sequential([*self.kind(), layers.Dense(3, activation="softmax")])
        model.compile(self.optimizer, "categorical_crossentropy", metrics=["accuracy", "mae"])
        given = self.given(x, y)
        steps = {"steps": STEPS} if self.source == "generator" else {}
        in_epoch = {"steps_per_epoch": STEPS} if steps else {}
        shuffle: Any = "batch" if self.source == "hdf5" else True
        fitted = model.fit(
            **given, **in_epoch, epochs=3, verbose=0, shuffle=shuffle, validation_data=(x, y)
        )
        found: list[Any] = [fitted.history]
        found += [model.train_on_batch(*batch_at(x, y, at), reset_metrics=False) for at in range(9)]
        found.append(model.evaluate(**self.given(x, y), **steps, verbose=0))
        found += [model.test_on_batch(*batch_at(x, y, at)) for at in range(4)]
        only = {name: value for name, value in self.given(x, y).items() if name != "y"}
        found.append(model.predict(**only, **steps).tolist())
        found += [model.predict_on_batch(x[:size]).tolist() for size in range(1, 8)]
        return [*found, *(weight.tolist() for weight in model.get_weights())]


def endless(x: Any, y: Any) -> Iterator[Any]:
    """Give batches for as long as they are asked for."""
    at = 0
    while True:
        yield batch_at(x, y, at)
        at += 1


def differing(jobs: Iterable[Job], threads: int) -> list[Job]:
    """Return the jobs that come to other numbers in threads than one after the other."""
    jobs = list(jobs)
    alone = [repr(job()) for job in jobs]
    order = random.Random(len(jobs)).sample(range(len(jobs)), len(jobs))  # noqa: S311
    with ThreadPoolExecutor(threads) as pool:
        each = {at: pool.submit(jobs[at]) for at in order}
    return [jobs[at] for at in sorted(each) if repr(each[at].result()) != alone[at]]


def main() -> int:
    """Go through jobs until the time is over, and tell what differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--first", type=int, default=0, help="the number of the first job")
    arguments = parser.parse_args()
    console = Console()
    sys.setswitchinterval(1e-5)  # threads take turns 500 times as often as they would
    end = time.monotonic() + arguments.seconds
    number, wrong = arguments.first, 0
    with tempfile.TemporaryDirectory() as folder:
        while time.monotonic() < end:
            jobs = [Job(number + each, Path(folder)) for each in range(3 * arguments.threads)]
            found = differing(jobs, arguments.threads)
            for job in found:
                console.print(f"{job}: other numbers than alone")
            number, wrong = number + len(jobs), wrong + len(found)
    console.print(f"{number - arguments.first} jobs in {arguments.threads} threads, {wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
