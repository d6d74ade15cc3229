"""What an implementation does not offer is not offered by its twin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import fitspec.reference as keras
from fitspec.adapters.adapter import NotOffered
from fitspec.adapters.reference import twin
from fitspec.adapters.reference.deviations import planting

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def adapter() -> Iterator[twin.Twin]:
    """A twin that lacks a method, an argument, all keywords that are not named, and a tensor."""
    twin.plant("no fit_generator evaluate.workers compile.kwargs Input.tensor")
    yield twin.Twin()
    planting.take_out()


def model() -> keras.Sequential:
    return keras.Sequential([keras.layers.Dense(1, input_shape=(1,))])


def test_a_method_is_missing(adapter: twin.Twin) -> None:
    """Others are there."""
    with pytest.raises(NotOffered, match="no method `fit_generator`"):
        adapter.method(model(), "fit_generator")
    assert adapter.method(model(), "fit")


def test_an_argument_is_missing(adapter: twin.Twin) -> None:
    """It is not in the signature either, and other methods have it."""
    assert "workers" not in adapter.signature(model(), "evaluate").parameters
    assert "workers" in adapter.signature(model(), "fit").parameters
    with pytest.raises(NotOffered, match="no argument `workers`"):
        adapter.call(model(), "evaluate", (), {"workers": 1})


def test_keywords_that_are_not_named_are_missing(adapter: twin.Twin) -> None:
    """Those that are named are taken."""
    with pytest.raises(NotOffered, match="no argument `other`"):
        adapter.call(model(), "compile", ("sgd",), {"loss": "mse", "other": 1})
    adapter.call(model(), "compile", ("sgd",), {"loss": "mse"})


def test_an_input_has_no_tensor(adapter: twin.Twin) -> None:
    """One without is made."""
    description = {"kind": "input", "name": "x", "shape": [1]}
    make = adapter._input  # noqa: SLF001  models are made with it
    with pytest.raises(NotOffered, match=r"no argument `Input\(tensor\)`"):
        make({**description, "settings": {"tensor": [1.0]}})
    assert make(description) is not None


def test_all_is_offered_once_other_deviations_are_planted(adapter: twin.Twin) -> None:
    """So that a difference can be tried with any of them."""
    adapter.build_deviations("")

    assert adapter.method(model(), "fit_generator")
