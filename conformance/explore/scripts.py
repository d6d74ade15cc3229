"""A script for each distinct difference, for a person to run and to change."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from fitspec.conformance.explore import telling
from fitspec.conformance.explore.comparing import Aspect
from fitspec.conformance.explore.performing import perform
from fitspec.conformance.repro import scripts
from fitspec.conformance.repro.program_script import program_script
from fitspec.conformance.system import atomic

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fitspec.conformance.explore.records import Sighting
    from fitspec.conformance.worker.session import Session


def write(
    found: Sequence[Sighting], session: Session, python: Path | None, folder: Path
) -> list[Path]:
    """Write a script for each difference, and return the files.

    In the implementation's own API where it has Keras's words, so that it needs nothing of fitspec.

    Args:
        found: the differences, in the order in which they are shown.
        session: with the implementation that was looked at; each program is performed once more.
        python: its interpreter, if a user chose one.
        folder: where to; it is made.

    Raises:
        OSError: one cannot be written; the error names it.
    """
    files = []
    atomic.make_folder(folder)
    for place, sighting in enumerate(found, 1):
        perform(sighting.program, session)
        text = _script(sighting, session, python)
        if text:
            files.append(folder / f"{place:03}.py")
            atomic.write_text(files[-1], text)
    return files


def _script(sighting: Sighting, session: Session, python: Path | None) -> str:
    """Return a standalone script, or else one in the words of fitspec; empty if it has no form."""
    requests, implementation = session.transcript.requests, session.implementation
    against = sighting.kind.against
    heading = f"{telling.of_kind(sighting.kind)}: {implementation.name} against {against}."
    endings = {"observed": sighting.observed, "other": sighting.other}
    # What callbacks hear is an event of a probe, which is one of fitspec.
    if session.identity is not None and sighting.kind.aspect != Aspect.HOOKS:
        with suppress(ValueError):
            return program_script(requests, implementation, session.identity, heading, endings)
    closing = ["", *scripts.printed(endings)]
    return scripts.script(requests, implementation, python, heading, closing)
