"""What reading a program takes grows as the program does."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final
from unittest.mock import Mock

import pytest

from fitspec.conformance.upgrade import sources
from fitspec.conformance.upgrade.calls import calls
from fitspec.conformance.upgrade.names import Names

from .programs import examiner, source_of
from .test_sources import notebook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import FrameType

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
#: What its calls are found by, alike.
_FOUND: Final = {
    "entries of a dict": "given['epochs'] = {0}\nmodel.fit(x, y, **given)\n",
    "entries of a dict in arms": "if a{0}:\n    given['epochs'] = {0}\nmodel.fit(x, y, **given)\n",
    "models in a dict": "of['a{0}'] = Sequential()\nof['a{0}'].fit(x, y)\n",
    "loops over models": "nets.append(Sequential())\nfor net in nets:\n    net.fit(x, y)\n",
    "loops over numbers": "for e in range(3):\n    model.fit(x, y, epochs=e)\n",
    "models of an object": "a.net = Sequential()\na.net.fit(x, y)\n",
}
#: What a program has many of in one expression, and what it does with each.
_ITEMS: Final = {
    "arguments in a dict": ("given = dict({0})\n", "a{0}={0}", "model.fit(x, y, **given)\n"),
    "models in a literal": ("nets = [{0}]\n", "Sequential([Dense({0})])", "nets[{0}].fit(x, y)\n"),
    "models in a dict": ("nets = {{{0}}}\n", "{0}: Sequential()", "nets[{0}].fit(x, y)\n"),
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


@pytest.mark.parametrize("kind", _FOUND)
def test_four_times_the_lines_take_no_more_than_four_times_the_work_to_find_calls(
    tmp_path: Path, kind: str
) -> None:
    """Which takes so little that not many lines show how it grows."""
    head = _HEAD + "nets = []\nof = {}\ngiven = {}\n"
    work = [
        _to_find_calls(tmp_path, head + "".join(map(_FOUND[kind].format, range(lines))))
        for lines in (100, 400)
    ]
    assert work[1] < 5 * work[0]


@pytest.mark.parametrize("kind", _ITEMS)
def test_four_times_the_items_take_no_more_than_four_times_the_work(
    tmp_path: Path, kind: str
) -> None:
    whole, item, line = _ITEMS[kind]
    work = [
        _to_find_calls(
            tmp_path,
            _HEAD
            + whole.format(", ".join(map(item.format, range(items))))
            + "".join(map(line.format, range(items))),
        )
        for items in (100, 400)
    ]
    assert work[1] < 5 * work[0]


def test_a_cell_is_parsed_on_from_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A notebook with commands between its statements is not parsed anew for each of them.

    Nor is what follows, which the parser reads to its end wherever it stops.
    """
    parsed = Mock(wraps=compile)
    monkeypatch.setattr(sources, "compile", parsed, raising=False)
    lines = []
    for times in (25, 100):
        parsed.reset_mock()
        cell = "%time f()\nif a:\n    !ls\n    b = '''\n%no command\n'''\nelse:\n    c?\n" * times
        file = tmp_path / "n.ipynb"
        file.write_text(notebook(cell), "utf-8")

        (source,) = sources.read([file])

        assert isinstance(source, sources.Source)
        lines.append(sum(len(call.args[0].splitlines()) for call in parsed.call_args_list))

    assert lines[1] < 5 * lines[0]


def _work(folder: Path, program: str) -> int:
    """Return how many functions are called for a program, which is the same on any machine."""
    source = source_of(program, folder)
    examine = examiner().examine
    with _counted() as called:
        examine(source)
    return called.total()


def _to_find_calls(folder: Path, program: str) -> int:
    source = source_of(program, folder)
    with _counted() as called:
        assert list(calls(Names(source)))
    return called.total()


@contextmanager
def _counted() -> Iterator[Counter[str]]:
    """Count the functions that are called."""
    called: Counter[str] = Counter()

    def count(_frame: FrameType, event: str, _what: object) -> None:
        if event in {"call", "c_call"}:
            called[event] += 1

    sys.setprofile(count)
    try:
        yield called
    finally:
        sys.setprofile(None)
