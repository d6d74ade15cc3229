"""Tests of `reference.backend.symbol_functions`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from fitspec.reference import Model, Sequential, backend, layers

if TYPE_CHECKING:
    from collections.abc import Callable

K: Any = backend


def doubling_and_tripling() -> Sequential:
    """Return a model that gives 6 x, by way of 2 x."""
    model = Sequential(
        [
            layers.Dense(1, use_bias=False, input_shape=(1,), name="twice"),
            layers.Dense(1, use_bias=False, name="thrice"),
        ]
    )
    model.set_weights([np.array([[2.0]]), np.array([[3.0]])])
    return model


def test_an_output_in_the_middle_is_computed() -> None:
    """Of the first layer, and from there on of the second."""
    model = doubling_and_tripling()
    first = K.function([model.input], [model.get_layer("twice").output])
    second = K.function([model.get_layer("thrice").input], [model.output])

    (middle,) = first([[[1.0], [5.0]]])

    assert middle.tolist() == [[2.0], [10.0]]
    assert [each.tolist() for each in second([middle])] == [[[6.0], [30.0]]]


def test_the_learning_phase_is_an_input() -> None:
    """A batch of 1 and 3 is normalised by itself at 1, and by the averages 0 and 1 at 0."""
    model = Sequential([layers.BatchNormalization(input_shape=(1,), epsilon=0.0)])
    function = K.function([model.input, K.learning_phase()], [model.output])
    batch = np.array([[1.0], [3.0]])

    # Mean 2, variance 1.
    assert function([batch, 1])[0].tolist() == [[-1.0], [1.0]]
    assert function([batch, 0])[0].tolist() == [[1.0], [3.0]]
    assert [weight.tolist() for weight in model.get_weights()] == [[1.0], [0.0], [0.0], [1.0]]


def test_a_mean_is_differentiated_by_inputs_and_weights() -> None:
    """The mean of a b x over x of 1 and 5: by x it is 6 / 2, by a 3 · 3, by b 2 · 3."""
    model = doubling_and_tripling()
    loss = K.mean(model.output)
    by_input = K.gradients(loss, model.input)
    by_weights = K.gradients(loss, model.trainable_weights)
    function = K.function([model.input], [loss, *by_input, *by_weights])

    found = function([[[1.0], [5.0]]])

    assert [each.tolist() for each in found] == [18.0, [[3.0], [3.0]], [[9.0]], [[6.0]]]


def test_a_gradient_is_computed_with() -> None:
    """As in pictures of what a filter answers to: over its own root mean square it is 1."""
    model = doubling_and_tripling()
    (gradient,) = K.gradients(K.mean(model.output), model.input)
    gradient /= K.sqrt(K.mean(K.square(gradient)))

    (found,) = K.function([model.input], [gradient])([[[1.0], [5.0]]])

    assert found.tolist() == [[1.0], [1.0]]


def test_what_it_does_not_depend_on_gives_zeros() -> None:
    """Nothing flows back to an input of another branch."""
    x, other = layers.Input((1,)), layers.Input((1,))
    y = layers.Dense(1)(x)
    model = Model([x, other], [y, layers.Dense(1)(other)])

    (found,) = K.function(model.inputs, K.gradients(y, other))([[[1.0]], [[2.0]]])

    assert found.tolist() == [[0.0]]


def test_a_gradient_is_no_part_of_a_loss() -> None:
    """It would be trained as if it were constant: said before a weight changes."""
    model: Any = doubling_and_tripling()
    (gradient,) = K.gradients(K.mean(model.output), model.input)
    model.add_loss(K.mean(K.square(gradient)))
    model.compile("sgd", None)
    before = model.get_weights()

    with pytest.raises(ValueError, match="gradients of gradients are left out"):
        model.train_on_batch(np.ones((2, 1)), None)

    assert model.get_weights() == before


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        (lambda m: K.function(m.input, [m.output]), TypeError, "inputs must be a list"),
        (lambda m: K.function([m.input], [1.0]), TypeError, "outputs must hold results"),
        (lambda m: K.function([K.learning_phase()], [m.output]), ValueError, "depends on"),
        (lambda m: K.function([m.input], [m.output], [1]), ValueError, "updates must be None"),
        (lambda m: K.function([m.input], [m.output])([1, 2]), ValueError, "takes 1, got 2"),
        (lambda m: K.gradients(K.constant(1.0), m.input), TypeError, "loss must be a result"),
    ],
)
def test_what_is_not_possible_is_refused(
    wrong: Callable[[Model], object], error: type[Exception], words: str
) -> None:
    """With what came."""
    with pytest.raises(error, match=words):
        wrong(doubling_and_tripling())
