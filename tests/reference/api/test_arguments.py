"""Tests of checks of arguments that are whole numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from fitspec.reference import layers
from fitspec.reference.api.arguments import whole_number

if TYPE_CHECKING:
    from collections.abc import Callable


def test_an_integer_of_any_type_will_do() -> None:
    """NumPy's integers are taken, and become Python's."""
    assert [whole_number(value, "units", 1) for value in (3, np.int64(3), True)] == [3, 3, 1]


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: layers.Dense("a"), TypeError, "units must be an integer, not 'a'"),  # type: ignore[arg-type]  # on purpose
        (lambda: layers.Dense(0), ValueError, "units must be at least 1, not 0"),
        (lambda: layers.Dense(2, input_dim=-1), ValueError, "input_dim must be at least 1"),
        (lambda: layers.Conv2D(0, 3), ValueError, "filters must be at least 1, not 0"),
        (lambda: layers.Embedding(0, 4), ValueError, "input_dim must be at least 1, not 0"),
    ],
)
def test_a_layer_names_the_size_that_is_wrong(
    make: Callable[[], Any], error: type[Exception], message: str
) -> None:
    """What came, and what was expected, are said beside the argument's name."""
    with pytest.raises(error, match=message):
        make()
