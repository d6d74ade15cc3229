"""Tests of `fitspec.conformance.upgrade.parts`: what is frozen with a model, or in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .programs import told_after

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """\
import numpy as np
from keras.layers import BatchNormalization, Dense, Input
from keras.models import Model, Sequential
x, y, i = np.ones((16, 3)), np.ones((16, 1)), Input((3,))
"""
AFTERWARDS, AVERAGES = "compile.trainable.changed-afterwards", "compile.trainable.frozen-averages"
MADE = "maker, critic = Sequential([Dense(3)]), Sequential([Dense(1)])\n"
BOTH = "both = Model(i, critic(maker(i)))\nboth.compile('sgd', 'mse')\n"
PROGRAMS: dict[str, tuple[str, list[tuple[int, str, str, bool]]]] = {
    "thawed within another one": (
        MADE + "critic.trainable = False\n" + BOTH + "critic.trainable = True\nboth.fit(x, y)",
        [(6, AFTERWARDS, "silent", True)],
    ),
    "frozen and thawed by a function": (
        MADE
        + "def turn(m, on):\n    m.trainable = on\n    for l in m.layers: l.trainable = on\n"
        + "critic.compile('sgd', 'mse')\nturn(critic, False)\n"
        + BOTH
        + "turn(critic, True)\ncritic.fit(x, y)\nboth.fit(x, y)",
        [(11, AFTERWARDS, "silent", True)],
    ),
    "frozen with what it shares": (
        (
            "net = Sequential([Dense(1)])\nm = Sequential(); m.add(net)\n"
            "n = Sequential(); n.add(net)\n"
            "m.compile('sgd', 'mse')\nn.compile('sgd', 'mse')\nn.trainable = False\n"
            "m.fit(x, y)\nn.fit(x, y)"
        ),
        [(7, AFTERWARDS, "silent", False), (8, AFTERWARDS, "silent", True)],
    ),
    "beside one that is frozen": (
        MADE + "maker.compile('sgd', 'mse')\ncritic.compile('sgd', 'mse')\n"
        "critic.trainable = False\nmaker.fit(x, y)",
        [],
    ),
    "averages of one that is frozen within": (
        "critic = Sequential([BatchNormalization(), Dense(1)])\nmaker = Sequential([Dense(3)])\n"
        "critic.trainable = False\n" + BOTH + "other = Sequential([BatchNormalization()])\n"
        "other.compile('sgd', 'mse')\nother.fit(x, x)",
        [(5, AVERAGES, "silent", False)],
    ),
    "a class from cell to cell": (
        (
            "class Net:\n    def __init__(self):\n        self.critic = self.make()\n"
            "        self.critic.compile('sgd', 'mse')\n        self.critic.trainable = False\n"
            "class Net(Net):\n    def make(self):\n        return Sequential([Dense(1)])\n"
            "class Net(Net):\n    def train(self):\n        self.critic.train_on_batch(x, y)"
        ),
        [(11, AFTERWARDS, "silent", True)],
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_is_frozen_is_told_of_models_that_have_it(name: str, tmp_path: Path) -> None:
    """And of no other one."""
    program, found = PROGRAMS[name]

    assert told_after(HEAD, program, tmp_path) == found
