# noqa: INP001 - a program, and part of no package
"""Measure how much faster two processes make the checks of one implementation than one does.

Run ``python benchmarks/run_workers.py keras-3-jax``. Its checks are made by one process and by two,
by turns, as often as ``--rounds`` says; its environment is built before. What is told is the ratio
of the sums of the times, of which the aim is 1.8 on two processors, and what both take of the
processors, which says of a machine with other work what two cost beside one.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time

from fitspec.conformance.environments.environment import prepare
from fitspec.conformance.implementations import registry
from fitspec.conformance.running import several

_AIM = 1.8


def taken(name: str, clauses: list[str], workers: int) -> tuple[float, float]:
    """Return how long a run takes, and what it takes of the processors, in s."""
    began, before = time.perf_counter(), _used()
    several.run(name, watcher=several.Watcher(), clauses=clauses, workers=workers)
    return time.perf_counter() - began, _used() - before


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> int:
    """Print the times of one and of two, and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("implementation", nargs="?", default="reference")
    parser.add_argument("--clause", action="append", default=[])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    prepare(registry.find(options.implementation))
    sums = {1: [0.0, 0.0], 2: [0.0, 0.0]}
    for _ in range(options.rounds):
        for workers, both in sums.items():
            wall, used = taken(options.implementation, options.clause, workers)
            print(f"{workers}: {wall:.1f} s, {used:.1f} s of processors")  # noqa: T201  what it is for
            both[0] += wall
            both[1] += used
    ratio, cost = (sums[1][0] / sums[2][0], sums[2][1] / sums[1][1])
    print(f"ratio {ratio:.2f}, at {cost:.2f} times the work")  # noqa: T201  as above
    return 0 if ratio >= _AIM else 1


if __name__ == "__main__":
    sys.exit(main())
