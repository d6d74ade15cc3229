"""The one random source of shuffling, dropout and initial weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from fitspec.reference.tensor import array_library

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
        _generator = np.random.default_rng()
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


def check_rate(name: str, rate: float) -> None:
    """Refuse what is no probability of dropping an element.

    Raises:
        ValueError: It is not in [0, 1).

    """
    if not 0 <= rate < 1:
        raise ValueError(f"{name} must be at least 0 and below 1, not {rate!r}")


def dropout(like: Any, rate: float) -> Any:
    """Draw for each element of an array 0, at a probability of `rate`, or a number that makes up.

    Args:
        like: An array.
        rate: In [0, 1).

    """
    kept = uniform(like) >= rate
    return array_library.namespace(like).asarray(kept / (1 - rate), like.dtype)
