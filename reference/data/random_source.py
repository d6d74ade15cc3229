"""The one random source of shuffling, dropout and initial weights.

It is that of `np.random`, so that `np.random.seed` repeats a run, until it gets a seed of its own.
"""

from __future__ import annotations

import numpy as np

# Made at the first draw, as NumPy loads its random numbers only when they are asked for.
_generator: np.random.Generator | None = None


def set_random_seed(seed: int) -> None:
    """Restart the random source, so that a run can be repeated exactly.

    Args:
        seed: Any non-negative integer.

    """
    global _generator  # noqa: PLW0603 - one source for the process is the point of this module
    _generator = np.random.default_rng(seed)


def generator() -> np.random.Generator:
    """Return the random source in force now; ask anew for every draw, and never keep it."""
    global _generator  # noqa: PLW0603 - as above
    if _generator is None:
        _generator = np.random.Generator(np.random.get_bit_generator())  # type: ignore[attr-defined]  # forgotten in its stubs
    return _generator
