"""Weights of one side are set on another, layer by layer."""

from __future__ import annotations

from typing import Any

import numpy as np

from fitspec.adapters.tracing.weights import set_weights, weights_of


class Layer:
    """A layer with weights, or a model with layers."""

    def __init__(self, name: str, *weights: Any, layers: tuple[Layer, ...] = ()) -> None:
        self.name = name
        self.layers = layers
        self._weights = [np.array(each) for each in weights]

    def get_weights(self) -> list[Any]:
        """Return them."""
        return self._weights

    def set_weights(self, weights: list[Any]) -> None:
        """Take others."""
        self._weights = weights


def model() -> Layer:
    inner = Layer("inner", layers=(Layer("deep", [3.0]),))
    return Layer("model", layers=(Layer("input"), Layer("first", [1.0], 2.0), inner))


def test_layers_of_a_model_within_a_model_come_in_its_place() -> None:
    """Those without weights are none."""
    assert [(name, list(map(np.ndim, each))) for name, each in weights_of(model())] == [
        ("first", [1, 0]),
        ("deep", [1]),
    ]


def test_weights_are_set_once() -> None:
    """Whoever shares a layer later has it as it has become."""
    made, done = model(), set[int]()

    assert set_weights(made, [[[4.0], 5.0], [[6.0]]], done) == []
    assert set_weights(made, [[[7.0], 8.0], [[9.0]]], done) == []
    assert [
        [each.tolist() for each in map(np.asarray, arrays)] for _, arrays in weights_of(made)
    ] == [
        [[4.0], 5.0],
        [[6.0]],
    ]


def test_a_layer_of_another_shape_is_told_and_left() -> None:
    """The others are set all the same."""
    made = model()

    (words,) = set_weights(made, [[[4.0, 4.0], 5.0], [[6.0]]], set())

    assert words == (
        "layer first: its weights have the shapes 1 () here, and 2 () on the first side: not set"
    )
    assert [float(arrays[0][0]) for _, arrays in weights_of(made)] == [1.0, 6.0]


def test_another_number_of_layers_is_told() -> None:
    """None is set then."""
    (words,) = set_weights(model(), [[[4.0], 5.0]], set())

    assert (
        words == "the model has 2 layers with weights here, and 1 on the first side: none was set"
    )
