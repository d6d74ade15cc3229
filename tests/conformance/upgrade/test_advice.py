"""Tests of `fitspec.conformance.upgrade.advice`: what is advised does what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import fitspec.reference as keras
from fitspec import spec
from fitspec.conformance.upgrade.advice import Advice, all_advice

from .programs import found_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WRITTEN = [item for item in all_advice() if item.write]
STEPS = 4


def name_of(item: Advice) -> str:
    """Return what a test of an advice is called."""
    return item.absent or item.clauses[0]


def surroundings() -> dict[str, Any]:
    """Return what the head of the file of advice promises."""
    first = keras.layers.Input((3,))
    model = keras.models.Model(first, keras.layers.Dense(1)(first))
    model.compile("sgd", "mse")
    both = [keras.layers.Dense(1)(first), keras.layers.Dense(1)(first)]
    two = keras.models.Model(first, both)
    x = np.arange(48.0).reshape(16, 3) / 48
    y = np.arange(16.0).reshape(16, 1) % 2

    def samples() -> Iterator[tuple[Any, Any]]:
        while True:
            for start in range(0, 16, STEPS):
                yield x[start : start + STEPS], y[start : start + STEPS]

    return {
        "np": np,
        "keras": keras,
        "model": model,
        "two": two,
        "x": x,
        "y": y,
        "samples": samples,
        "steps": STEPS,
    }


@pytest.mark.parametrize("item", WRITTEN, ids=name_of)
def test_what_is_advised_runs(item: Advice) -> None:
    """On the reference, which does what Keras 2.3 is documented to do."""
    exec(item.write, surroundings())  # noqa: S102  the code that people are told to write


@pytest.mark.parametrize("item", WRITTEN, ids=name_of)
@pytest.mark.parametrize(
    ("before", "after"), [("keras-2.3", "keras-3-jax"), ("keras-3-jax", "keras-2.3")]
)
def test_what_is_advised_reads_clean(item: Advice, before: str, after: str, tmp_path: Path) -> None:
    """In both directions: nothing certain is found in it."""
    program = f"""
import keras
import numpy as np
model = keras.Sequential()
two = keras.Model([1], [2, 3])
x, y = np.ones((16, 3)), np.ones((16, 1))
def samples():
    while True:
        yield x, y
steps = 4
{item.write}
"""
    found = found_in(program, tmp_path, before, after)

    assert [each.clause for each in found if each.certain] == []


@pytest.mark.parametrize("item", all_advice(), ids=name_of)
def test_advice_is_on_clauses_of_today(item: Advice) -> None:
    """An id that is gone would be advice that nobody gets."""
    assert bool(item.clauses) is not bool(item.absent)
    assert set(item.clauses) <= spec.contract().clauses.keys()
    assert all(spec.contract().clauses[clause].touched_by for clause in item.clauses)
