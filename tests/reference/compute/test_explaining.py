"""Tests of a training step in words."""

from __future__ import annotations

import numpy as np
import pytest

from fitspec.reference import Sequential, layers, optimizers
from fitspec.reference.data import random_source


def linear(loss: object = "mse") -> Sequential:
    """Return y = 2·x, compiled."""
    model = Sequential([layers.Dense(1, use_bias=False, input_shape=(1,), name="y")], name="one")
    model.set_weights([np.full((1, 1), 2.0)])
    model.compile(optimizers.SGD(0.5, momentum=0.9), loss)
    return model


def test_every_operation_has_a_line() -> None:
    """A step of y = w·x by the squared error: the loss, its gradient, and the update."""
    lines = linear().explain_step(batch_size=4).splitlines()

    assert lines == [
        "# forward",
        "b1 (4, 1) = matmul(y_input, y/kernel)",
        "b2 (4, 1) = subtract(b1, target of y)",
        "b3 (4, 1) = square(b2)",
        "b4 () = add.reduce(b3 as (4,))",
        "b5 () = divide(b4, 4.0)",
        "# backward: from the loss to the weights",
        "b6 (4, 1) = multiply(0.5, b2)",
        "b7 (1, 1) = matmul(y_input.T, b6)",
        "# update",
        "b8 (1, 1) = multiply(-rate, b7)",
        "b9 (1, 1) = multiply(0.9, memory 1 of y/kernel)",
        "memory 1 of y/kernel (1, 1) = add(b9, b8)",
        "y/kernel (1, 1) = add(y/kernel, memory 1 of y/kernel)",
    ]


def test_nothing_is_changed() -> None:
    """The step is taken back: weights, optimizer and random source are as they were."""
    model = linear()
    before = random_source.generator().bit_generator.state

    model.explain_step()

    assert model.get_weights()[0].tolist() == [[2.0]]
    assert model.optimizer.iterations == 0
    assert random_source.generator().bit_generator.state == before
    # The first step is still the first: -0.5 · 2 · 2, without momentum.
    model.train_on_batch(np.ones((1, 1)), np.zeros((1, 1)))
    assert model.get_weights()[0].tolist() == [[0.0]]


def test_a_function_of_ones_own_has_no_words() -> None:
    """What has to be called for every batch cannot be written down once."""
    model = linear(lambda y_true, y_pred: abs(y_true - y_pred))

    with pytest.raises(RuntimeError, match="cannot be written down"):
        model.explain_step()


def test_the_model_has_to_be_compiled() -> None:
    """Without loss and optimizer there is no step."""
    model = Sequential([layers.Dense(1, input_shape=(1,))])

    with pytest.raises(RuntimeError, match="compile"):
        model.explain_step()
