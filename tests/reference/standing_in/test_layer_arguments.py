"""Arguments of layers that Keras takes and the reference does not."""

from __future__ import annotations

from typing import Any

import pytest

import fitspec.reference

keras: Any = fitspec.reference
layers: Any = keras.layers


def test_a_constraint_may_be_none() -> None:
    """As where a program spells all arguments out, in a class of its own, too."""

    class Own(layers.Dense):  # type: ignore[misc]
        def __init__(self, **arguments: Any) -> None:
            super().__init__(2, **arguments)

    for make in (lambda **given: layers.Dense(2, **given), Own):
        assert make(kernel_constraint=None, bias_constraint=None).units == 2
        with pytest.raises(ValueError, match="kernel_constraint must be None, as it is left out"):
            make(kernel_constraint="max_norm")
    assert layers.Dropout(0.5, noise_shape=None, seed=None).rate == 0.5
    with pytest.raises(ValueError, match="noise_shape must be None"):
        layers.Dropout(0.5, noise_shape=(None, 1))


def test_arguments_of_keras_1_are_told_from_misspelt_ones() -> None:
    """With what they are called now; where the name is one of now, it is taken."""
    with pytest.raises(TypeError, match=r"'output_dim' is an argument of Keras 1.*'units'"):
        layers.Dense(output_dim=2)
    with pytest.raises(TypeError, match=r"'input' is an argument of Keras 1.*'inputs'"):
        keras.Model(input=keras.Input((2,)), output=keras.Input((2,)))
    with pytest.raises(TypeError, match="unexpected keyword argument 'unit'"):
        layers.Dense(2, unit=2)
    assert layers.Embedding(3, output_dim=2).output_dim == 2
