"""The page docs/versions.md: which versions the history has, what changed, and what was not run.

It is made of the history that comes with fitspec::

    python tests/docs/versions.py
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from packaging.version import Version

from fitspec.conformance.exports.markdown import escaped
from fitspec.conformance.history.causes import known_changes
from fitspec.conformance.history.since import line_name
from fitspec.conformance.history.storing import shipped
from fitspec.conformance.report.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fitspec.conformance.history.causes import Change
    from fitspec.conformance.history.history import Held

PAGE = Path(__file__).resolve().parents[2] / "docs" / "versions.md"

_LEAD = """\
# Versions in the history

What `fitspec since`, `diff`, `bisect` and `upgrade` know without running anything, and since when
(what a [history](history.md) is). Each version was held against the contract on one machine of two
cores, beside other work: the seconds of the checks say what to expect, and are no measurement.
A behaviour is what a clause came to of which the documents promise nothing.
"""
_CHANGES = """\
## What changed it

Commits because of which clauses come to something else from a release on: `fitspec since CLAUSE`
shows each beside the versions.

| | release | what it does | clauses |
| --- | --- | --- | --- |
"""
_MISSING = """\
## Could not be run

| asked for | because |
| --- | --- |
"""


def page() -> str:
    """Return the page as it has to be."""
    parts = [_LEAD, *map("".join, map(_line, shipped().lines()))]
    rows = [f"| `{key}` | {escaped(why)} |\n" for key, why in sorted(shipped().missing.items())]
    changes = map(_change, sorted(known_changes(), key=lambda item: Version(item.version)))
    missing = [_MISSING + "".join(rows)] if rows else []
    return "\n".join([*parts, _CHANGES + "".join(changes), *missing])


def _line(versions: list[Held]) -> Iterator[str]:
    shown = [item for item in Verdict if any(shipped().counts(each)[item] for each in versions)]
    head = ["version", *map(str, shown), "behaviours", "with", "Python", "seconds", "run on"]
    yield f"## {line_name(*versions[0].line)}\n\n"
    yield _row(head)
    yield _row(["---"] + ["---:"] * (len(shown) + 1) + ["---", "---", "---:", "---"])
    for held in versions:
        counts = shipped().counts(held)
        others = [
            f"{name} {version}"
            for name, version in held.subject.versions.items()
            if version != held.version
        ]
        yield _row(
            [
                held.version,
                *(str(counts[item] or "") for item in shown),
                str(counts[None]),
                ", ".join(others),
                held.subject.python,
                f"{held.seconds:.0f}" if held.seconds else "",
                held.days,
            ]
        )


def _change(change: Change) -> str:
    clauses = ", ".join(f"`{clause}`" for clause in change.clauses)
    of = f"{change.of} on {', '.join(change.on)}" if change.on else change.of
    return _row([of, f"[{change.version}]({change.link})", change.what, clauses])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
