"""What the checks find on the reference driven by another adapter: with a defect, or with nothing.

`find` starts this as a program, since a run of the checks owns its process. Each variant is a
fork of it, whose workers are forks in which the reference is imported already.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fitspec import spec
from fitspec.conformance.report import reading, report
from fitspec.conformance.worker.limits import Limits

from .lab import CROWD, Lab, Task

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[2]
#: By reference, the module of its adapter, which imports all that it needs; what draws the plots of
#: R is imported late otherwise, and anew in each worker.
ADAPTERS = {
    "reference": ("fitspec.adapters.reference.plain",),
    "reference-r": (
        "fitspec.adapters.reference.r",
        "matplotlib.figure",
        "matplotlib.backends.backend_agg",
    ),
}
#: How long all checks may take on one variant, in s.
WHOLE = 1200.0


@dataclass(frozen=True)
class Variant:
    """A reference driven by another adapter.

    Args:
        name: by which what is found on it is known.
        base: which reference.
        adapter: the file of the adapter.
        environment: variables that tell the adapter which variant it is.
        clauses: patterns of the clauses that it is held against.
        fallen: the clauses whose checks are known to fall: how often they do is not asked.
    """

    name: str
    base: str
    adapter: str
    environment: dict[str, str]
    clauses: tuple[str, ...]
    fallen: tuple[str, ...] = ()


def find(variants: Sequence[Variant]) -> dict[str, report.Report]:
    """Hold variants against clauses; return a report for each.

    Raises:
        RuntimeError: one could not be run, or did not end in time.
    """
    with tempfile.TemporaryDirectory(prefix="fitspec-variants-") as scratch:
        done = subprocess.run(
            [sys.executable, "-m", f"{__spec__.name}", "--into", scratch],
            input=json.dumps([asdict(item) for item in variants]),
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )
        if done.returncode:
            raise RuntimeError(f"variants could not be run:\n{done.stderr}")
        return {item.name: reading.read(Path(scratch) / f"{item.name}.ndjson") for item in variants}


def main() -> None:
    """Run the variants that stdin describes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--into", type=Path, required=True)
    folder = parser.parse_args().into
    variants = [Variant(**item) for item in json.load(sys.stdin)]
    bases = sorted({item.base for item in variants})
    # The last is what NumPy loads late, and the reference needs for its weights.
    for name in (*(name for base in bases for name in ADAPTERS[base]), "numpy.ma"):
        import_module(name)

    def work(lab: Lab) -> None:
        tasks = [_task(lab, item, folder / f"{item.name}.ndjson") for item in variants]
        for name, came in lab.run(tasks, CROWD * (os.cpu_count() or 1)):
            if came is None:
                raise RuntimeError(f"{name} did not end in time")

    Lab(work, bases, Limits()).open()


def _task(lab: Lab, variant: Variant, path: Path) -> Task:
    """Return the task to write the report of a variant."""

    def work() -> dict[str, Any]:
        suite = lab.suite
        (base,) = (item for item in suite.implementations if item.name == variant.base)
        driven = replace(base, adapter=Path(variant.adapter), environment=variant.environment)
        suite.implementations = (driven,)
        wanted = spec.contract().matching(variant.clauses)
        chosen = [clause for clause in lab.clauses(variant.base) if clause in wanted]
        suite.asked = {driven.name: set(chosen)}
        suite.limits = replace(suite.limits, once=frozenset(variant.fallen))
        for _ in lab.check(variant.base, chosen):
            pass
        report.write(suite.report(), path)
        return {}

    return Task(variant.name, work, WHOLE)


if __name__ == "__main__":
    main()
