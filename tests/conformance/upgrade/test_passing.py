"""Tests of `fitspec.conformance.upgrade.passing`: models that a function is passed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .programs import told_after

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """\
import numpy as np
from elsewhere import judge
from keras.layers import Dense, Input
from keras.models import Model, Sequential
x, y, i = np.ones((16, 3)), np.ones((16, 1)), Input((3,))
"""
CLAUSE = "compile.trainable.changed-afterwards"
LOOP = """\
def train(models, steps):
    maker, critic, both = models
    for _ in range(steps):
        critic.train_on_batch(x, y)
"""
BUILD = """\
def build():
    maker, critic = Sequential([Dense(3)]), {critic}
    {before}
    {after}
    both = Model(i, critic(maker(i)))
    both.compile('sgd', 'mse')
    models = (maker, critic, both)
    train(models, 9)
"""
COMPILE, FREEZE = "critic.compile(loss='mse', optimizer='sgd')", "critic.trainable = False"


@pytest.mark.parametrize("critic", ["Sequential([Dense(1)])", "judge(i)"])
def test_what_is_frozen_is_known_of_one_of_several_that_are_passed(
    critic: str, tmp_path: Path
) -> None:
    """Also of a model that another file makes, which is compiled where it is passed."""
    frozen = BUILD.format(critic=critic, before=COMPILE, after=FREEZE)

    found = told_after(HEAD, LOOP + frozen, tmp_path)

    assert [each for each in found if each[1] == CLAUSE] == [(4, CLAUSE, "silent", True)]


@pytest.mark.parametrize(
    ("before", "after"), [(FREEZE, COMPILE), (COMPILE, "maker.trainable = False")]
)
def test_what_stays_as_it_was_compiled_is_not_told(before: str, after: str, tmp_path: Path) -> None:
    """What was frozen before, and what another one of them is."""
    built = BUILD.format(critic="Sequential([Dense(1)])", before=before, after=after)

    assert told_after(HEAD, LOOP + built, tmp_path) == []


def test_what_a_function_returns_among_others_is_followed_to_where_it_is_passed(
    tmp_path: Path,
) -> None:
    """A model that is frozen where it is made, with others, and trained where it is passed."""
    built = BUILD.format(critic="Sequential([Dense(1)])", before=COMPILE, after=FREEZE).replace(
        "models = (maker, critic, both)\n    train(models, 9)", "return maker, critic, both"
    )
    loop = (
        "def train(maker, critic, both):\n    for _ in range(9):\n"
        "        critic.train_on_batch(x, y)\n"
    )
    main = "def main():\n    maker, critic, both = build()\n    train(maker, critic, both)\n"

    found = told_after(HEAD, loop + built + main, tmp_path)

    assert [each for each in found if each[1] == CLAUSE] == [(3, CLAUSE, "silent", True)]
