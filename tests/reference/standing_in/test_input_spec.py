"""What layers of one's own say of their inputs."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
import pytest

import fitspec.reference
from fitspec.reference.engine import Layer
from fitspec.reference.standing_in.input_spec import InputSpec

keras: Any = fitspec.reference
K: Any = keras.backend


class Product(Layer):
    """Multiplies by a matrix of ones."""

    def __init__(self, *specs: InputSpec) -> None:
        super().__init__()
        self.input_spec = list(specs)

    def build(self, input_shape: Any) -> None:
        """Make the matrix, and take no other number of features from now on."""
        self.input_spec = [InputSpec(min_ndim=2, axes={-1: input_shape[-1]})]
        self.ones: Any = self.add_weight("ones", (input_shape[-1], 1), "ones")

    def call(self, x: Any) -> Any:  # type: ignore[override]  # as for Keras
        """Multiply."""
        return K.dot(x, self.ones)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return it with one feature."""
        return (*input_shape[:-1], 1)


@pytest.mark.parametrize(
    ("spec", "needed"),
    [
        (InputSpec(ndim=3), "3 axes"),
        (InputSpec(min_ndim=3, max_ndim=4), "3 to 4 axes"),
        (InputSpec(max_ndim=1), "0 to 1 axes"),
        (InputSpec(shape=(None, 3)), "length 3 along axis 1"),
        (InputSpec(shape=(None, 2, 2)), "3 axes"),
        (InputSpec(axes={-1: 4}), "length 4 along axis -1"),
    ],
)
def test_another_input_is_refused(spec: InputSpec, needed: str) -> None:
    """The message has what was needed and what came."""
    with pytest.raises(ValueError, match=rf"needs {needed}, got a batch of shape \(None, 2\)"):
        Product(spec)(keras.Input((2,)))


def test_what_is_expected_is_taken() -> None:
    """1 + 2 = 3; of what is not known, and what is not said, everything is."""
    x = keras.Input((2,))
    layer: Any = Product(InputSpec(shape=(None, 2), ndim=2, dtype="float32"))
    model = keras.Model(x, layer(x))

    assert model.predict(np.array([[1.0, 2.0]])).tolist() == [[3]]
    with pytest.raises(ValueError, match="length 2 along axis -1"):
        layer(keras.Input((3,)))
    with pytest.raises(ValueError, match="takes 1 inputs, got 2"):
        layer([x, x])


def test_it_is_where_programs_look_for_it() -> None:
    """In `layers`, `engine` and `engine.topology`, which Keras 2.3 still has."""
    topology = importlib.import_module("fitspec.reference.engine.topology")

    assert keras.layers.InputSpec is keras.engine.InputSpec is topology.InputSpec is InputSpec
    assert topology.Layer is keras.layers.Layer
