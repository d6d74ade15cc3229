"""What a terminal shows of a campaign."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rich.text import Text

from fitspec.conformance.explore import telling
from fitspec.conformance.explore.campaign import causes
from fitspec.conformance.explore.laws import LAWS
from fitspec.conformance.report.telling import counted
from fitspec.conformance.terminal import time_left
from fitspec.conformance.terminal.bars import QUIET, OnBars, bars

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from fitspec.conformance.explore.comparing import Kind
    from fitspec.conformance.explore.records import Record, Sighting


class Watching(OnBars):
    """Tells how far a campaign is: a bar on a terminal, and elsewhere a line now and then.

    Args:
        console: where to.
        programs: how many there are.
        known: how many of them were looked at before.
    """

    def __init__(self, console: Console, programs: int, known: int) -> None:
        self._console = console
        self._programs = programs
        self._bar = bars(console)
        self._task = self._bar.add_task("drawing", total=programs, completed=known)
        self._known = known
        self._done = self._differ = 0
        self._ways: set[tuple[Kind, str]] = set()
        self._began = self._told = time.monotonic()

    def saw(self, record: Record) -> None:
        """Tell of one more program."""
        self._done += 1
        self._differ += bool(record.sightings)
        self._ways.update(each.cause for each in record.sightings)
        text = f"{self.rate:.1f} programs per s, {self._differ} differ"
        if self._ways:
            text += f", in {counted(len(self._ways), 'way')}"
        self._bar.update(self._task, completed=self._done, description=text)
        now = time.monotonic()
        if not self._console.is_interactive and now - self._told >= QUIET:
            self._told = now
            rest = self._done - self._known, self._programs - self._known, now - self._began
            words = ", ".join(filter(None, (text, time_left.left(*rest))))
            self._console.print(f"{self._done} of {self._programs}: {words}")

    @property
    def rate(self) -> float:
        """How many programs were looked at in a second, since this began."""
        return max(0, self._done - self._known) / max(time.monotonic() - self._began, 1e-9)


def render(
    name: str, against: Sequence[str], records: Sequence[Record], rate: float, console: Console
) -> None:
    """Print what a campaign came to: the figures, then each distinct difference.

    Args:
        name: of the implementation that was looked at.
        against: what it was held against.
        records: what was found.
        rate: how many programs were looked at in a second; 0 if none was now.
        console: where to.
    """
    found = causes(records)
    differ = sum(bool(record.sightings) for record in records)
    lost = sum(record.lost for record in records)
    idle = sum(not record.performed for record in records)
    laws = [other for other in against if other in LAWS]
    others = [other for other in against if other not in LAWS]
    if laws:
        others.append(counted(len(laws), "law"))
    console.print(Text(f"{name} against {telling.names(others)}", "bold"))
    parts = [counted(len(records), "program")]
    parts.append(
        f"{differ} differ ({telling.percent(differ, len(records))}), in "
        f"{counted(len(found), 'way')}"
        if differ
        else "none differs"
    )
    if idle:
        parts.append(f"of {idle} nothing is offered")
    if lost:
        parts.append(f"{counted(lost, 'worker')} lost")
    if rate:
        parts.append(f"{rate:.1f} programs per s")
    console.print("; ".join(parts), soft_wrap=True)
    for place, (sighting, numbers) in enumerate(found, 1):
        console.print()
        _cause(place, name, sighting, numbers, console)


def _cause(
    place: int, name: str, sighting: Sighting, numbers: Sequence[int], console: Console
) -> None:
    where = f"{counted(len(numbers), 'program')}, the first is {numbers[0]}"
    console.print(
        Text.assemble((f"{place}  {telling.of_kind(sighting.kind)}", "bold"), f"  {where}"),
        soft_wrap=True,
    )
    for line in telling.lines_of(sighting.program):
        console.print(f"     {line}", soft_wrap=True)
    law = LAWS.get(sighting.kind.against)
    if law is not None:
        console.print(f"     {law.sentence} ({law.id}; {', '.join(law.clauses)})", soft_wrap=True)
    sides = ("as it is", "as by law") if law is not None else (name, sighting.kind.against)
    width = max(map(len, sides))
    for who, said in zip(sides, (sighting.observed, sighting.other), strict=True):
        console.print(Text(f"   {who:<{width}}  {said}", "dim"), soft_wrap=True)
