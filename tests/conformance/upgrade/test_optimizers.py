"""Tests of `fitspec.conformance.upgrade.optimizers`: which optimizer, and of how many models."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .programs import found_in, told_after

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
    "an optimizer that a function chooses": (
        (
            "def chosen(rate):\n    if x.size:\n        it = optimizers.Adam(rate)\n"
            "    else:\n        it = optimizers.RMSprop(rate)\n    return it\n"
            "m = Sequential([Dense(1)])\nm.compile(chosen(0.1), 'mse')"
        ),
        [(8, "compile.optimizer.small-gradients", "silent", False)],
    ),
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
        [(2, "compile.optimizer.small-gradients", "silent", False)],
    ),
    "one optimizer for two models": (
        (
            "descent = optimizers.Adam()\nm = Sequential([Dense(1)])\nn = Sequential([Dense(2)])\n"
            "m.compile(descent, 'mse')\nn.compile(descent, 'mse')\n"
            "m.train_on_batch(x, y)\nn.train_on_batch(x, y)"
        ),
        [
            (7, "compile.optimizer.of-two-models", "fails", False),
        ],
    ),
    "one optimizer for a model that is not trained here": (
        (
            "descent = optimizers.Adam()\nm = Sequential([Dense(1)])\nn = Sequential([Dense(2)])\n"
            "m.compile(descent, 'mse')\nn.compile(descent, 'mse')\nm.train_on_batch(x, y)"
        ),
        [(5, "compile.optimizer.of-two-models", "fails", False)],
    ),
    "one optimizer for two models of the same layers": (
        (
            "descent = optimizers.SGD()\nm = Sequential([Dense(1)])\nn = Sequential([Dense(1)])\n"
            "m.compile(descent, 'mse')\nn.compile(descent, 'mse')\n"
            "for _ in range(9):\n    m.fit(x, y)\n    n.fit(x, y)\nn.fit(x, y)"
        ),
        [(8, "compile.optimizer.of-two-models", "silent", False)],
    ),
    "one optimizer for two models to which layers are added": (
        (
            "descent = optimizers.SGD()\nm = Sequential()\nn = Sequential()\n"
            "m.add(Dense(1)); n.add(Dense(2))\n"
            "m.compile(descent, 'mse'); n.compile(descent, 'mse')\nm.fit(x, y)\nn.fit(x, y)"
        ),
        [(7, "compile.optimizer.of-two-models", "fails", False)],
    ),
    "one optimizer for all models that a function is passed": (
        # Each has its own if the function makes it, and a model that is passed alone has it alone.
        (
            "descent = optimizers.Adam()\nm = Sequential([Dense(1)])\nn = Sequential([Dense(2)])\n"
            "def ready(it):\n    it.compile(descent, 'mse')\n"
            "def own(it):\n    mine = optimizers.Adam()\n    it.compile(mine, 'mse')\n"
            "ready(m)\nready(n)\nown(m)\nown(n)\n"
            "last = optimizers.Adam()\ndef alone(it):\n    it.compile(last, 'mse')\nalone(m)"
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
    "a name for one optimizer after the other": (
        (
            "def f(m, n, o):\n    descent = optimizers.Adam()\n    m.compile(descent, 'mse')\n"
            "    descent = optimizers.RMSprop()\n    n.compile(descent, 'mse')\n"
            "    o.compile(descent, 'mse')\n"
            "f(Sequential([Dense(1)]), Sequential([Dense(2)]), Sequential([Dense(3)]))"
        ),
        [
            (5, "compile.optimizer.small-gradients", "silent", False),
            (6, "compile.optimizer.of-two-models", "fails", False),
            (6, "compile.optimizer.small-gradients", "silent", False),
        ],
    ),
    "an optimizer that one arm chooses": (
        (
            "m = Sequential([Dense(1)])\nchosen = 'sgd'\nif x.size:\n    chosen = 'rmsprop'\n"
            "    m.compile(chosen, 'mse')\nm.compile(chosen, 'mse')\n"
            "try:\n    best = 'adadelta'\nexcept ValueError:\n    best = 'rmsprop'\n"
            "m.compile(best, 'mse')"
        ),
        [
            (5, "compile.optimizer.small-gradients", "silent", False),
            (6, "compile.optimizer.small-gradients", "silent", False),
            (11, "compile.optimizer.first-steps", "silent", False),
            (11, "compile.optimizer.small-gradients", "silent", False),
        ],
    ),
    "one optimizer for a model that is frozen by then": (
        (
            "descent = optimizers.Adam()\nm = Sequential([Dense(1)])\nn = Sequential([Dense(2)])\n"
            "m.compile(descent, 'mse'); n.compile(descent, 'mse')\nn.trainable = False\n"
            "m.fit(x, y)\nn.fit(x, y)"
        ),
        [(7, "compile.trainable.changed-afterwards", "silent", True)],
    ),
    "trained again after another model": (
        (
            "descent = optimizers.Adam()\na = Sequential([Dense(1)])\nb = Sequential([Dense(2)])\n"
            "a.compile(descent, 'mse')\nb.compile(descent, 'mse')\na.fit(x, y)\nb.fit(x, y)\n"
            "a.fit(x, y)"
        ),
        [
            (7, "compile.optimizer.of-two-models", "fails", False),
        ],
    ),
    "one optimizer for two models of one name": (
        (
            "descent = optimizers.Adam()\nm = Sequential([Dense(1)])\nm.compile(descent, 'mse')\n"
            "m.fit(x, y)\nm = Sequential([Dense(2)])\nm.compile(descent, 'mse')\nm.fit(x, y)"
        ),
        [
            (7, "compile.optimizer.of-two-models", "fails", False),
        ],
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_is_told_what_changes(name: str, tmp_path: Path) -> None:
    """Lines are counted from the one that follows `HEAD`."""
    text, expected = PROGRAMS[name]

    assert told_after(HEAD, text, tmp_path) == expected


@pytest.mark.parametrize(("after", "certain"), [("keras-3-torch", True), ("keras-3-jax", False)])
def test_what_raises_in_one_case_alone_is_told_with_the_case(
    after: str, certain: bool, tmp_path: Path
) -> None:
    """PyTorch refuses a second model, JAX one of other shapes, which nobody sees here."""
    text, _ = PROGRAMS["one optimizer for two models"]

    (found,) = found_in(HEAD + text, tmp_path, after=after)

    assert found.certain is certain
    assert found.condition == ("" if certain else "its weights are of another shape")
