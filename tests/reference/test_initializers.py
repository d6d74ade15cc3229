"""Starting values of weights."""

import numpy as np
import pytest

from fitspec.reference import initializers
from fitspec.reference.layer import Layer


@pytest.mark.parametrize("name", initializers.NAMES)
def test_shape_and_type(name: str) -> None:
    """Every named initializer fills the shape in single precision."""
    values = initializers.resolve(name)((3, 4))

    assert values.shape == (3, 4)
    assert values.dtype == np.float32


def test_glorot_keeps_its_limits() -> None:
    """For 2 inputs and 4 outputs they are +-sqrt(6 / 6)."""
    values = initializers.glorot_uniform((2, 4))

    assert -1 <= values.min() < values.max() <= 1


def test_constants_may_be_arrays() -> None:
    """A vector fills every row; the caller's array is not shared."""
    given = np.array([1.0, 2.0])

    values = initializers.Constant(given)((2, 2))
    values[:] = 0

    assert given.tolist() == [1, 2]


def test_unknown_and_misfitting_initializers_are_refused() -> None:
    """A misspelt name, and an array of another shape than the weight's, are ValueErrors."""
    with pytest.raises(ValueError, match="initializer"):
        initializers.resolve("zeroes")
    with pytest.raises(ValueError, match="shape"):
        Layer().add_weight("w", (2, 2), lambda _: np.zeros(3))
