"""A script for each distinct difference, for a person to run and to change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.conformance.explore import telling
from fitspec.conformance.explore.performing import perform
from fitspec.conformance.repro import scripts
from fitspec.conformance.system import atomic

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fitspec.conformance.explore.records import Sighting
    from fitspec.conformance.worker.session import Session


def write(
    found: Sequence[Sighting], session: Session, python: Path | None, folder: Path
) -> list[Path]:
    """Write a script for each difference, in the words of fitspec, and return the files.

    Args:
        found: the differences, in the order in which they are shown.
        session: with the implementation that was looked at; each program is performed once more.
        python: its interpreter, if a user chose one.
        folder: where to; it is made.

    Raises:
        OSError: one cannot be written; the error names it.
    """
    files = []
    with atomic.named(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for place, sighting in enumerate(found, 1):
        perform(sighting.program, session)
        name = session.implementation.name
        text = scripts.script(
            session.transcript.requests,
            session.implementation,
            python,
            f"{telling.of_kind(sighting.kind)}: {name} against {sighting.kind.against}.",
            {"observed": sighting.observed, "other": sighting.other},
        )
        if text:
            files.append(folder / f"{place:03}.py")
            atomic.write_text(files[-1], text)
    return files
