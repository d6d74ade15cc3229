"""What reading a program takes grows as the program does."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from typing import TYPE_CHECKING, Final
from unittest.mock import Mock

import pytest

from fitspec.conformance.upgrade.sources import Source, read

from .programs import examiner, source_of
from .test_sources import notebook

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
    "layers of one": "model.add(Dense(3))\nmodel.layers[{0}].trainable = False\nmodel.fit(x, y)\n",
    "everything of others": "from others import *\n" * 20 + "unbound{0}.fit(x, y)\n",
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


def test_a_cell_is_parsed_on_from_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A notebook with commands between its statements is not parsed anew for each of them."""
    parsed = Mock(wraps=ast.parse)
    monkeypatch.setattr(ast, "parse", parsed)
    lines = []
    for times in (25, 100):
        parsed.reset_mock()
        cell = "%time f()\nif a:\n    !ls\n    b = '''\n%no command\n'''\nelse:\n    c?\n" * times
        file = tmp_path / "n.ipynb"
        file.write_text(notebook(cell), "utf-8")

        (source,) = read([file])

        assert isinstance(source, Source)
        lines.append(sum(_understood(call.args[0]) for call in parsed.call_args_list))

    assert lines[1] < 5 * lines[0]


def _understood(text: str | bytes) -> int:
    """Return up to which line Python's parser comes."""
    try:
        compile(text, "", "exec", ast.PyCF_ONLY_AST)
    except SyntaxError as error:
        return error.lineno or 0
    return len(text.splitlines())


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
