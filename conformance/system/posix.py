"""What only POSIX has: programs are run and contained by it, and Windows lacks it.

Whatever starts no program does without, and imports nothing of it.
"""

from __future__ import annotations

import os
from contextlib import suppress

with suppress(ImportError):  # Windows, where nothing below is called
    import fcntl

#: Why nothing is run where it is missing, and what helps.
MISSING = "no implementation can be run here: a worker is contained by what Linux and macOS have"
REMEDY = "on Windows, run fitspec in WSL; what only reads reports and the contract works here too"


def is_here() -> bool:
    """Return whether programs can be run."""
    return hasattr(os, "fork")


def lock(file: int) -> None:
    """Wait until an open file is locked; the kernel gives that up with the last who has it open."""
    fcntl.flock(file, fcntl.LOCK_EX)


def try_lock(file: int) -> bool:
    """Lock an open file unless somebody has; return whether it is locked now."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def write_at_end(file: int) -> None:
    """Have the kernel write everything at the end of an open file, wherever that is by then."""
    flags = fcntl.fcntl(file, fcntl.F_GETFL)
    fcntl.fcntl(file, fcntl.F_SETFL, flags | os.O_APPEND)
