"""What a terminal shows of a search for the version that changed something."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from rich.text import Text

from fitspec.conformance.report import telling
from fitspec.conformance.running.several import Watcher
from fitspec.conformance.terminal.layout import brief, indented, outcome, told
from fitspec.conformance.terminal.printer import Printer
from fitspec.conformance.terminal.time_left import elapsed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from fitspec.conformance.history.bisecting import Step
    from fitspec.conformance.report.verdicts import Finding


class Telling:
    """Tells each step of a search, and hears what is done for it.

    Args:
        console: where to.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._since = 0.0
        self._run = 0

    def began(
        self, clause: str, asked: Sequence[str], known: Mapping[str, tuple[Finding, str]]
    ) -> None:
        """Tell what is looked for, and what is known of it."""
        most = math.ceil(math.log2(len(asked) - 1)) + 2
        self._console.print(Text(clause, "bold"))
        self._console.print(Text(telling.statement(clause)))
        self._console.print(
            Text(
                f"{len(asked)} versions, {asked[0]} to {asked[-1]}; if one changed it, {most} or "
                "fewer are run."
            )
        )
        for text, (finding, day) in known.items():
            self._tell(text, finding, f"from the history, of {day}")

    def asking(self, asked: str) -> None:
        """Begin to measure the time of a version."""
        self._since = time.monotonic()
        self._console.print(Text(f"{asked} …", "dim"))

    def answered(self, asked: str, finding: Finding) -> None:
        """Tell what a version came to."""
        self._run += 1
        self._tell(asked, finding, elapsed(time.monotonic() - self._since))
        if finding.unsteady:
            self._console.print(indented(Text(f"unsteady: {finding.counts}", "bold")))

    def cannot(self, asked: str, reason: str) -> None:
        """Tell that a version is passed over."""
        self._console.print(Text(f"{asked}  passed over: {brief(reason)}"))

    def stepped(self, step: Step) -> None:
        """Tell where it changed."""
        self._console.print()
        self._console.print(
            Text.assemble((f"changed in {step.after}", "bold"), f", not yet in {step.before}")
        )
        if step.between:
            self._console.print(indented(Text(f"or between: {', '.join(step.between)}")))
        for label, finding in (("before", step.was), ("after", step.now)):
            rows = [row for row in telling.told(finding) if row[0] != telling.SAYS]
            verdict = [] if finding.verdict is None else [("verdict", str(finding.verdict))]
            self._console.print(indented(Text(label, "bold")))
            self._console.print(indented(told([*verdict, *rows]), 4))

    def ended(self, steps: int) -> None:
        """Tell how many steps there are, and what that does not say."""
        self._console.print()
        runs = telling.counted(self._run, "version was run", "versions were run")
        words = {
            0: "Both ends came to the same: what changes and changes back is not met.",
            1: "One version changed it.",
        }.get(steps, f"{steps} versions changed it.")
        self._console.print(Text(f"{words} {runs}.", "bold"))

    def _tell(self, asked: str, finding: Finding, how: str) -> None:
        self._console.print(
            Text.assemble((asked, "bold"), "  ", outcome(finding), (f"  {how}", "dim"))
        )


class Doing(Watcher):
    """Hears what `several` does, and tells what takes long and nothing else."""

    def __init__(self) -> None:
        self._errors = Printer(stderr=True, soft_wrap=True)

    def progress(self, name: str, text: str) -> None:
        """Tell it, but for that a worker is started."""
        if text != f"starting {name}":
            self._errors.print(f"  {text}", style="dim")
