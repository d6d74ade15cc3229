"""Tests of `reference.r.arguments`."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from fitspec.reference.r import Session
from fitspec.reference.r.arguments import (
    Calls,
    by_index,
    is_function,
    iterated,
    level_of,
    reading,
    shuffling,
    whole,
)

# --- numbers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [5, 5.0, np.float32(5), np.int64(5), np.array([5.0])])
def test_whole_numbers_become_integers(value: object) -> None:
    """A number without a fraction is an integer, however it is spelled."""
    assert (whole(value), type(whole(value)) in (int, np.int64)) == (5, True)


@pytest.mark.parametrize("value", [2.5, math.inf, None, "auto", [5.0]])
def test_all_else_stays(value: object) -> None:
    """What is no whole number is handed on as it is, for its user to refuse."""
    assert whole(value) is value


# --- verbose -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("session", "expected"),
    [
        (Session(), 1),
        (Session(knitr=True), 2),
        (Session(server=True), 2),
        (Session(rstudio=True), 1),
    ],
)
def test_auto_avoids_bars_where_they_cannot_move(session: Session, expected: int) -> None:
    """For "auto" there is a bar, but a line an epoch under knitr and on a server."""
    assert level_of("auto", session) == expected


@pytest.mark.parametrize("verbose", [0, 1, 2.0])
def test_numbers_are_levels(verbose: float) -> None:
    """A number is the level itself, wherever it is asked for."""
    assert level_of(verbose, Session(knitr=True, server=True)) == int(verbose)


@pytest.mark.parametrize(
    ("verbose", "words"), [("loud", "'auto', 0, 1 or 2, not 'loud'"), (3, "0, 1 or 2, not 3")]
)
def test_other_levels_are_refused(verbose: object, words: str) -> None:
    """What is no level is refused, and shown."""
    with pytest.raises(ValueError, match=f"verbose must be {words}"):
        level_of(verbose, Session())


# --- shuffle -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "expected"),
    [(True, True), (False, False), (np.True_, True), ("batch", "batch")],
)
def test_logicals_and_batch_are_taken(given: object, expected: object) -> None:
    """`shuffle` is a logical or "batch"."""
    assert shuffling(given) is expected or shuffling(given) == expected


@pytest.mark.parametrize("value", ["chunk", 1, 0.0, None])
def test_all_else_is_refused(value: object) -> None:
    """Numbers, other texts and NULL are refused, and shown."""
    with pytest.raises(ValueError, match=f"TRUE, FALSE or 'batch', not {value!r}"):
        shuffling(value)


# --- class_weight ------------------------------------------------------------------------------


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


# --- functions as generators -------------------------------------------------------------------


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
