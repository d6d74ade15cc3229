"""Tests of `fitspec.conformance.arrangements.returned`: numbers, whatever holds them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fitspec.conformance.arrangements.returned import loss_in, metric_in, numbers
from fitspec.conformance.worker.remote import RemoteObject

COLUMN = np.asarray([[1], [2]], np.float32)


@pytest.mark.parametrize(
    "held",
    [
        COLUMN,
        COLUMN.tolist(),
        [COLUMN],
        (COLUMN[:1], COLUMN[1:]),
        {"y": COLUMN},
        RemoteObject("o1", ("Tensor",), {}, "a tensor", COLUMN),
    ],
    ids=["an array", "nested lists", "a list", "a tuple", "a dict", "a tensor"],
)
def test_a_prediction_is_the_same_numbers_in_any_form(held: Any) -> None:
    """An array, what a list, a tuple or a dict holds, and a library's own tensor are read alike."""
    assert numbers(held) == [1.0, 2.0]


def test_the_loss_comes_first_and_the_metric_last() -> None:
    """Of a list the first number is the loss and the last the metric; one alone is the loss."""
    assert (loss_in([3.0, 1.0, 2.0]), metric_in([3.0, 1.0, 2.0]), loss_in(3.0)) == (3.0, 2.0, 3.0)
