# noqa: INP001 - a program, and part of no package
"""Run the checks again and again on one implementation, and compare what is found.

Run ``python benchmarks/verdict_stability.py reference --runs 20 --busy 2``. Everything but the
times must be the same in every run: verdicts, behaviours, what was expected, observed and said.
With `--busy` every second run has to share the machine with processes that only compute.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.console import Console

from fitspec import conformance

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fitspec.conformance import Report

TIMES = ("seconds", "seconds_inside")


def outcome(report: Report) -> dict[str, dict[str, Any]]:
    """Return what was found of each clause, without the times."""
    return {
        finding.clause: {
            name: value for name, value in asdict(finding).items() if name not in TIMES
        }
        for finding in report.findings
    }


def differences(
    first: Mapping[str, Mapping[str, Any]], other: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    """Yield a line for everything that two runs say differently."""
    for clause in sorted(first.keys() | other.keys()):
        if clause not in first or clause not in other:
            yield f"{clause}: only in one of the runs"
            continue
        for name, value in first[clause].items():
            if other[clause][name] != value:
                yield f"{clause}: {name}: {value!r}, then {other[clause][name]!r}"


@contextmanager
def load(processes: int) -> Iterator[None]:
    """Keep the machine busy with processes that only compute."""
    spinning = [multiprocessing.Process(target=spin, daemon=True) for _ in range(processes)]
    for process in spinning:
        process.start()
    try:
        yield
    finally:
        for process in spinning:
            process.kill()
            process.join()


def spin() -> None:
    """Compute for as long as one is let."""
    while True:
        sum(range(1000))


def compare(
    name: str, runs: int, busy: int, clauses: Sequence[str], console: Console
) -> list[tuple[int, str]]:
    """Run the checks `runs` times; return what differs from the first run, and in which run."""
    found: list[tuple[int, str]] = []
    first: dict[str, dict[str, Any]] = {}
    for number in range(1, runs + 1):
        processes = busy if number % 2 == 0 else 0
        started = time.perf_counter()
        with load(processes):
            report = conformance.run(name, clauses=clauses)
        seconds = time.perf_counter() - started
        now = outcome(report)
        first = first or now
        new = [(number, line) for line in differences(first, now)]
        found += new
        console.print(
            f"run {number} of {runs} on {name}: {len(now)} findings in {seconds:.1f} s "
            f"beside {processes} busy processes, {len(new)} differences"
        )
    return found


def main() -> int:
    """Run, compare and print; the status is 1 if two runs differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("implementation", help="name or adapter file")
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--busy", type=int, default=0, metavar="PROCESSES")
    parser.add_argument("--clause", action="append", default=[], metavar="PATTERN")
    arguments = parser.parse_args()
    console = Console(soft_wrap=True, highlight=False)
    found = compare(
        arguments.implementation, arguments.runs, arguments.busy, arguments.clause, console
    )
    for number, line in found:
        console.print(f"run {number}: {line}", markup=False)
    console.print(f"{len(found)} differences in {arguments.runs} runs")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
