"""Tests of `fitspec.conformance.worker.limits`."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest

from fitspec.adapters import wire
from fitspec.conformance.worker.limits import memory_of

MANY = range(2000)
ANSWERS: dict[str, Any] = {
    "lists": [[] for _ in MANY],
    "pairs": [[1, 2] for _ in MANY],
    "tuples": [(1,) for _ in MANY],
    "numbers": [0.5 + number for number in MANY],
    "no numbers": [float("nan") for _ in MANY],
    "scalars": [np.float32(number) for number in MANY],
    "words": [f"word {number}" for number in MANY],
    "objects": [{"name": number} for number in MANY],
    "names": {str(number): number for number in MANY},
    "array": np.zeros(100 * len(MANY)),
    "arrays": [np.zeros(1) for _ in MANY],
    "text": "x" * 100 * len(MANY),
    "wide text": "\N{EURO SIGN}" + "x" * 100 * len(MANY),
    "bytes": b"x" * 100 * len(MANY),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_the_memory_of_an_answer_is_bounded(kind: str) -> None:
    """Whatever it is made of, reading it takes no more than was said, and not much less."""
    line = wire.dump({"value": wire.encode(ANSWERS[kind])})

    tracemalloc.start()
    wire.decode(wire.load(line)["value"])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak <= memory_of(line) <= 5 * peak


def test_pieces_of_an_answer_take_what_the_whole_does() -> None:
    """So that it can be counted while it comes."""
    line = wire.dump({"value": wire.encode(ANSWERS["pairs"])})

    assert memory_of(line[:100]) + memory_of(line[100:]) == memory_of(line)
