"""Random numbers for the elements of arrays."""

from __future__ import annotations

from typing import Any

from fitspec.reference.data import random_source
from fitspec.reference.tensor import array_library


def uniform(like: Any) -> Any:
    """Draw numbers from [0, 1), one for each element of an array; NumPy's, whatever it is of.

    Args:
        like: An array.

    """
    recorder = getattr(type(like), "recorder", None) and like.recorder
    if recorder is None:
        return random_source.generator().random(like.shape)
    return recorder.drawn(
        "random", like.shape, lambda into: random_source.generator().random(out=into)
    )


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
