"""What goes into a call and comes out of it is told so that it can be compared."""

from __future__ import annotations

import json
import math
import tracemalloc
from types import SimpleNamespace

import numpy as np
import pytest

from fitspec.adapters.tracing import values
from fitspec.adapters.tracing.values import described, returned


def test_arrays_are_told_by_shape_digest_mean_and_spread() -> None:
    """And by their numbers, where they are few. The mean of 1 and 3 is 2, their spread 1."""
    found = described(np.array([[1.0], [3.0]]))

    digest = found.pop("digest")
    assert len(digest) == 16
    assert found == {
        "shape": [2, 1],
        "dtype": "float64",
        "mean": 2.0,
        "spread": 1.0,
        "values": [[1.0], [3.0]],
    }
    assert described(np.zeros((40, 2))).keys() == found.keys() - {"values"} | {"digest"}


def test_whatever_is_handed_over_becomes_json() -> None:
    """Also what JSON has no word for."""
    given = {
        "x": [np.zeros(3), {"in": (1, 2.5, None)}],
        "inf": math.inf,
        "texts": np.array(["a"], object),
        "function": math.cos,
        "iterator": iter(()),
        "empty": np.zeros((0, 2)),
    }

    found = json.loads(json.dumps(described(given)))

    assert found["x"][1] == {"in": [1, 2.5, None]}
    assert found["inf"] == "inf"
    assert found["function"] == {"object": "cos"}
    assert found["iterator"] == {"object": "tuple_iterator"}


def test_a_history_is_told_by_its_epochs_and_entries() -> None:
    """Numbers of NumPy are numbers, and such as JSON lacks are named."""
    history = SimpleNamespace(epoch=[0, 1], history={"loss": [np.float32(0.5), math.nan]})

    assert returned(history, {}) == {"epoch": [0, 1], "loss": [0.5, {"number": "nan"}]}


def test_arrays_that_are_returned_lie_beside() -> None:
    """In their places are their names."""
    arrays: dict[str, np.ndarray] = {}

    found = returned([np.ones(2), np.float32(1.5), None, object()], arrays)

    assert found == [{"array": "value/0"}, 1.5, None, {"object": "object"}]
    assert arrays["value/0"].tolist() == [1.0, 1.0]


def test_large_arrays_are_told_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if they were looked at whole, whatever their layout, of which no copy is made."""
    numbers = np.random.default_rng(0).normal(size=(40, 7, 3))
    kinds = [
        numbers,
        numbers.astype("float32").T,
        numbers[::3, :, 1],
        numbers > 0,
        np.broadcast_to(numbers[0], (9, 7, 3)),
        np.array(["a" * 60] * 5),
        np.arange(60).astype("M8[s]"),
    ]
    whole = [described(each) for each in kinds]

    monkeypatch.setattr(values, "PIECE", 100)

    for each, told in zip(kinds, whole, strict=True):
        found = described(each)
        assert found.keys() == told.keys()
        assert found["digest"] == told["digest"]
        assert found.get("mean", 0) == pytest.approx(told.get("mean", 0), rel=1e-12)
        assert found.get("spread", 0) == pytest.approx(told.get("spread", 0), rel=1e-12)


def test_what_telling_of_a_large_array_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few pieces, not a copy of it."""
    monkeypatch.setattr(values, "PIECE", 2**14)
    large = np.ones(2**20, "float32")

    tracemalloc.start()
    described(large)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < large.nbytes / 8
