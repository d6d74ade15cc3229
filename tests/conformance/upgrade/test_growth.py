"""What reading a program takes grows as the program does."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Final

import pytest

from .programs import examiner, source_of

if TYPE_CHECKING:
    from pathlib import Path

_HEAD: Final = """\
from keras.layers import Dense
from keras.models import Sequential
model = Sequential([Dense(3, input_shape=(8,))])
model.compile("adam", "mse")
"""
#: What a program has many of.
_LINES: Final = {
    "calls": "model.fit(x, y, epochs={0}, shuffle='batch')\n",
    "layers": "model.add(Dense({0}))\nmodel.fit(x, y)\n",
    "frozen layers": "model.layers[{0}].trainable = False\nmodel.fit(x, y)\n",
    "models": "m{0} = Sequential([Dense(3)])\nm{0}.compile('adam', 'mse')\nm{0}.fit(x, y)\n",
    "models of objects": "a{0}.net = Sequential([Dense(3)])\na{0}.net.fit(x, y)\n",
    "models in a list": "nets.append(Sequential())\nothers{0}.append(Sequential())\n"
    "others{0}[0].fit(x, y)\n",
    "what is passed": "def train{0}(net):\n    net.fit(x, y)\ntrain{0}(model)\n",
    "values passed": "train(Sequential([Dense({0})]))\n",
}


@pytest.mark.parametrize("kind", _LINES)
def test_four_times_the_lines_take_no_more_than_four_times_the_work(
    tmp_path: Path, kind: str
) -> None:
    before = "def train(net):\n    net.fit(x, y)\nnets = []\n"
    head = _HEAD + before
    work = [
        _work(tmp_path, head + "".join(map(_LINES[kind].format, range(lines))))
        for lines in (25, 100)
    ]
    assert work[1] < 5 * work[0]


def _work(folder: Path, program: str) -> int:
    """Return how many functions are called for a program, which is the same on any machine."""
    source = source_of(program, folder)
    examine = examiner().examine
    called: Counter[str] = Counter()
    sys.setprofile(lambda _frame, event, _what: called.update([event]))
    try:
        examine(source)
    finally:
        sys.setprofile(None)
    return called["call"] + called["c_call"]
