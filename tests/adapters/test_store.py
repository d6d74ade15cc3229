"""Tests of `fitspec.adapters.store`: the names of objects in a worker."""

from __future__ import annotations

import pytest

from fitspec.adapters.store import Store
from fitspec.adapters.wire import WireError


def test_an_object_has_one_name() -> None:
    """However often it is told, and another object has another, though it is equal."""
    store = Store()
    first, second = [1], [1]

    name = store.reference(first)

    assert store.reference(first) == name != store.reference(second)
    assert store[name] is first


def test_no_name_is_given_out_twice() -> None:
    """What was forgotten is not there any more, under no object's name."""
    store = Store()
    name = store.reference([1])

    store.clear()

    assert store.reference([2]) != name
    with pytest.raises(WireError, match=f"there is no object '{name}' here"):
        store[name]
