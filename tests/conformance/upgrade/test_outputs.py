"""Tests of `fitspec.conformance.upgrade.outputs`: which numbers a model gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .programs import told_after

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """\
from keras import losses
from keras.layers import Activation, Conv1D, Dense, Dropout, Input, LSTM
from keras.models import Model, Sequential
"""
CLAUSE = "compile.loss.crossentropies-of-no-probabilities"
#: Models, with whether what they give is seen to be no probability.
MODELS = {
    "Sequential([Dense(3), Dense(1)])": True,
    "Sequential([Dense(1), Dropout(0.5)])": True,
    "Sequential([Dense(1, activation='relu')])": True,
    "Sequential([Conv1D(1, 3)])": True,
    "Model(i, Dense(1)(Dense(2)(i)))": True,
    "Model(i, Sequential([Dense(1)])(i))": True,
    "Sequential([Dense(1, activation='sigmoid')])": False,
    "Sequential([Dense(1, 'sigmoid')])": False,
    "Sequential([Dense(1), Activation('sigmoid')])": False,
    "Sequential([Dense(1, activation=chosen)])": False,
    "Sequential([Dense(1, **settings)])": False,
    "Sequential([LSTM(1)])": False,
    "Model(i, Activation('sigmoid')(Dense(1)(i)))": False,
    "Model(i, Sequential([Dense(1, activation='softmax')])(i))": False,
}


@pytest.mark.parametrize("made", MODELS)
def test_crossentropies_of_any_numbers_are_told(made: str, tmp_path: Path) -> None:
    """Where the last layer is seen to give them, by its activation."""
    text = f"i = Input((4,))\nm = {made}\nm.compile('sgd', 'binary_crossentropy')"

    found = told_after(HEAD, text, tmp_path)

    assert found == ([(3, CLAUSE, "silent", False)] if MODELS[made] else [])


@pytest.mark.parametrize("loss", ["'mse'", "losses.BinaryCrossentropy(from_logits=True)"])
def test_other_losses_take_any_numbers(loss: str, tmp_path: Path) -> None:
    """What is made for them is the same on both sides."""
    text = f"m = Sequential([Dense(1)])\nm.compile('sgd', {loss})"

    assert told_after(HEAD, text, tmp_path) == []


FLAT = "compile.metrics.flat-list-on-multi-output"
LISTED = """\
from elsewhere import nets
def build():
    m, n = nets()
    loss = ['mse', 'mse']
    m.compile('sgd', loss=loss, metrics=['mae'])
    loss = ['mse']
    n.compile('sgd', loss=loss, metrics=['mae'])
"""
APPLIED = """\
i = Input((4,))
two = Model(i, [Dense(1)(i), Dense(2)(i)])
both = Model(i, two(Dense(4)(i)))
both.compile('sgd', 'mse', metrics=['mae'])
one = Model(i, Sequential([Dense(1)])(i))
one.compile('sgd', 'mse', metrics=['mae'])
"""


COMPREHENDED = """\
each = [Dense(1)(i) for _ in range(4)]
m = Model(i, each)
m.compile('sgd', 'mse', ['mae'])
"""


@pytest.mark.parametrize(("text", "line"), [(LISTED, 5), (APPLIED, 4), (COMPREHENDED, 3)])
def test_outputs_are_counted(text: str, line: int, tmp_path: Path) -> None:
    """By the losses that are listed, as the name has them there, and by the model on top."""
    assert told_after(HEAD, text, tmp_path) == [(line, FLAT, "fails", True)]


@pytest.mark.parametrize(
    ("layers", "told"),
    [
        ("Dense(2, activation='softmax')", False),
        ("Dense(2), Activation('softmax')", False),
        ("Dense(2, activation='sigmoid')", True),
        ("Dense(3, activation='softmax')", True),
    ],
)
def test_of_two_columns_that_add_up_to_one_both_answers_are_right_or_none(
    layers: str, told: bool, tmp_path: Path
) -> None:
    """So that their accuracy is the same, however it is counted."""
    text = f"m = Sequential([{layers}])\nm.compile('sgd', 'binary_crossentropy', ['acc'])"

    found = [(2, "compile.metrics.accuracy-of-columns", "silent", True)]
    assert told_after(HEAD, text, tmp_path) == (found if told else [])


ON_TOP = "m = Model(i, n(i))\nn = Model(i, m(i))\nm = Model(i, m(i))\nm.compile('sgd', 'mse')"
ALIKE = """\
from keras.models import clone_model
n = clone_model(m)
m = clone_model(n)
m.compile('sgd', 'mse')
"""


@pytest.mark.parametrize("text", [ON_TOP, ALIKE])
def test_models_made_of_each_other_are_counted_to_an_end(text: str, tmp_path: Path) -> None:
    """Also where names go round in a circle."""
    assert told_after(HEAD, text, tmp_path) == []
