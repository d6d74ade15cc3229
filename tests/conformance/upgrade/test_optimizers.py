"""Tests of `fitspec.conformance.upgrade.optimizers`: which optimizer, and of how many models."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .programs import told_after

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """\
import keras, numpy as np
from keras import optimizers
from keras.layers import Dense
from keras.models import Sequential
x, y = np.ones((16, 3)), np.ones((16, 1))
"""
PROGRAMS: dict[str, tuple[str, list[tuple[int, str, str, bool]]]] = {
    "optimizers that learn at another rate": (
        (
            "m = Sequential([Dense(1)])\nm.compile('Adadelta', 'mse')\n"
            "m.compile(optimizers.Nadam(), 'mse')\nm.compile(optimizers.Adamax(lr=0.1), 'mse')\n"
            "m.compile(optimizers.Adagrad(lr=0.1), 'mse')\nm.compile('adam', 'mse')"
        ),
        [
            (2, "compile.optimizer.first-steps", "silent", True),
            (3, "compile.optimizer.first-steps", "silent", True),
            (5, "compile.optimizer.first-steps", "silent", True),
        ],
    ),
    "an optimizer by another formula": (
        "m = Sequential([Dense(1)])\nm.compile(optimizers.RMSprop(lr=0.01), 'mse')",
        [(2, "compile.optimizer.small-gradients", "silent", True)],
    ),
    "one optimizer for two models": (
        (
            "descent = optimizers.Adam()\nm = Sequential([Dense(1)])\nn = Sequential([Dense(2)])\n"
            "m.compile(descent, 'mse')\nn.compile(descent, 'mse')\n"
            "m.train_on_batch(x, y)\nn.train_on_batch(x, y)"
        ),
        [
            (5, "compile.optimizer.of-two-models", "fails", True),
            (7, "compile.optimizer.of-two-models", "fails", True),
        ],
    ),
    "one optimizer for a model that is not trained here": (
        (
            "descent = optimizers.Adam()\nm = Sequential([Dense(1)])\nn = Sequential([Dense(2)])\n"
            "m.compile(descent, 'mse')\nn.compile(descent, 'mse')\nm.train_on_batch(x, y)"
        ),
        [(5, "compile.optimizer.of-two-models", "fails", False)],
    ),
    "an optimizer for each model": (
        (
            "m = Sequential([Dense(1)])\nn = Sequential([Dense(2)])\n"
            "m.compile(optimizers.Adam(), 'mse')\nn.compile(optimizers.Adam(), 'mse')\n"
            "m.train_on_batch(x, y)\nn.train_on_batch(x, y)"
        ),
        [],
    ),
    "one optimizer for two models of one name": (
        (
            "descent = optimizers.Adam()\nm = Sequential([Dense(1)])\nm.compile(descent, 'mse')\n"
            "m.fit(x, y)\nm = Sequential([Dense(2)])\nm.compile(descent, 'mse')\nm.fit(x, y)"
        ),
        [
            (6, "compile.optimizer.of-two-models", "fails", True),
            (7, "compile.optimizer.of-two-models", "fails", True),
        ],
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_is_told_what_changes(name: str, tmp_path: Path) -> None:
    """Lines are counted from the one that follows `HEAD`."""
    text, expected = PROGRAMS[name]

    assert told_after(HEAD, text, tmp_path) == expected
