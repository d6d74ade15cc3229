"""Data brought into the form that a model takes."""

import numpy as np
import pytest

from fitspec.reference.utils import normalize, to_categorical


def test_indices_become_one_hot_rows() -> None:
    """One more class than the largest index, in the type of weights."""
    rows = to_categorical([0, 2])

    assert rows.tolist() == [[1, 0, 0], [0, 0, 1]]
    assert rows.dtype == np.float32
    assert to_categorical([1], num_classes=4, dtype="int8").tolist() == [[0, 1, 0, 0]]


def test_the_shape_of_the_indices_is_kept() -> None:
    """But for a last axis of length 1, as targets often have."""
    assert to_categorical(np.zeros((5, 3)), 2).shape == (5, 3, 2)
    assert to_categorical(np.zeros((5, 3, 1)), 2).shape == (5, 3, 2)
    assert to_categorical([], 2).shape == (0, 2)


@pytest.mark.parametrize("indices", [[0, 3], [-1]])
def test_what_is_no_class_is_refused(indices: list[int]) -> None:
    """The message says which indices there may be."""
    with pytest.raises(ValueError, match="y must hold indices from 0 to 2"):
        to_categorical(indices, 3)
    with pytest.raises(ValueError, match="num_classes must be given"):
        to_categorical([])


def test_rows_are_divided_by_their_norms() -> None:
    """3 and 4 have the norm 5, or 7 of order 1; zeros stay."""
    x = [[3.0, 4.0], [0.0, 0.0]]

    assert normalize(x).tolist() == [[0.6, 0.8], [0, 0]]
    assert normalize(x, axis=0).tolist() == [[1, 1], [0, 0]]
    assert normalize(x, order=1)[0] == pytest.approx([3 / 7, 4 / 7])
