"""The program that holds one implementation against the contract for another process.

It tells what happens as lines of JSON on a file descriptor, and leaves the report in a file. For
people there is `fitspec run`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fitspec.conformance.report import report
from fitspec.conformance.running import engine
from fitspec.conformance.running.listener import Listener
from fitspec.conformance.running.turns import Turns
from fitspec.conformance.system import atomic, interrupts

if TYPE_CHECKING:
    from fitspec.conformance.report.verdicts import Finding


def main() -> int:
    """Run as the arguments say; an exit status other than 0 means that there is no report."""
    with interrupts.raised():
        return _main()


def _main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("implementation")
    parser.add_argument("--news", type=int, required=True)
    parser.add_argument("--report", type=Path, required=True)
    parser.add_argument("--basis", type=json.loads, required=True)
    parser.add_argument("--checks", type=Path, required=True)
    parser.add_argument("--clause", action="append", default=[])
    parser.add_argument("--python", type=Path)
    parser.add_argument("--orders", type=int)
    options = parser.parse_args()
    engine.CHECKS = options.checks
    news = News(options.news)
    shared = options.orders is not None
    listener = Listener(news.progress, news.planned, news.decided)
    try:
        found = engine.run(
            options.implementation,
            clauses=options.clause,
            python=options.python,
            environment=options.python is None,
            listener=listener,
            turns=Turns(os.fdopen(options.orders), news.tell) if shared else None,
        )
        if found.findings:
            report.write(
                replace(found, header={**found.header, "basis": options.basis}), options.report
            )
        elif found.faults or not shared:
            news.tell(fault="\n".join(found.faults))
    except engine.NothingToCheck as nothing:
        news.tell(nothing=str(nothing))
    except engine.HarnessFault as error:
        news.tell(fault=str(error))
    except OSError as error:
        news.tell(refused=atomic.refusal(error))
    except KeyboardInterrupt:
        return 130
    return 0


class News:
    """Lines of JSON to whoever started this, an object each."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def progress(self, text: str) -> None:
        """Tell what is being done."""
        self.tell(progress=text)

    def planned(self, checks: int) -> None:
        """Tell how many checks there will be."""
        self.tell(planned=checks)

    def decided(self, finding: Finding) -> None:
        """Tell that a check was decided."""
        self.tell(decided=finding.clause, fell=finding.fell_short)

    def tell(self, **line: Any) -> None:
        """Write a line.

        Raises:
            KeyboardInterrupt: nobody reads any more, so that nobody needs the rest.
        """
        try:
            os.write(self._descriptor, f"{json.dumps(line)}\n".encode())
        except BrokenPipeError:
            raise KeyboardInterrupt from None


if __name__ == "__main__":
    sys.exit(main())
