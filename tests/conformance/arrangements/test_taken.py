"""Tests of `fitspec.conformance.arrangements.taken`: what is taken, and what is a fault of ours."""

from __future__ import annotations

from typing import Any

import pytest

from fitspec.conformance.arrangements.taken import taken, tried
from fitspec.conformance.worker.remote import NotOffered


def test_a_call_that_returns_is_taken() -> None:
    """What is given is passed on."""
    given: list[Any] = []

    assert taken(lambda *args, **kwargs: given.append((args, kwargs)), 1, two=2)
    assert given == [((1,), {"two": 2})]


def test_what_is_not_offered_is_not_taken() -> None:
    """An argument that does not exist is none of these checks' business."""

    def refuse() -> None:
        raise NotOffered("no such argument")

    assert not taken(refuse)
    assert tried(refuse) is None


def test_what_is_tried_is_called_once() -> None:
    """What it returns need not be asked for again."""
    given: list[int] = []

    def give(value: int) -> list[int]:
        given.append(value)
        return [value]

    assert tried(give, 2) == [2]
    assert given == [2]


def test_a_fault_of_ours_comes_through() -> None:
    """Only what an implementation does is taken for a refusal."""

    def fail() -> None:
        raise KeyError("ours")

    with pytest.raises(KeyError):
        taken(fail)
