"""Pictures of a site, as SVG: who keeps how much, over versions, and where the time went.

The shapes are computed here and drawn by templates. What a picture shows stands beside it as a
table as well, and nothing in it is told by colour alone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from packaging.version import InvalidVersion, Version

from fitspec.conformance.history.history import EMPTY
from fitspec.conformance.history.since import line_name
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.site.overview import totals

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fitspec.conformance.history.history import History
    from fitspec.conformance.site.overview import Cell, Column, Site

#: Verdicts that a bar shows as one part, from the left.
PARTS = {
    "pass": (Verdict.PASS,),
    "fail": (Verdict.FAIL,),
    "error": (Verdict.ERROR, Verdict.CRASH, Verdict.TIMEOUT),
    "absent": (Verdict.ABSENT,),
    "rest": (Verdict.BLOCKED,),
}
#: What the parts are called.
PART_NAMES = {
    "pass": "passed",
    "fail": "did something else",
    "error": "error, crash or timeout",
    "absent": "not offered",
    "rest": "blocked",
}
#: How many checks are named as those that took longest.
_SLOWEST = 15

#: Measures of the drawings, in the units of SVG.
_BARS = 480
_GAP = 20
_LINE = 26
_BAR = 18
_TOP = 40
_CELL = 50
_HEADINGS = 120
_NUMBERS = 150
_SIGN = 7.8
#: Of a name, so many letters fit beside a bar.
_LONGEST = 32


@dataclass(frozen=True)
class Segment:
    """A piece of a bar.

    Args:
        kind: key of its look.
        x, width: where it is.
        told: what it stands for.
    """

    kind: str
    x: float
    width: float
    told: str


@dataclass(frozen=True)
class Bar:
    """A line of a picture.

    Args:
        label, detail: on its left, in strong and in quiet letters.
        y: its upper edge.
        parts: from the left.
        number: on its right.
    """

    label: str
    detail: str
    y: float
    parts: tuple[Segment, ...]
    number: str


@dataclass(frozen=True)
class Square:
    """A field of the grid: its place, its step of five, and what stands in it."""

    x: float
    y: float
    step: int
    text: str
    told: str


@dataclass(frozen=True)
class Picture:
    """One picture.

    Args:
        name: of its file, and of what is within it.
        template: that draws it.
        title: what it is about, in a few words.
        description: what is to be seen, for who does not see it.
        width, height: of the drawing.
        label: where names end that stand on the left.
        bars, squares, headings, legend: what the template draws.
        columns, rows: the same as a table.
    """

    name: str
    template: str
    title: str
    description: str
    width: float
    height: float
    label: float
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    bars: tuple[Bar, ...] = ()
    squares: tuple[Square, ...] = ()
    headings: tuple[tuple[float, float, str], ...] = ()
    legend: tuple[tuple[float, str, str], ...] = ()


def pictures(site: Site, history: History = EMPTY) -> list[Picture]:
    """Return the pictures of a site; those that would show nothing are left out.

    Args:
        site: with the reports.
        history: what is known of versions, beside them.
    """
    found = [_by_method(site), _over_versions(site), _over_history(history), _times(site)]
    return [picture for picture in found if picture.rows]


def slowest(site: Site) -> list[tuple[Column, Cell]]:
    """Return the findings that took longest."""
    pairs = [
        (column, cell)
        for column in site.columns
        for cell in column.cells.values()
        if cell.finding.seconds > 0
    ]
    pairs.sort(key=lambda pair: -pair[1].finding.seconds)
    return pairs[:_SLOWEST]


def _by_method(site: Site) -> Picture:
    columns = range(len(site.columns))
    methods = [item for item in site.methods if any(totals(item.rows, at)[1] for at in columns)]
    names = ["all", *(item.name for item in methods)]
    squares, rows = [], []
    for line, column in enumerate(site.columns):
        told = [column.name]
        for place, of in enumerate([site.rows, *(item.rows for item in methods)]):
            passed, total = totals(of, line)
            told.append(f"{passed} of {total}" if total else "")
            if total:
                squares.append(_square(place * _CELL, _HEADINGS + line * _LINE, passed, total))
        rows.append(tuple(told))
    left = _left([(item.name, "") for item in site.columns])
    return Picture(
        name="methods",
        template="picture_grid.svg",
        title="Conformance per method and implementation",
        description="How many per cent of the clauses of a method an implementation passes, of "
        "those on which it got a verdict; rounded down, so that 100 means all.",
        width=left + len(names) * _CELL + _HEADINGS,
        label=left - _GAP / 2,
        height=_HEADINGS + len(site.columns) * _LINE + 10,
        columns=("implementation", *names),
        rows=tuple(rows) if methods else (),
        squares=tuple(replace(item, x=item.x + left) for item in squares),
        bars=tuple(
            Bar(column.name, "", _HEADINGS + line * _LINE, (), "")
            for line, column in enumerate(site.columns)
        ),
        headings=tuple(
            (left + place * _CELL + _CELL / 2, _HEADINGS - 8, name)
            for place, name in enumerate(names)
        ),
    )


def _square(x: float, y: float, passed: int, total: int) -> Square:
    percent = 100 * passed // total
    return Square(x, y, min(percent // 20, 4), str(percent), f"{passed} of {total} passed")


def _over_versions(site: Site) -> Picture:
    versions = [(version, item) for item in site.columns if (version := _keras(item)) is not None]
    versions.sort(key=lambda pair: (pair[0], pair[1].name))
    return _of_versions(
        [(item.name, str(version), item.counts) for version, item in versions],
        name="versions",
        title="Conformance over versions of Keras",
        description="The clauses on which each version got a verdict, from the oldest version to "
        "the newest: how many it passed, and why not the others.",
        heading="Keras",
    )


def _over_history(history: History) -> Picture:
    return _of_versions(
        [
            (line_name(*item.line), item.version, history.counts(item))
            for line in history.lines()
            for item in line
        ],
        name="history",
        title="Conformance over all versions that are known",
        description="Of each implementation whose versions are kept with fitspec, from the oldest "
        "to the newest: how many clauses it passed, and why not the others.",
        heading="version",
    )


def _of_versions(
    versions: Sequence[tuple[str, str, Mapping[Any, int]]],
    *,
    name: str,
    title: str,
    description: str,
    heading: str,
) -> Picture:
    left = _left([(item, version) for item, version, _ in versions])
    bars: list[Bar] = []
    rows: list[tuple[str, ...]] = []
    for item, version, verdicts in versions:
        counts = {part: sum(verdicts.get(each, 0) for each in of) for part, of in PARTS.items()}
        total = sum(counts.values())
        if not total:
            continue
        told = {key: f"{counts[key]} {PART_NAMES[key]}" for key in PARTS}
        number = f"{counts['pass']} of {total}, {100 * counts['pass'] // total}%"
        parts = _parts(left, counts, total, told)
        bars.append(Bar(item, version, _TOP + len(bars) * _LINE, parts, number))
        rows.append((item, version, *(str(counts[part]) for part in PARTS), str(total)))
    return _of_bars(
        left,
        bars,
        PART_NAMES,
        name=name,
        title=title,
        description=description,
        columns=("implementation", heading, *PART_NAMES.values(), "clauses"),
        rows=tuple(rows),
    )


def _of_bars(  # noqa: PLR0913  what is drawn, and what is said of it
    left: float,
    bars: Sequence[Bar],
    names: Mapping[str, str],
    *,
    name: str,
    title: str,
    description: str,
    columns: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
) -> Picture:
    """Return a picture of bars that begin at `left`, with a legend of what their parts mean."""
    legend = _legend(names)
    return Picture(
        name=name,
        template="picture_bars.svg",
        title=title,
        description=description,
        width=max(left + _BARS + _NUMBERS, legend[-1][0] + 200),
        label=left - _GAP / 2,
        height=_TOP + len(bars) * _LINE + 10,
        columns=columns,
        rows=rows,
        bars=tuple(bars),
        legend=legend,
    )


def _keras(column: Column) -> Version | None:
    """Return the version of Keras that a column is about."""
    try:
        return Version(column.subject.versions["keras"])
    except (KeyError, InvalidVersion):
        return None


def _times(site: Site) -> Picture:
    columns = [item for item in site.columns if item.subject.seconds > 0]
    longest = max((item.subject.seconds for item in columns), default=1.0)
    names = {"inside": "inside the implementation", "outside": "starting it, and the checks"}
    left = _left([(item.name, "") for item in columns])
    bars, rows = [], []
    for line, column in enumerate(columns):
        total = column.subject.seconds
        inside = min(column.subject.seconds_inside, total)
        parts = _parts(
            left,
            {"inside": inside, "outside": total - inside},
            longest,
            {"inside": f"{inside:.1f} s inside", "outside": f"{total - inside:.1f} s outside"},
        )
        bars.append(Bar(column.name, "", _TOP + line * _LINE, parts, f"{total:,.0f} s"))
        slow = _longest_method(column)
        rows.append((column.name, f"{total:.1f}", f"{inside:.1f}", slow))
    return _of_bars(
        left,
        bars,
        names,
        name="times",
        title="Where the time went",
        description="How long the checks of each implementation took in all, and how much of that "
        "was spent inside the implementation. What ran at the same time slows it down.",
        columns=("implementation", "seconds", "of these inside", "the method that took most"),
        rows=tuple(rows),
    )


def _longest_method(column: Column) -> str:
    seconds: dict[str, float] = defaultdict(float)
    for clause, cell in column.cells.items():
        seconds[clause.split(".")[0]] += cell.finding.seconds
    if not seconds:
        return ""
    method = max(seconds, key=lambda name: seconds[name])
    return f"{method}: {seconds[method]:.1f} s"


def _left(labels: Sequence[tuple[str, str]]) -> float:
    """Return how much room the names on the left take."""
    letters = [min(len(name), _LONGEST) + len(detail) + 1 for name, detail in labels]
    return round(max(letters, default=0) * _SIGN) + _GAP


def _parts(
    left: float, amounts: Mapping[str, float], total: float, told: Mapping[str, str]
) -> tuple[Segment, ...]:
    unit = _BARS / total if total else 0.0
    x, found = left, []
    for kind, amount in amounts.items():
        if amount > 0:
            found.append(Segment(kind, round(x, 1), round(amount * unit, 1), told[kind]))
            x += amount * unit
    return tuple(found)


def _legend(names: Mapping[str, str]) -> tuple[tuple[float, str, str], ...]:
    x, found = 10.0, []
    for kind, name in names.items():
        found.append((x, kind, name))
        x += 34 + round(_SIGN * len(name))
    return tuple(found)
