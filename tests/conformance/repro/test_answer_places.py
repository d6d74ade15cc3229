"""Tests of `repro.answer_places` and `value_places`: values and where they stand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fitspec.conformance.repro.answer_places import (
    all_leaves,
    all_nodes,
    another,
    answered_with,
    is_inside,
)
from fitspec.conformance.repro.origins import Read
from fitspec.conformance.repro.value_places import at, fits, is_same, numbers_in, parts_of
from fitspec.conformance.worker.remote import Event, Events, RemoteError, RemoteObject, Result
from fitspec.conformance.worker.transcript import Request

ARRAY = np.asarray([[1.0, 2.0]], np.float32)
HISTORY = RemoteObject("o1", ("History",), {"history": {"loss": [4.0, 2.5]}}, "", ARRAY)
TOLD = Event("epoch_end", "p1", 1, 1, True, 0.0, {"index": 0, "logs": {"loss": 7.5}})


def came(value: Any, *events: Event) -> Request:
    """Return a call that brought a value."""
    return Request("call", {}, value, came=Result(value, Events(events), "", "", (), 0.0))


def test_every_single_value_has_a_place() -> None:
    """In objects, dicts, lists and arrays; those of events come last."""
    found = [(where.path, where.event, value) for where, value in all_leaves([came(HISTORY, TOLD)])]

    history = ("attribute", "history"), ("key", "loss")
    assert found == [
        ((*history, ("item", 0)), None, 4.0),
        ((*history, ("item", 1)), None, 2.5),
        ((("array",), ("flat", 0)), None, 1.0),
        ((("array",), ("flat", 1)), None, 2.0),
        ((("key", "index"),), 0, 0),
        ((("key", "logs"), ("key", "loss")), 0, 7.5),
    ]


def test_each_place_can_hold_another_value() -> None:
    """Nothing else changes, and the answer of the run stays as it is."""
    request = came([HISTORY, (1, "a")], TOLD)

    for where, value in list(all_leaves([request])):
        changed = answered_with(request, where, another(value))

        before, after = (dict(all_leaves([item])) for item in (request, changed))
        assert {key for key in before if not is_same(before[key], after[key])} == {where}


def test_what_was_seen_before_an_exception_can_be_another() -> None:
    """Also there, events have places."""
    error = RemoteError(["ValueError"], "no", "")
    error.events = Events((TOLD,))
    request = Request("call", {}, fell=True, error=error)

    changed = answered_with(request, Read(0, (("key", "index"),), 0), 9)

    assert isinstance(changed.error, RemoteError)
    assert changed.error.events.indices == [9]
    assert error.events.indices == [0]
    flag = answered_with(request, Read(0, (("thread",),), 0), False)
    assert isinstance(flag.error, RemoteError)
    assert [item.main_thread for item in flag.error.events] == [False]


def test_a_place_can_be_inside_another() -> None:
    """Of the same answer, and not of an event of it."""
    places = [where for where, _ in all_nodes([came([1, [2]], TOLD)])]
    inner = Read(0, (("item", 1), ("item", 0)))

    assert [where.path for where in places if is_inside(inner, where)] == [
        (),
        (("item", 1),),
        (("item", 1), ("item", 0)),
    ]


@pytest.mark.parametrize("value", [True, 1, 2.5, "a", np.float32(1), np.int64(3), None])
def test_another_value_is_another(value: Any) -> None:
    """Of the same kind, if it has one."""
    assert not is_same(another(value), value)
    assert value is None or type(another(value)) is type(value)


def test_observed_values_are_taken_apart() -> None:
    """By keys and indices; what is not there is equal to nothing."""
    observed = {"a": [1, {"b": 2}]}

    assert list(parts_of(observed)) == [(("a", 0), 1), (("a", 1, "b"), 2)]
    assert at(observed, ("a", 1, "b")) == 2
    assert not is_same(at(observed, ("a", 5)), at(observed, ("a", 5)))
    assert numbers_in(ARRAY) == [1.0, 2.0]
    assert numbers_in([1, True]) == []


@pytest.mark.parametrize(
    ("observed", "expected", "do_fit"),
    [
        ([1, 2], [3, 4], True),
        ([1, 2], [3], False),
        ({"a": 1, "b": 2}, {"b": 1, "a": 2}, True),
        ({"a": 1}, {"b": 1}, False),
        ({0: 1}, [1], False),
        ([1], "nothing", False),
    ],
)
def test_containers_fit_if_they_have_the_same_places(
    observed: Any, expected: Any, do_fit: bool
) -> None:
    """Only then they can be compared place by place."""
    assert fits(observed, expected) is do_fit
