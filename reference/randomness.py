"""The one random source of shuffling, dropout and initial weights."""

from typing import Any

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


def uniform(like: Any) -> Any:
    """Draw numbers from [0, 1), one for each element of an array; NumPy's, whatever it is of.

    Args:
        like: An array.

    """
    recorder = getattr(type(like), "recorder", None) and like.recorder
    if recorder is None:
        return generator().random(like.shape)
    return recorder.drawn("random", like.shape, lambda into: generator().random(out=into))
