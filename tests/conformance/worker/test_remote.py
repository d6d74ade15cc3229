"""Tests of `fitspec.conformance.worker.remote`."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from fitspec.conformance.worker.remote import Events, NotOffered, RemoteObject, Result


def _result(value: Any) -> Result:
    return Result(value, Events(), "", "", (), 0.0)


def test_what_is_no_history_is_not_offered() -> None:
    """A `fit` that returns nothing, or a list, has no History to read."""
    for value in (None, [{"loss": 1.0}]):
        with pytest.raises(NotOffered, match="no History"):
            _ = _result(value).history


def test_an_attribute_that_an_object_lacks_is_not_offered() -> None:
    """Of a History those attributes can be read that the implementation's own has."""
    history = _result(RemoteObject("o1", ("Records",), {"history": {}}, "")).history

    assert history.history == {}
    with pytest.raises(NotOffered, match="no attribute `epoch` of a Records"):
        _ = history.epoch
    assert not hasattr(history, "epoch")


def test_an_object_can_be_copied() -> None:
    """Python's own protocols find out what a remote object lacks as they do of any object."""
    thing = RemoteObject("o1", ("Records",), {}, "")

    assert copy.copy(thing) == thing
