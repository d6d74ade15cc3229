"""Which variables of this process another interpreter gets."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

#: Those that would make another interpreter load this one's libraries or options.
_OURS = ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONWARNINGS", "__PYVENV_LAUNCHER__")


def inherited(python: Path) -> dict[str, str]:
    """Return the variables that a process of that interpreter gets."""
    # The interpreter of the caller keeps the caller's path; another one must not get it.
    own = str(python) == sys.executable
    return {name: value for name, value in os.environ.items() if own or name not in _OURS}
