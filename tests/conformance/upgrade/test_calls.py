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
