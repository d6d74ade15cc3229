"""Several reports as one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from fitspec.conformance.report import outline, reading, report

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fitspec.conformance.report.outline import Outline
    from fitspec.conformance.report.report import Report


def read_all(paths: Sequence[Path]) -> Report:
    """Read reports, each of other implementations, as one.

    Args:
        paths: of the files, at least one.

    Raises:
        ReportError: a file is no whole report.
        ValueError: two are about the same implementation, or were made with different versions of
            fitspec, which may have had different clauses.
        OSError: one cannot be read.
    """
    found = [reading.read(path) for path in paths]
    if len(found) == 1:
        return found[0]
    _check(found, paths)
    return report.merged(found)


def outline_all(paths: Sequence[Path]) -> Outline:
    """Read the outlines of reports, each of other implementations, as one; as `read_all`.

    Raises:
        ReportError, ValueError, OSError: as `read_all`.
    """
    found = [outline.read(path) for path in paths]
    _check(found, paths)
    return outline.merged(found)


def _check(found: Sequence[Report | Outline], paths: Sequence[Path]) -> None:
    """Refuse reports that cannot be one.

    Raises:
        ValueError: saying which.
    """
    for key in ("fitspec", "clauses", "contract"):
        said = {item.header.get(key): path for item, path in zip(found, paths, strict=True)}
        if len(said) > 1:
            (one, first), (other, second), *_ = said.items()
            raise ValueError(
                f"{first} and {second} cannot be one report: {key} {one} and {other}; reports of"
                " the same fitspec were expected"
            )
    names = Counter(subject.name for item in found for subject in item.subjects)
    twice = [name for name, count in names.items() if count > 1]
    if twice:
        where = [
            str(path)
            for item, path in zip(found, paths, strict=True)
            if any(subject.name in twice for subject in item.subjects)
        ]
        raise ValueError(
            f"{', '.join(twice)}: in several reports, {' and '.join(where)}; a report has one"
            " column for a name"
        )
