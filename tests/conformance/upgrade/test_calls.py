"""Tests of `fitspec.conformance.upgrade.calls`: what reaches an argument."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .programs import MODEL, found_in

if TYPE_CHECKING:
    from pathlib import Path

#: Ways to say `shuffle="batch"`; whether it is certain, or None if nothing is found.
WAYS = {
    "a literal": ("model.fit(x, y, shuffle='batch')", True),
    "by position": ("model.fit(x, y, 4, 1, 0, None, 0.0, None, 'batch')", True),
    "a name": ("s = 'batch'\nmodel.fit(x, y, shuffle=s)", True),
    "a name of a name": ("a = 'batch'\ns = a\nmodel.fit(x, y, shuffle=s)", True),
    "a name above a function": (
        "s = 'batch'\ndef train():\n    model.fit(x, y, shuffle=s)",
        True,
    ),
    "a dict": ("o = {'shuffle': 'batch'}\nmodel.fit(x, y, **o)", True),
    "a dict by name": ("model.fit(x, y, **dict(shuffle='batch'))", True),
    "one of two": ("s = True\nif y.any():\n    s = 'batch'\nmodel.fit(x, y, shuffle=s)", False),
    "computed": ("model.fit(x, y, shuffle=choose())", False),
    "an argument": ("def train(s):\n    model.fit(x, y, shuffle=s)", False),
    "a dict that is added to": ("o = {}\no |= {'shuffle': 'batch'}\nmodel.fit(x, y, **o)", True),
    "a dict that is added to at times": (
        "o = {}\nif y.any():\n    o['shuffle'] = 'batch'\nmodel.fit(x, y, **o)",
        False,
    ),
    "a dict that is added to at the same times": (
        "o = {}\nif y.any():\n    o['shuffle'] = 'batch'\n    model.fit(x, y, **o)",
        True,
    ),
    "a dict that is added to by a script": (
        "o = {}\nif __name__ == '__main__':\n    o['shuffle'] = 'batch'\nmodel.fit(x, y, **o)",
        True,
    ),
    "a dict with what is not seen": (
        "from settings import more\nmodel.fit(x, y, **{'shuffle': 'batch', **more})",
        True,
    ),
    "a dict of dicts": ("c = {'fit': {'shuffle': 'batch'}}\nmodel.fit(x, y, **c['fit'])", True),
    "an item of a dict": ("c = {'s': 'batch'}\nmodel.fit(x, y, shuffle=c['s'])", True),
    "an item that is put elsewhere": (
        "c = {'s': 'batch'}\nc['s'] = True\nmodel.fit(x, y, shuffle=c['s'])",
        False,
    ),
    "what a function passes on": (
        "def train(**more):\n    model.fit(x, y, **more)\ntrain(shuffle='batch')",
        False,
    ),
    "some of the arguments before": (
        "from functools import partial\ngo = partial(model.fit, x, y, shuffle='batch')",
        True,
    ),
    "called elsewhere": (
        "loop.run_in_executor(None, model.fit, x, y, 4, 1, 0, None, 0.0, None, 'batch')",
        True,
    ),
    "another name": ("go = model.fit\ngo(x, y, shuffle='batch')", True),
    "another value": ("s = True\nmodel.fit(x, y, shuffle=s)", None),
    "not given": ("model.fit(x, y)", None),
}


@pytest.mark.parametrize(("lines", "certain"), WAYS.values(), ids=WAYS)
def test_what_reaches_an_argument_is_followed(
    lines: str, certain: bool | None, tmp_path: Path
) -> None:
    """As far as that can be seen; else the finding says on what it depends."""
    found = [
        item
        for item in found_in(MODEL + lines, tmp_path)
        if item.clause == "fit.shuffle.batch-chunks"
    ]

    assert [item.certain for item in found] == ([] if certain is None else [certain])


def test_arguments_that_cannot_be_seen_may_be_any(tmp_path: Path) -> None:
    """What an unknown dict holds is a condition, where the rest of the call fits."""
    lines = "def train(**options):\n    model.fit(x, y, class_weight={0: 1.}, **options)"
    found = {item.clause: item for item in found_in(MODEL + lines, tmp_path)}

    item = found["fit.class_weight.with-sample-weight"]
    assert item.condition == "`sample_weight` is given, and not None"


#: What is given as x, and whether it is a generator.
GENERATORS = {
    "a function": ("def g():\n    yield x, y\n", "g()", True),
    "an expression": ("", "((x, y) for _ in range(3))", True),
    "of a closure": (
        "def make(n):\n    def g():\n        yield x, y\n    return g\nmade = make(3)\n",
        "made()",
        True,
    ),
    "asked for its items": ("def g():\n    yield x, y\nitems = iter(g())\n", "items", True),
    "of two": ("", "zip([x], [y])", True),
    "a Sequence that is returned": (
        (
            "import keras\nclass S(keras.utils.Sequence):\n    pass\n"
            "def make():\n    s = S()\n    return s\n"
        ),
        "make()",
        False,
    ),
    "a Sequence": ("import keras\nclass S(keras.utils.Sequence):\n    pass\n", "S()", False),
    "an array": ("", "np.ones(3)", False),
}


@pytest.mark.parametrize(("before", "value", "is_generator"), GENERATORS.values(), ids=GENERATORS)
def test_generators_are_told_from_sequences(
    before: str, value: str, is_generator: bool, tmp_path: Path
) -> None:
    """Keras 2.3 refuses the first without a number of steps, and takes the second."""
    program = f"{MODEL}{before}model.fit({value})"
    found = found_in(program, tmp_path, "keras-3-jax", "keras-2.3")

    expected = ["fit.x.generator-without-steps"] if is_generator else []
    assert [item.clause for item in found] == expected


def test_an_argument_that_is_gone_and_given_at_times_is_told_with_an_if(tmp_path: Path) -> None:
    """What a person runs may never give it."""
    lines = "o = {}\nif y.any():\n    o['workers'] = 3\nmodel.fit(x, y, **o)"
    (found,) = found_in(MODEL + lines, tmp_path)

    assert (found.clause, found.condition) == ("fit.workers.zero-main-thread", "`workers` is given")


def test_what_is_made_is_given(tmp_path: Path) -> None:
    """An optimizer or a loss of Keras, or of the program's own, is never None."""
    lines = (
        "from keras import losses, optimizers\nclass Own:\n    def loss(self, a, b):\n"
        "        return a\n    def go(self):\n"
        "        model.compile(optimizers.SGD(), self.loss)\n"
        "model.compile(optimizers.SGD, losses.mean_squared_error)\n"
        "model.compile(getattr(optimizers, 'SGD')(), losses.MeanSquaredError())"
    )

    assert not found_in(MODEL + lines, tmp_path, "keras-3-jax", "keras-2.3")


def test_losses_that_are_added_are_a_loss(tmp_path: Path) -> None:
    """A model that has some needs none of `compile`."""
    alone = found_in(f"{MODEL}model.compile('sgd')", tmp_path, "keras-3-jax", "keras-2.3")
    lines = "model.add_loss(x)\nmodel.compile('sgd')"

    assert [item.clause for item in alone] == ["compile.loss.none"]
    assert not found_in(MODEL + lines, tmp_path, "keras-3-jax", "keras-2.3")


#: How a program asks for the accuracy of a training, and whether it does by its older name.
ASKED = {
    "a key": ("h.history['acc']", True),
    "perhaps": ("h.history.get('val_acc')", True),
    "one of several": ("for k in ['loss', 'acc']:\n    print(h.history[k])", True),
    "whether it is there": ("'acc' in h.history", True),
    "what is looked at": ("EarlyStopping(monitor='val_acc')", True),
    "what is looked at, by position": ("ModelCheckpoint('f', 'val_acc')", True),
    "a name of a file": ("ModelCheckpoint('{epoch}-{val_acc:.2f}')", True),
    "a title": ("plt.legend(['acc', 'val_acc'])", False),
    "its later name": ("h.history['accuracy']", False),
}


@pytest.mark.parametrize(("line", "older"), ASKED.values(), ids=ASKED)
def test_a_key_that_is_gone_is_told(line: str, older: bool, tmp_path: Path) -> None:
    """Keras 2.2.4 calls the accuracy `acc`, whatever it was asked for by."""
    lines = (
        f"from keras.callbacks import *\nmodel.compile('sgd', 'mse', metrics=['accuracy'])\n{line}"
    )
    found = found_in(MODEL + lines, tmp_path, "keras@2.2.4", "keras-3-jax")

    told = [item.certain for item in found if item.clause == "fit.returns.history-accuracy-key"]
    assert told == ([True] if older else [])
