"""The one random source of shuffling, dropout and initial weights."""

import numpy as np

_generator = np.random.default_rng()


def set_random_seed(seed: int) -> None:
    """Restart the random source, so that a run can be repeated exactly.

    Args:
        seed: Any non-negative integer.

    """
    global _generator  # noqa: PLW0603 - one source for the process is the point of this module
    _generator = np.random.default_rng(seed)


def generator() -> np.random.Generator:
    """Return the random source in force now; ask anew for every draw, and never keep it."""
    return _generator
