"""Who hears what happens while the checks run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.conformance.report.verdicts import Finding
    from fitspec.conformance.worker.session import Identity, Session


@dataclass
class Listener:
    """Hears what happens while the checks run; each part may be replaced."""

    #: What is being done before an implementation can be talked to.
    progress: Callable[[str], None] = lambda _: None
    #: How many checks there will be.
    planned: Callable[[int], None] = lambda _: None
    #: A check was decided.
    decided: Callable[[Finding], None] = lambda _: None
    #: What a check asked of an implementation, in the same process, before it is decided.
    asked: Callable[[Finding, Session], None] = lambda *_: None
    #: An implementation has started, and said who it is.
    introduced: Callable[[str, Identity], None] = lambda *_: None
