"""Tests of `fitspec.conformance.upgrade.training`: which compiled models are trained."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .programs import told_after

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """\
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
x, y = np.ones((16, 3)), np.ones((16, 1))
m, n = Sequential([Dense(1)]), Sequential([Dense(1)])
"""
TOLD = ("compile.optimizer.small-gradients", "silent", False)
PROGRAMS = {
    "trained": ("m.compile('rmsprop', 'mse')\nm.fit(x, y)", [1]),
    "trained in a function": (
        "m.compile('rmsprop', 'mse')\ndef go():\n    m.fit(x, y)\nm.compile('sgd', 'mse')",
        [1],
    ),
    "another one is trained": (
        "m.compile('rmsprop', 'mse')\nn.compile('sgd', 'mse')\nn.fit(x, y)\nm.predict(x)",
        [],
    ),
    "none is trained, as it may be by who imports it": ("m.compile('rmsprop', 'mse')", [1]),
    "compiled anew": (
        "m.compile('rmsprop', 'mse')\nm.compile('rmsprop', 'mae')\nm.fit(x, y)",
        [2],
    ),
    "compiled anew in one case": (
        "m.compile('rmsprop', 'mse')\nif x.size:\n    m.compile('sgd', 'mse')\nm.fit(x, y)",
        [1],
    ),
    "compiled anew in the next round": (
        "for _ in range(2):\n    m.fit(x, y)\n    m.compile('rmsprop', 'mse')",
        [3],
    ),
    "given to a function": (
        "from a import go\nm.compile('rmsprop', 'mse')\ngo(m)\nn.fit(x, y)",
        [2],
    ),
    "put into a list": ("m.compile('rmsprop', 'mse')\nboth = [m, n]\nn.fit(x, y)", [1]),
    "returned": (
        (
            "def make():\n    m = Sequential([Dense(1)])\n    m.compile('rmsprop', 'mse')\n"
            "    return m\nmake().fit(x, y)"
        ),
        [3],
    ),
    "held by an object": ("n.own = m\nm.compile('rmsprop', 'mse')\nn.fit(x, y)", [2]),
    "shown": (
        (
            "from keras.utils import plot_model\nm.compile('rmsprop', 'mse')\nplot_model(m)\n"
            "n.fit(x, y)"
        ),
        [],
    ),
    "a name given to another one": (
        (
            "m.compile('rmsprop', 'mse')\nm = Sequential([Dense(1)])\nm.compile('sgd', 'mse')\n"
            "m.fit(x, y)"
        ),
        [],
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_an_optimizer_is_told_of_models_that_may_be_trained(name: str, tmp_path: Path) -> None:
    """Unless all that is done with one is seen, and trains it nowhere."""
    program, lines = PROGRAMS[name]

    assert told_after(HEAD, program, tmp_path) == [(line, *TOLD) for line in lines]
