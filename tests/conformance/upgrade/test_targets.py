"""Tests of `fitspec.conformance.upgrade.targets`: which targets are seen to be 0 and 1."""

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
from elsewhere import x, z, batches
m = Sequential([Dense({columns})])
m.compile('sgd', 'mse', ['accuracy'])
"""


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("y = np.ones((4, 1))\nm.fit(x, y)\nm.train_on_batch(x, np.zeros((4, 1)))", False),
        ("def f():\n    y = np.ones(4)\n    m.evaluate(x, y)", False),
        ("m.fit(x, z)", True),
        ("m.fit(x, np.ones((4, 1)))\nm.evaluate(x, z)", True),
        ("m.fit(x, np.ones((4, 1)))\nm.fit_generator(batches())", True),
        ("m.fit(batches())", True),
        ("m.predict(x)", True),
    ],
)
def test_other_targets_than_zeros_and_ones_are_thought_of(
    program: str, told: bool, tmp_path: Path
) -> None:
    """Where not all that the model is given are seen to be such."""
    found = "compile.metrics.accuracy-of-numbers" in _of_compile(program, tmp_path, 1)
    assert found is told


def test_columns_that_are_multiplied_are_counted(tmp_path: Path) -> None:
    """As where a board has a column for each of its points."""
    assert "compile.metrics.accuracy-of-numbers" in _of_compile("m.fit(x, z)", tmp_path, "1 * 1")
    assert not _of_compile("m.fit(x, z)", tmp_path, "3 * 3")


def _of_compile(program: str, folder: Path, columns: object) -> set[str]:
    *before, last = HEAD.format(columns=columns).splitlines(keepends=True)
    told = told_after("".join(before), last + program, folder)
    return {clause for line, clause, _, _ in told if line == 1}
