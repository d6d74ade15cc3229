"""The random source of shuffling, dropout and initial weights.

It is that of `np.random`, so that `np.random.seed` repeats a run, until it gets a seed of its own.
All threads share it; one besides the main thread that sets a seed has a source to itself from then
on, and draws the same numbers whatever others do.
"""

from __future__ import annotations

import threading

import numpy as np


class Sources(threading.local):
    """The source of each thread; that of the class is for all that have none to themselves."""

    # Made at the first draw, as NumPy loads its random numbers only when they are asked for.
    source: np.random.Generator | None = None


_own = Sources()


def set_random_seed(seed: int) -> None:
    """Restart the random source, so that a run can be repeated exactly.

    In the main thread it is the one that threads share; any other thread gets one to itself.

    Args:
        seed: Any non-negative integer.

    """
    owner = Sources if threading.current_thread() is threading.main_thread() else _own
    owner.source = np.random.default_rng(seed)


def generator() -> np.random.Generator:
    """Return the random source in force now; ask anew for every draw, and never keep it."""
    if _own.source is None:
        Sources.source = np.random.Generator(np.random.get_bit_generator())  # type: ignore[attr-defined]  # forgotten in its stubs
        return Sources.source
    return _own.source
