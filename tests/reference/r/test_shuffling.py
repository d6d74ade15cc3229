"""Tests of `reference.r.shuffling`."""

from __future__ import annotations

import numpy as np
import pytest

from fitspec.reference.r.shuffling import checked


@pytest.mark.parametrize(
    ("given", "expected"),
    [(True, True), (False, False), (np.True_, True), ("batch", "batch")],
)
def test_logicals_and_batch_are_taken(given: object, expected: object) -> None:
    """`shuffle` is a logical or "batch"."""
    assert checked(given) is expected or checked(given) == expected


@pytest.mark.parametrize("value", ["chunk", 1, 0.0, None])
def test_all_else_is_refused(value: object) -> None:
    """Numbers, other texts and NULL are refused, and shown."""
    with pytest.raises(ValueError, match=f"TRUE, FALSE or 'batch', not {value!r}"):
        checked(value)
