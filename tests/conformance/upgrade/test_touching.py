"""Tests of `fitspec.conformance.upgrade.touching`: what is seen in an argument, or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .programs import told_after

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """\
import keras, numpy as np
from keras import losses
from keras.callbacks import Callback
from keras.layers import Dense, Input
from keras.models import Model, Sequential
x, y = np.ones((16, 3)), np.ones((16, 1))
"""
TWO = "i = Input((3,))\nm = Model(i, [Dense(1, name='a')(i), Dense(1, name='b')(i)])\n"
PROGRAMS: dict[str, tuple[str, list[tuple[int, str, str, bool]]]] = {
    "names of losses that are gone": (
        (
            "m = Sequential([Dense(1)])\nm.compile('sgd', 'logcosh')\n"
            "m.compile('sgd', losses.kullback_leibler_divergence)\nm.compile('sgd', 'mse')"
        ),
        [
            (2, "compile.loss.older-names", "fails", True),
            (3, "compile.loss.older-names", "fails", True),
        ],
    ),
    "names of losses and metrics that are gone, by output": (
        TWO + "m.compile('sgd', {'a': 'huber_loss', 'b': 'mse'}, {'a': ['mae', 'cosine']})",
        [
            (3, "compile.loss.older-names", "fails", True),
            (3, "compile.metrics.older-names", "fails", True),
        ],
    ),
    "numbers of steps that are no integers": (
        (
            "import math\ndef batches():\n    while True:\n        yield x, y\n"
            "m = Sequential([Dense(1)])\nm.fit(batches(), steps_per_epoch=len(x) / 4)\n"
            "n = np.ceil(len(x) / 3)\nm.evaluate(batches(), steps=n)\n"
            "m.predict(batches(), steps=2.0)\n"
            "m.fit(batches(), steps_per_epoch=math.ceil(len(x) / 3))\n"
            "m.fit(batches(), steps_per_epoch=len(x) // 3)"
        ),
        [
            (6, "fit.steps_per_epoch.fractional", "fails", True),
            (8, "evaluate.steps.fractional", "fails", True),
            (9, "predict.steps.fractional", "fails", True),
        ],
    ),
    "steps that are no integers, for a method that is gone": (
        "m = Sequential([Dense(1)])\nm.fit_generator(x, len(x) / 4)",
        [
            (2, "fit.steps_per_epoch.fractional", "fails", True),
            (2, "fit_generator.signature.defaults", "absent", True),
        ],
    ),
    "a loss that is not seen": (
        "from nets import loss\nm = Sequential([Dense(1)])\nm.compile('sgd', loss)",
        [],
    ),
    "batches in lists": (
        (
            "def batches():\n    while True:\n        yield [x, y]\n"
            "m = Sequential([Dense(1)])\nm.fit(batches(), steps_per_epoch=2)\n"
            "m.fit(x, y, validation_data=batches(), validation_steps=1)"
        ),
        [
            (5, "fit.x.generator-of-lists", "fails", True),
            (6, "fit.x.generator-of-lists", "fails", True),
        ],
    ),
    "batches in tuples": (
        (
            "def batches():\n    while True:\n        yield [x, x], y\n"
            "m = Sequential([Dense(1)])\nm.fit(batches(), steps_per_epoch=2)"
        ),
        [],
    ),
    "what callbacks were told of the data": (
        (
            "class Bar(Callback):\n    def on_epoch_begin(self, epoch, logs=None):\n"
            "        self.params['samples'], self.params['epochs'], self.params.get('metrics')"
        ),
        [
            (3, "fit.callbacks.params", "fails", False),
            (3, "fit.callbacks.params", "fails", True),
        ],
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_is_told_what_changes(name: str, tmp_path: Path) -> None:
    """Lines are counted from the one that follows `HEAD`."""
    text, expected = PROGRAMS[name]

    assert told_after(HEAD, text, tmp_path) == expected
