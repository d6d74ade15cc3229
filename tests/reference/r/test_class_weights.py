"""Tests of `reference.r.class_weights`."""

from __future__ import annotations

import pytest

from fitspec.reference.r.class_weights import by_index


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, None),
        ({"0": 1.0, "1": 5.0}, {0: 1.0, 1: 5.0}),
        ({"10": 1.0, "2.0": 5.0}, {10: 1.0, 2: 5.0}),
        ({0: 1.0}, {0: 1.0}),
        ({"a": {"0": 1.0}, "b": {"1": 2.0}}, {"a": {0: 1.0}, "b": {1: 2.0}}),
        ([{"0": 1.0}, None], [{0: 1.0}, None]),
        (3.0, 3.0),
    ],
)
def test_names_become_class_indices(given: object, expected: object) -> None:
    """Names of factors are integers, also within the lists of several outputs."""
    assert by_index(given) == expected


@pytest.mark.parametrize("name", ["cat", "-1", "0.5", "", "nan"])
def test_names_that_are_no_index_are_refused(name: str) -> None:
    """A name that stands for no class is refused, and named."""
    with pytest.raises(ValueError, match=f"must be class indices such as '0', not '{name}'"):
        by_index({name: 1.0})


def test_a_class_has_one_factor() -> None:
    """Two names of the same class are refused."""
    with pytest.raises(ValueError, match="names a class twice"):
        by_index({"1": 1.0, "1.0": 2.0})
