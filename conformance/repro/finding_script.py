"""The script for a finding: in the implementation's own API where that can be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec import spec
from fitspec.conformance.repro import native_script, scripts

if TYPE_CHECKING:
    from pathlib import Path

    from fitspec.conformance.report.verdicts import Finding
    from fitspec.conformance.worker.session import Session


def script_of(finding: Finding, session: Session, python: Path | None) -> str:
    """Return the script for a finding: a standalone one, or else one in the words of fitspec.

    Args:
        finding: with a verdict that is no pass.
        session: in which the check was made; nothing has been asked in it since.
        python: the interpreter of the implementation, if a user chose one.

    Returns:
        The source; empty if it has neither form.
    """
    try:
        return standalone(finding, session)
    except Exception:  # noqa: BLE001  a finding must not be lost over the script for it
        return in_words_of_fitspec(finding, session, python)


def standalone(finding: Finding, session: Session) -> str:
    """Return the script in the implementation's own API.

    Raises:
        ValueError: it cannot be shown in this way; the message says why.
    """
    if session.identity is None:
        raise ValueError(f"{session.implementation.name}: it has not said who it is")
    return native_script.native_script(
        finding, session.transcript.requests, session.implementation, session.identity
    )


def in_words_of_fitspec(finding: Finding, session: Session, python: Path | None) -> str:
    """Return the script that makes the calls through fitspec; empty if they have no plain form."""
    clause = spec.contract().clause(finding.clause)
    return scripts.script(
        session.transcript.requests,
        session.implementation,
        python,
        f"{clause.id} on {session.implementation.name}. {clause.statement}",
        scripts.held(finding),
    )
