"""Tests of `fitspec.conformance.claims.expect`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fitspec.conformance.claims.expect import (
    ClaimFault,
    ExpectationFell,
    agree,
    answer,
    collecting,
    expect,
    outcome,
    recognise,
    refusal,
    show,
)
from fitspec.conformance.worker.remote import Events, NotOffered, RemoteError, RemoteObject, Result

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("observed", "expected"),
    [
        (1, 1),
        (1.0, 1),
        (np.float32(0.5), 0.5),
        (np.asarray([1, 2]), [1.0, 2.0]),
        ((1, 2), [1, 2]),
        (range(3), [0, 1, 2]),
        (NAN, NAN),
        (np.asarray([NAN, INF]), [NAN, INF]),
        (-INF, -INF),
        (0.0, -0.0),
        ("a", "a"),
        (None, None),
        (True, True),
        (np.bool_(True), True),
        ({"a": [1], "b": {}}, {"b": {}, "a": [1.0]}),
        ([], []),
        (b"x", b"x"),
    ],
)
def test_equal_values_agree(observed: Any, expected: Any) -> None:
    """Numbers agree whatever their type, containers whatever their kind of sequence."""
    assert agree(observed, expected)
    assert agree(expected, observed)


@pytest.mark.parametrize(
    ("observed", "expected"),
    [
        (1, True),
        (0, False),
        (np.asarray([1]), [True]),
        (1, "1"),
        (1, [1]),
        ([1], 1),
        ([1, 2], [1]),
        ([1], {0: 1}),
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": 1}, {"b": 1}),
        ({}, []),
        (NAN, 0.0),
        (0.0, NAN),
        (INF, -INF),
        (INF, NAN),
        (3.4e38, INF),
        (None, 0),
        (None, False),
        ("", None),
        (np.asarray([[1]]), [1]),
        (1.0, np.nextafter(1.0, 2.0)),
    ],
)
def test_different_values_do_not_agree(observed: Any, expected: Any) -> None:
    """A bool is no number, a list no dict, and nothing is near infinity."""
    assert not agree(observed, expected, 0)
    assert not agree(expected, observed, 0)


@pytest.mark.parametrize("size", [1.0, 6.0, 1e-30, -6.0, 3e38])
def test_units_in_the_last_place_are_counted_at_the_expected_size(size: float) -> None:
    """A difference of n spacings of float32 agrees within n, and not within fewer."""
    off = size + 2 * float(np.spacing(np.float32(abs(size))))

    assert agree(off, size, 2)
    assert not agree(off, size, 1)
    assert not agree(off, size)


def test_a_tolerance_does_not_turn_no_number_into_one() -> None:
    """However wide the tolerance, NaN and infinity stay what they are."""
    assert not agree(NAN, 1.0, 1e30)
    assert not agree(INF, 1.0, 1e30)


def test_objects_agree_when_they_are_the_same_there() -> None:
    """Objects in a worker are compared by what they are, not by how they look."""
    first = RemoteObject("o1", ("Layer",), {"name": "y"}, "<Layer>")
    again = RemoteObject("o1", ("Layer",), {"name": "z"}, "<Layer y>")
    other = RemoteObject("o2", ("Layer",), {"name": "y"}, "<Layer>")

    assert agree([first], [again])
    assert not agree(first, other)
    assert not agree(first, "<Layer>")


def test_a_claim_that_holds_keeps_both_sides() -> None:
    """A report of a pass still says what was expected and observed."""
    with collecting() as claim:
        expect(np.asarray([1.0, 2.0]), equals=[1, 2], ulps=3)

    assert (claim.made, claim.expected, claim.observed, claim.detail) == (
        1,
        "[1, 2] (±3 ulp)",
        "[1, 2]",
        "",
    )


@pytest.mark.parametrize(
    ("observed", "words"), [(2.0, "it was doubled"), (3.0, ""), (NAN, "no number came")]
)
def test_a_known_deviation_is_named(observed: float, words: str) -> None:
    """What is known to go wrong is said in words; anything else is not guessed at."""
    known = {"it was doubled": 2.0, "no number came": NAN}

    with (
        collecting() as claim,
        pytest.raises(ExpectationFell, match=words or "none of the known"),
    ):
        expect(observed, equals=1.0, otherwise=known)

    assert claim.detail == words


def test_a_behaviour_is_recognised() -> None:
    """Where no behaviour is promised, the one that was seen is recorded by its name."""
    with collecting() as claim:
        recognise(2.0, {"once": 1.0, "twice": 2.0})

    assert claim.behaviour == "twice"
    assert claim.expected == "once or twice"


def test_an_unknown_behaviour_is_shown() -> None:
    """A behaviour that nobody foresaw is recorded as it was seen."""
    with collecting() as claim:
        recognise([5.0], {"once": 1.0})

    assert claim.behaviour == "something else: [5]"


def test_a_second_claim_is_a_fault() -> None:
    """One check makes one claim, so that no failure hides another."""
    with collecting():
        expect(1, equals=1)
        with pytest.raises(ClaimFault, match="this is the second"):
            recognise(1, {"one": 1})


def test_a_claim_outside_a_check_is_a_fault() -> None:
    """A claim that nobody would hear of is not made."""
    with pytest.raises(ClaimFault, match="outside a check"):
        expect(1, equals=1)


def test_claims_of_nested_checks_do_not_mix() -> None:
    """A check that runs within another has a claim of its own."""
    with collecting() as outer:
        with collecting() as inner:
            expect(1, equals=1)
        expect(2, equals=2)

    assert (outer.observed, inner.observed) == ("2", "1")


def _raising(*classes: str) -> Any:
    def call(*_: Any, **__: Any) -> None:
        raise RemoteError([*classes, "Exception", "BaseException"], "no", "")

    return call


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: None, "returned"),
        (_raising("ValueError"), "ValueError"),
        (_raising("InvalidArgumentError", "ValueError"), "ValueError"),
        (_raising("NotImplementedError", "RuntimeError"), "RuntimeError"),
        (_raising("AssertionError"), "AssertionError"),
    ],
)
def test_an_outcome_is_told_by_the_documented_class(call: Any, expected: str) -> None:
    """A subclass of a documented exception is that exception; any other is told by its name."""
    assert outcome(call) == expected


def test_an_answer_is_what_a_call_brought_or_how_it_was_refused() -> None:
    """What a call brings is handed on; a refusal is told as an outcome tells it."""
    result = Result(1.5, Events(), "", "", (), 0.0)

    answers = [answer(lambda: result), answer(_raising("InvalidArgumentError", "ValueError"))]

    assert answers == [result, "ValueError"]


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: None, "returned"),
        (_raising("ValueError"), "refused"),
        (_raising("InvalidTypeError", "TypeError"), "refused"),
        (_raising("RuntimeError"), "RuntimeError"),
        (_raising("KeyError", "LookupError"), "KeyError"),
    ],
)
def test_a_wrong_type_is_refused_by_either_exception(call: Any, expected: str) -> None:
    """Of a value of the wrong type a `TypeError` says as much as a `ValueError`."""
    assert refusal(call) == expected


def test_what_is_not_offered_is_no_outcome() -> None:
    """A call that cannot be made has no outcome to compare."""

    def call() -> None:
        raise NotOffered("no method `fit`")

    with pytest.raises(NotOffered):
        outcome(call)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1, "0.1"),
        (1 / 3, "0.333333333"),
        (np.asarray([[1.5]]), "[[1.5]]"),
        ({"loss": (1.0, None)}, "{loss: [1, None]}"),
        ("text", "text"),
        (NAN, "nan"),
        (RemoteObject("o1", (), {}, "<Layer y>"), "<Layer y>"),
    ],
)
def test_values_are_shown_for_readers(value: Any, text: str) -> None:
    """A value is shown in one line, without quotes and without digits that say nothing."""
    assert show(value) == text
