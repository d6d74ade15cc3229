"""Tests of `reference.r.generator_functions`."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from fitspec.reference.r.generator_functions import Calls, is_function, iterated, reading


def test_each_call_gives_a_batch_until_none() -> None:
    """A function is called for every batch, and None ends it."""
    items = iter([[1, 2], [3, 4], None])

    assert list(Calls(lambda: next(items))) == [[1, 2], [3, 4]]


def test_names_within_a_batch_do_not_matter() -> None:
    """In a named list the places count: inputs, targets, sample weights."""
    function = Calls(lambda: {"labels": 1, "weights": 2})

    assert next(function) == (1, 2)


def test_only_functions_are_functions() -> None:
    """Arrays, iterators and lists are no generator functions."""
    values = [lambda: None, len, np.ones(1), iter(()), [1], None]

    assert [is_function(one) for one in values] == [True, True, False, False, False, False]


def test_what_is_no_function_stays() -> None:
    """Only functions are wrapped."""
    values = iter(())

    assert (iterated(values) is values, isinstance(iterated(lambda: None), Calls)) == (True, True)


@pytest.mark.parametrize(
    ("workers", "streams", "expected"),
    [(1, [iter(())], 1), (4, [iter(())], 4), (1, [lambda: None], 0), (0, [lambda: None], 0)],
)
def test_functions_are_read_in_the_main_thread(
    workers: int, streams: list[object], expected: int
) -> None:
    """With a function there is no worker; without one there are as many as allowed."""
    assert reading(workers, *streams) == expected


def test_functions_cannot_have_several_workers() -> None:
    """Several workers are refused if any of the generators is a function."""
    with pytest.raises(ValueError, match=r"workers must be at most 1 .*, not 2"):
        reading(2, itertools.count(), lambda: None)
