"""Words for data."""

import numpy as np
import pytest

from fitspec.reference.data.describing import described

COLUMN = np.zeros((3, 1))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "None"),
        (3, "int"),
        ((), "tuple of 0"),
        (COLUMN, "ndarray of shape (3, 1)"),
        ((COLUMN, None), "tuple of 2 (ndarray of shape (3, 1), None)"),
        ([[1, 2]], "list of 1 (list of 2 (int, int))"),
        ({"x": COLUMN}, "dict of 1 ('x': ndarray of shape (3, 1))"),
        ([1] * 9, "list of 9 (int, int, int, int, ...)"),
        (dict.fromkeys("abcde", 1), "dict of 5 ('a': int, 'b': int, 'c': int, 'd': int, ...)"),
    ],
)
def test_data_are_described_by_type_length_and_shape(value: object, words: str) -> None:
    """A message says what came without printing all of it."""
    assert described(value) == words
