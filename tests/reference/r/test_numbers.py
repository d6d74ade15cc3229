"""Tests of `reference.r.numbers`."""

from __future__ import annotations

import math

import numpy as np
import pytest

from fitspec.reference.r.numbers import whole


@pytest.mark.parametrize("value", [5, 5.0, np.float32(5), np.int64(5), np.array([5.0])])
def test_whole_numbers_become_integers(value: object) -> None:
    """A number without a fraction is an integer, however it is spelled."""
    assert (whole(value), type(whole(value)) in (int, np.int64)) == (5, True)


@pytest.mark.parametrize("value", [2.5, math.inf, None, "auto", [5.0]])
def test_all_else_stays(value: object) -> None:
    """What is no whole number is handed on as it is, for its user to refuse."""
    assert whole(value) is value
