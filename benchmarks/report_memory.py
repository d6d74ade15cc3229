# noqa: INP001 - a program, and part of no package
"""Measure how much memory each command takes that reads a report, for one of very many findings.

Run ``python benchmarks/report_memory.py``, which writes reports of a million lines, 360 MB each,
and removes them again; ``--lines 20000`` is enough to see it work, ``--commands gate merge`` looks
at some. Each command is a process of its own, whose peak of resident memory is judged. The exit
code is 1 if one of those that read a line at a time takes more than ``--limit`` megabytes.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rich.console import Console
from rich.table import Table

from fitspec import spec

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MEGABYTE = 1024 * 1024


class Kind(NamedTuple):
    """What a report is full of."""

    words: str
    implementations: int
    """0 for as many as the clauses of the contract, and not of others, leave."""
    fallen: int
    """Of ten findings, so many fell short."""


KINDS: Final = (
    Kind("the clauses of the contract, 2 of 10 fell short", 0, 2),
    Kind("a thousand implementations, all passed", 1000, 0),
    Kind("a thousand implementations, all fell short", 1000, 10),
    Kind("one implementation, all passed", 1, 0),
    Kind("one implementation, all fell short", 1, 10),
)
#: The arguments of each command; in braces the report, its first implementation, a folder for what
#: is written, and one that holds only the report.
COMMANDS: Final[Mapping[str, Sequence[str]]] = {
    "gate": ("gate", "{report}", "--expect", "{folder}/nothing.toml"),
    "gate --since": (
        *("gate", "{report}", "--expect", "{folder}/nothing.toml", "--since", "{report}"),
    ),
    "merge": ("merge", "{report}", "-o", "{folder}/merged.ndjson"),
    "diff": ("diff", "{report}:{name}", "{report}:{other}"),
    "trend": ("trend", "{reports}"),
    "expect": ("expect", "--update", "{folder}/new.toml", "{report}"),
    "upgrade": (
        *("upgrade", "{folder}/program.py", "--from", "{report}:{name}", "--to"),
        "{report}:{other}",
    ),
    "junit": ("export", "{report}", "--junit", "{folder}/out.xml"),
    "sarif": ("export", "{report}", "--sarif", "{folder}/out.sarif"),
    "markdown": ("export", "{report}", "--markdown", "{folder}/out.md"),
    "badges": ("export", "{report}", "--badges", "{folder}/badges"),
    "report": ("report", "{report}", "-o", "{folder}/pages"),
}
#: What shows every cell, or is one document of all that fell short, and so holds them. Pages take
#: 121 MB for 30,000 findings and 245 MB for 100,000, which is 200 versions of an implementation.
WHOLE: Final = ("report", "sarif", "junit")


def lines_of(kind: Kind, lines: int) -> Iterator[dict[str, Any]]:
    """Yield the lines of a report, which is as sound as any."""
    known = list(spec.contract().clauses)
    many = kind.implementations or max(1, lines // len(known))
    names = [f"implementation-{place}" for place in range(many)]
    clauses = [f"fit.argument-{place}.requirement" for place in range(lines // many)]
    clauses = clauses if kind.implementations else known
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
    counts: dict[str, Counter[str]] = {name: Counter() for name in names}
    for place, name in enumerate(names):
        for number, clause in enumerate(clauses):
            # Which of ten it is changes from one implementation to the next.
            fell = (place * 7 + number) % 10 < kind.fallen
            verdict = "fail" if fell else "pass"
            counts[name][verdict] += 1
            yield {
                "type": "verdict",
                "clause": clause,
                "implementation": name,
                "verdict": verdict,
                "expected": "[2, 3, 4]" * 5,
                "observed": f"[{place % 3}]" * 15 if fell else "[2, 3, 4]" * 5,
                "detail": "",
                "seconds": 0.0123,
                "seconds_inside": 0.0045,
                "check": f"fit/test_argument.py::test_requirement[{name}]",
            }
    yield {
        "type": "footer",
        "lines": len(clauses) * len(names),
        "faults": [],
        "counts": counts,
    }


def measured(arguments: Sequence[str], seconds: float) -> tuple[float, float, int]:
    """Return the peak of memory of a command in megabytes, its processor time, and its status."""
    program = "import sys; from fitspec.conformance.cli.main import main; sys.exit(main())"
    command = [sys.executable, "-c", program, *arguments]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        timer = Timer(seconds, process.send_signal, [signal.SIGKILL])
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime, process.returncode


def main() -> int:
    """Measure reports of each kind; return 1 if a command takes too much memory."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--lines", type=int, default=1_000_000, help="findings in each report")
    parser.add_argument("--limit", type=float, default=300.0, help="largest peak, in megabytes")
    parser.add_argument("--commands", nargs="+", choices=COMMANDS, default=list(COMMANDS))
    parser.add_argument("--kinds", nargs="+", type=int, default=list(range(len(KINDS))))
    parser.add_argument("--seconds", type=float, default=600.0, help="a command is ended then")
    arguments = parser.parse_args()
    title = f"commands on {arguments.lines:,} findings"
    table = Table("report", "MB", "command", "status", "seconds", "peak in MB", title=title)
    progress = Console(stderr=True, soft_wrap=True)
    too_much = False
    for kind in map(KINDS.__getitem__, arguments.kinds):
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            (folder / "reports").mkdir()
            (folder / "nothing.toml").touch()
            (folder / "program.py").write_text("import keras\nkeras.Model().fit(x)\n", "utf-8")
            file = folder / "reports" / "report.ndjson"
            with file.open("w", encoding="utf-8") as stream:
                stream.writelines(
                    json.dumps(line) + "\n" for line in lines_of(kind, arguments.lines)
                )
            other = "implementation-0" if kind.implementations == 1 else "implementation-1"
            places = {
                "report": file,
                "reports": folder / "reports",
                "folder": folder,
                "name": "implementation-0",
                "other": other,
            }
            for name in arguments.commands:
                given = [each.format(**places) for each in COMMANDS[name]]
                peak, seconds, status = measured(given, arguments.seconds)
                above = peak > arguments.limit
                too_much = too_much or (above and name not in WHOLE)
                table.add_row(
                    kind.words,
                    f"{file.stat().st_size / MEGABYTE:.0f}",
                    name,
                    str(status),
                    f"{seconds:.0f}",
                    f"{peak:.0f} {'>' if above else '<='} {arguments.limit:.0f}",
                )
                progress.print(f"{kind.words}: {name}: {seconds:.0f} s, {peak:.0f} MB")
    Console().print(table)
    return int(too_much)


if __name__ == "__main__":
    sys.exit(main())
