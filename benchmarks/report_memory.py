# noqa: INP001 - a program, and part of no package
"""Measure how much memory the gate takes for a report of very many findings.

Run ``python benchmarks/report_memory.py``, which writes reports of a million lines, 360 MB each,
and removes them again; ``--lines 20000`` is enough to see it work. Each gate is a process of its
own, whose peak of resident memory is judged. The exit code is 1 if one takes more than ``--limit``
megabytes.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

MEGABYTE = 1024 * 1024


class Kind(NamedTuple):
    """What a report is full of."""

    words: str
    implementations: int
    verdict: str


KINDS = (
    Kind("one implementation, all passed", 1, "pass"),
    Kind("a thousand implementations, all passed", 1000, "pass"),
    Kind("a thousand implementations, all fell short", 1000, "fail"),
    Kind("one implementation, all fell short", 1, "fail"),
)


def lines_of(kind: Kind, lines: int) -> Iterator[dict[str, Any]]:
    """Yield the lines of a report, which is as sound as any."""
    names = [f"implementation-{place}" for place in range(kind.implementations)]
    clauses = [f"fit.argument-{place}.requirement" for place in range(lines // len(names))]
    about = {
        **dict.fromkeys(("title", "reason", "remedy", "python", "platform"), ""),
        "available": True,
        "versions": {},
        "renames": {},
        "seconds": 1,
        "seconds_inside": 1,
    }
    moment = "2026-01-02T03:04:05+00:00"
    yield {
        "type": "header",
        "format": 1,
        "fitspec": "0.1.0",
        "started": moment,
        "finished": moment,
        "python": "3.11.7",
        "platform": "Linux",
        "clauses": len(clauses),
        "checked": len(clauses),
        "implementations": [{"name": name, **about} for name in names],
    }
    for name in names:
        for clause in clauses:
            yield {
                "type": "verdict",
                "clause": clause,
                "implementation": name,
                "verdict": kind.verdict,
                "expected": "[2, 3, 4]" * 5,
                "observed": "[0]" * 15,
                "detail": "",
                "seconds": 0.0123,
                "seconds_inside": 0.0045,
                "check": f"fit/test_argument.py::test_requirement[{name}]",
            }
    yield {
        "type": "footer",
        "lines": len(clauses) * len(names),
        "faults": [],
        "counts": {name: {kind.verdict: len(clauses)} for name in names},
    }


def measured(file: Path, folder: Path) -> tuple[float, float, int]:
    """Return the peak of memory of the gate in megabytes, how long it took, and its status."""
    nothing = folder / "expectations.toml"
    nothing.touch()
    program = "import sys; from fitspec.conformance.cli.main import main; sys.exit(main())"
    command = [sys.executable, "-c", program, "gate", str(file), "--expect", str(nothing)]
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss / 1024, time.perf_counter() - began, process.returncode


def main() -> int:
    """Measure reports of each kind; return 1 if a gate takes too much memory."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--lines", type=int, default=1_000_000, help="findings in each report")
    parser.add_argument("--limit", type=float, default=300.0, help="largest peak, in megabytes")
    arguments = parser.parse_args()
    title = f"a gate on {arguments.lines:,} findings"
    table = Table("report", "MB", "status", "seconds", "peak in MB", title=title)
    too_much = False
    with tempfile.TemporaryDirectory() as scratch:
        for kind in KINDS:
            file = Path(scratch) / "report.ndjson"
            with file.open("w", encoding="utf-8") as stream:
                stream.writelines(
                    json.dumps(line) + "\n" for line in lines_of(kind, arguments.lines)
                )
            peak, seconds, status = measured(file, Path(scratch))
            too_much = too_much or peak > arguments.limit
            sign = ">" if peak > arguments.limit else "<="
            table.add_row(
                kind.words,
                f"{file.stat().st_size / MEGABYTE:.0f}",
                str(status),
                f"{seconds:.0f}",
                f"{peak:.0f} {sign} {arguments.limit:.0f}",
            )
    Console().print(table)
    return int(too_much)


if __name__ == "__main__":
    sys.exit(main())
