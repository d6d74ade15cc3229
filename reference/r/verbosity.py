"""How much is printed: the levels of `verbose`, and "auto"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference.api import arguments
from fitspec.reference.r.numbers import whole

if TYPE_CHECKING:
    from fitspec.reference.r.session import Session

PROGRESS_BAR = 1
LINE_PER_EPOCH = 2


def level_of(verbose: object, session: Session) -> int:
    """Return the level that `verbose` stands for.

    Raises:
        ValueError: It is neither "auto" nor 0, 1 or 2.

    """
    if isinstance(verbose, str):
        if verbose == "auto":
            return automatic_level(session)
        raise ValueError(f"verbose must be 'auto', 0, 1 or 2, not {verbose!r}")
    return arguments.verbosity(whole(verbose))


def automatic_level(session: Session) -> int:
    """Return the level for "auto" (`r.fit.verbose-default-auto`).

    A progress bar moves, which neither a rendered document nor a server's log can show.
    """
    return LINE_PER_EPOCH if session.knitr or session.server else PROGRESS_BAR
