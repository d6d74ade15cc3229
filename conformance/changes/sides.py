"""Whom a person means by the two sides of a comparison: report files, or implementations to run."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from fitspec.conformance.changes.compare import Side, side_of
from fitspec.conformance.implementations import registry
from fitspec.conformance.report import reading
from fitspec.conformance.report.report import ReportError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fitspec.conformance.report.report import Report

    #: Runs implementations, given as on the command line, and returns what was found.
    Run = Callable[[Sequence[str]], Report]
    #: Returns what is known of an implementation without a run; None if that is nothing.
    Known = Callable[[str], Side | None]


def sides(before: str, after: str, run: Run, known: Known = lambda _: None) -> tuple[Side, Side]:
    """Return both sides of a comparison.

    Args:
        before: a report file, ``FILE:NAME`` where it holds several implementations, or
            what `fitspec run` takes: a name, a name with a version, an adapter file.
        after: the same of the other side.
        run: runs those that are no files and of which nothing is known, all at once.
        known: what is known without a run.

    Raises:
        ValueError: there is no such file or implementation, or a report file does not say which.
        ReportError: a file is no report, or nothing in it can be compared.
        RuntimeError: what was run could not be started, or had faults of fitspec.
    """
    given = (before, after)
    # Files first: a run takes long, and is for nothing if the other side means nothing.
    read = {text: _side_in(*found, text) for text in given if (found := _file(text)) is not None}
    named = list(dict.fromkeys(text for text in given if text not in read))
    for text in named:
        _check_no_file(text)
    read |= {text: side for text in named if (side := known(text)) is not None}
    to_run = [text for text in named if text not in read]
    for text in to_run:
        registry.find(text)
    ran = run(to_run) if to_run else None
    first, second = (read[text] if text in read else _side_run(ran, text) for text in given)
    if first.name == second.name:
        # Two reports of one implementation, of different days or versions.
        return replace(first, name=before), replace(second, name=after)
    return first, second


def _file(text: str) -> tuple[Path, str | None] | None:
    """Return the report file that is meant, and the name in it that was given."""
    if Path(text).is_file() and not text.endswith(".py"):
        return Path(text), None
    path, colon, name = text.rpartition(":")
    if colon and Path(path).is_file() and not path.endswith(".py"):
        return Path(path), name
    return None


def _check_no_file(text: str) -> None:
    looks_like_file = (
        any(mark in text for mark in (os.sep, os.altsep) if mark)
        or ".ndjson" in text
        or ".json" in text
    )
    if looks_like_file and not text.endswith(".py"):
        raise ValueError(f"{text}: there is no such file; a report or an implementation was meant")


def _side_in(path: Path, name: str | None, text: str) -> Side:
    found = reading.read(path, name)
    names = [item.name for item in found.subjects]
    if name is None and len(names) > 1:
        raise ValueError(
            f"{path}: it holds {', '.join(names)}; say which one is meant: {path}:{names[0]}"
        )
    if name is not None and name not in names:
        raise ValueError(f"{text}: the report holds {', '.join(names)}, not {name!r}")
    return side_of(found, name or names[0])


def _side_run(ran: Report | None, text: str) -> Side:
    assert ran is not None  # noqa: S101  it is run if any side is no file
    try:
        return side_of(ran, registry.find(text).name)
    except ReportError as error:
        # No report was given: what fell short is this machine, or fitspec.
        raise RuntimeError(str(error)) from error
