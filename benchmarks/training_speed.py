# noqa: INP001 - a program, and part of no package
"""Measure a training step of the reference beside the same step elsewhere.

Run ``python benchmarks/training_speed.py``. The floor is the arithmetic of each model written out
in NumPy by hand, every array allocated once (`peers/handwritten.py`); the other peers are
implementations that fitspec runs, each in the environment that it builds for them. All are asked in
turn, round by round, and the least time of each counts, so that other work of the machine falls on
all alike.

The table says microseconds for a step, and the ratio to the floor where there is one. ``--plot
FILE`` draws it. The exit code is 1 where the reference misses a goal.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from rich.console import Console
from rich.table import Table

from fitspec.conformance.environments import environment
from fitspec.conformance.implementations import registry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PEERS = Path(__file__).resolve().parent / "peers"
REST_SECONDS = 0.25
FLOOR, REFERENCE, TORCH = "by hand", "reference", "torch eager"
#: Other peers by the names that fitspec knows them by.
KERAS = ("keras-3-jax", "keras-3-tensorflow", "keras-3-torch", "keras-2.3")


@dataclass(frozen=True)
class Case:
    """A model to train.

    Attributes:
        kind: Of which layers it is.
        shape: Of one sample.
        widths: Of its layers, from the inputs on.
        batch: Samples of a step.
        optimizer: What updates it.
        steps: Of one measurement.
        goal: The most that a step of the reference may take, as a multiple: of the floor for dense
            layers, of eager PyTorch for others.
        methods: What is measured: optimizers make no difference but to training.

    """

    kind: str
    shape: tuple[int, ...]
    widths: tuple[int, ...]
    batch: int
    optimizer: str
    steps: int
    goal: float
    methods: tuple[str, ...] = ("fit", "evaluate", "predict")

    @property
    def name(self) -> str:
        """What the table calls it."""
        layers = "-".join(map(str, self.widths))
        return f"{self.kind} {layers}, batch {self.batch}, {self.optimizer}"

    def plain(self) -> dict[str, Any]:
        """Return what a peer is told."""
        return {
            "kind": self.kind,
            "shape": self.shape,
            "widths": self.widths,
            "batch": self.batch,
            "optimizer": self.optimizer,
        }


CASES = (
    Case("dense", (8,), (8, 16, 1), 32, "sgd", 200, 1.5),
    Case("dense", (784,), (784, 128, 10), 32, "sgd", 60, 1.5),
    Case("dense", (784,), (784, 512, 512, 10), 128, "sgd", 12, 1.1),
    Case("dense", (8,), (8, 16, 1), 32, "adam", 200, 1.3, ("fit",)),
    Case("dense", (784,), (784, 128, 10), 32, "adam", 60, 1.3, ("fit",)),
    Case("dense", (784,), (784, 512, 512, 10), 128, "adam", 12, 1.3, ("fit",)),
    Case("conv2d", (28, 28, 1), (8, 16, 10), 32, "sgd", 12, 2.0),
    Case("lstm", (20, 16), (32, 10), 32, "sgd", 20, 2.0),
    Case("embedding", (40,), (5000, 32, 10), 32, "sgd", 40, 2.0),
)


class Peer:
    """A process that is asked for times."""

    def __init__(
        self, name: str, command: Sequence[str], variables: Mapping[str, str], threads: int
    ) -> None:
        self.name = name
        limits = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        self._process = subprocess.Popen(
            command,
            env={**os.environ, **dict.fromkeys(limits, str(threads)), **variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def seconds(self, case: Case, method: str) -> float:
        """Return how long one measurement took.

        Raises:
            RuntimeError: It gave no answer.

        """
        question = {"case": case.plain(), "method": method, "steps": case.steps}
        to, back = self._process.stdin, self._process.stdout
        if to is None or back is None:
            raise RuntimeError(f"{self.name} has no pipes")
        to.write(json.dumps(question) + "\n")
        to.flush()
        answer = back.readline()
        if not answer:
            raise RuntimeError(f"{self.name} ended at {case.name}, {method}")
        return float(json.loads(answer))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()


def peers(names: Sequence[str], scratch: Path, threads: int) -> list[Peer]:
    """Start those that are asked for, after the floor and the reference.

    Args:
        names: Some of `KERAS`, and `TORCH`.
        scratch: A folder for what they write.
        threads: Of the libraries of arrays.

    """
    own = sys.executable
    found = [
        Peer(FLOOR, [own, str(PEERS / "numpy_peer.py")], {}, threads),
        Peer(REFERENCE, [own, str(PEERS / "keras_peer.py"), "reference"], {}, threads),
    ]
    for name in names:
        where = registry.find("keras-3-torch" if name == TORCH else name)
        python = str(environment.prepare(where, progress=Console(stderr=True).print))
        program = "torch_peer.py" if name == TORCH else "keras_peer.py"
        found.append(Peer(name, [python, str(PEERS / program)], where.variables(scratch), threads))
    return found


Times = dict[tuple[Case, str], dict[str, float]]


def measured(everybody: Sequence[Peer], cases: Sequence[Case], rounds: int) -> Times:
    """Return the microseconds of a step by case, method and peer."""
    found: Times = {}
    for case in cases:
        for method in case.methods:
            best: dict[str, float] = {}
            for _ in range(rounds):
                for peer in everybody:
                    if peer.name == FLOOR and case.kind != "dense":
                        continue
                    # Threads of libraries of arrays go on waiting busily for a while.
                    time.sleep(REST_SECONDS)
                    seconds = peer.seconds(case, method)
                    best[peer.name] = min(seconds, best.get(peer.name, seconds))
            found[case, method] = {
                name: seconds / case.steps * 1e6 for name, seconds in best.items()
            }
    return found


def base_of(case: Case) -> str:
    """Return whom the goal of a case is a multiple of."""
    return FLOOR if case.kind == "dense" else TORCH


def missed(times: Times) -> list[str]:
    """Return a line for every goal that the reference misses."""
    found = []
    for (case, method), each in times.items():
        base = each.get(base_of(case))
        if base is not None and each[REFERENCE] > case.goal * base:
            ratio = each[REFERENCE] / base
            found.append(
                f"{case.name}, {method}: {ratio:.2f} times {base_of(case)}, goal {case.goal}"
            )
        for name, spent in each.items():
            if case.kind == "dense" and name not in (FLOOR, REFERENCE) and spent < each[REFERENCE]:
                found.append(f"{case.name}, {method}: {name} is faster")
    return found


def table(times: Times, names: Sequence[str]) -> Table:
    """Return the times, and the ratios of the reference."""
    shown = Table("model", "method", *names, "reference : by hand", title="microseconds a step")
    for (case, method), each in times.items():
        cells = [f"{each[name]:.0f}" if name in each else "" for name in names]
        ratio = f"{each[REFERENCE] / each[FLOOR]:.2f}" if FLOOR in each else ""
        shown.add_row(case.name if method == "fit" else "", method, *cells, ratio)
    return shown


def plot(times: Times, names: Sequence[str], file: Path) -> None:
    """Draw the times of training, on a logarithmic scale."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - an extra, wanted only here

    cases = [case for case, method in times if method == "fit"]
    figure = Figure(figsize=(10, 1 + 1.1 * len(cases)), layout="constrained")
    axes = figure.subplots()
    height = 0.8 / len(names)
    for at, name in enumerate(names):
        places = [
            (row + at * height, times[case, "fit"][name])
            for row, case in enumerate(cases)
            if name in times[case, "fit"]
        ]
        axes.barh(
            [place for place, _ in places], [spent for _, spent in places], height, label=name
        )
    axes.set_yticks([row + 0.4 - height / 2 for row in range(len(cases))], [c.name for c in cases])
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlabel("microseconds for a training step")
    figure.legend(loc="outside lower center", ncols=4)
    figure.savefig(file)


def main() -> int:
    """Measure, show and judge."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--peers", nargs="*", default=[TORCH, *KERAS], help="besides the floor")
    parser.add_argument("--cases", default="", help="only those whose names contain this")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2, help="of libraries of arrays")
    parser.add_argument("--plot", type=Path, help="draw the times of training into this file")
    parser.add_argument("--json", type=Path, help="write all times into this file")
    arguments = parser.parse_args()
    chosen = [case for case in CASES if arguments.cases in case.name]
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        everybody = peers(arguments.peers, Path(scratch), arguments.threads)
        for peer in everybody:
            stack.enter_context(peer)
        times = measured(everybody, chosen, arguments.rounds)
    names = [peer.name for peer in everybody]
    console = Console(width=200)
    console.print(table(times, names))
    if arguments.json:
        plain = [
            {"model": case.name, "method": method, **each} for (case, method), each in times.items()
        ]
        arguments.json.write_text(json.dumps(plain, indent=1) + "\n")
    if arguments.plot:
        plot(times, names, arguments.plot)
    for line in missed(times):
        console.print(line)
    return 1 if missed(times) else 0


if __name__ == "__main__":
    sys.exit(main())
