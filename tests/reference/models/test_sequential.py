"""Stacks of layers, with and without a known input shape."""

from typing import Any

import numpy as np
import pytest

from fitspec.reference import Input, Sequential, layers
from fitspec.reference.initializers import Constant


def dense(**arguments: object) -> layers.Dense:
    """Return a layer that doubles."""
    return layers.Dense(1, use_bias=False, kernel_initializer=Constant(2.0), **arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "model",
    [
        Sequential([dense(input_shape=(1,)), dense()]),
        Sequential([dense(input_dim=1), dense()]),
        Sequential([dense(), dense()]),
        Sequential([Input(shape=(1,)), dense(), dense()]),  # type: ignore[list-item]
    ],
)
def test_shape_may_be_given_or_left_to_the_data(model: Sequential) -> None:
    """Input layers are not among the layers; predictions are 4 x."""
    assert len(model.layers) == 2
    assert model.predict(np.ones((3, 1))).tolist() == [[4]] * 3  # type: ignore[union-attr]
    assert len(model.get_weights()) == 2


def test_layers_can_be_added_one_by_one() -> None:
    """Add is what the constructor does."""
    model = Sequential(name="stack")
    first = dense(input_shape=(1,))

    model.add(first)
    model.add(layers.Activation("relu"))

    assert model.layers[0] is first
    assert model.output_names == [model.layers[1].name]
    assert model.predict(-np.ones((1, 1))).tolist() == [[0]]  # type: ignore[union-attr]


def test_labels_are_known_before_the_shape() -> None:
    """Compile needs no weights."""
    model = Sequential([dense(name="out")])

    model.compile("sgd", "mse", metrics=["accuracy"])

    assert model.metrics_names == ["loss", "accuracy"]
    # predictions 2 for targets 1: loss 1, and wrong, as 2 is another whole number
    assert model.fit(np.ones(2), np.ones(2), verbose=0).history == {
        "loss": [1],
        "accuracy": [0],
    }


def test_shape_may_come_from_a_generator_or_a_dict() -> None:
    """The first batch decides; the input is named after the first layer."""
    generated, named = Sequential([dense(name="d")]), Sequential([dense(name="d")])
    for model in (generated, named):
        model.compile("sgd", "mse")

    generated.fit(iter([(np.ones((2, 1)), np.ones(2))]), steps_per_epoch=1, verbose=0)
    named.fit({"d_input": np.ones((2, 1))}, np.ones(2), verbose=0)

    assert generated.input_names == named.input_names == ["d_input"]


def test_what_is_no_layer_is_refused() -> None:
    """A number is a TypeError, a late input a ValueError."""
    with pytest.raises(TypeError, match="layer must be"):
        Sequential([3])  # type: ignore[list-item]
    with pytest.raises(ValueError, match="first"):
        Sequential([dense(input_shape=(1,)), Input(shape=(1,))])  # type: ignore[list-item]


def test_shape_is_asked_for_where_it_is_needed() -> None:
    """A graph without a shape is a RuntimeError that names the remedy; no data a ValueError."""
    model = Sequential([dense()])

    with pytest.raises(RuntimeError, match="input_shape"):
        _ = model.input_names
    with pytest.raises(ValueError, match="x"):
        model.predict(None)


def test_the_last_layer_is_taken_off() -> None:
    """What is left computes, keeps its weights, and takes another layer."""
    model: Any = Sequential([layers.Dense(3, input_shape=(2,)), layers.Dense(1)])
    kept = model.get_weights()[:2]

    model.pop()

    assert model.predict(np.ones((1, 2))).shape == (1, 3)
    model.add(layers.Dense(4))
    assert [weight.shape for weight in model.get_weights()] == [(2, 3), (3,), (3, 4), (4,)]
    assert [weight.tolist() for weight in model.get_weights()[:2]] == [
        weight.tolist() for weight in kept
    ]


def test_all_layers_are_taken_off() -> None:
    """The next one says the shape anew; of nothing, nothing is taken."""
    model: Any = Sequential([layers.Dense(3, input_shape=(2,))])

    model.pop()
    model.add(layers.Dense(1, input_shape=(5,)))

    assert model.get_weights()[0].shape == (5, 1)
    with pytest.raises(TypeError, match="no layers to take off"):
        Sequential().pop()


def test_a_layer_is_taken_off_before_there_are_weights() -> None:
    """The data that come tell the shape for what is left."""
    model: Any = Sequential([layers.Dense(3), layers.Dense(1)])

    model.pop()

    assert model.predict(np.ones((1, 2))).shape == (1, 3)


def test_a_model_may_be_the_first_layer() -> None:
    """Its input is that of the stack, which has its weights at once."""
    base = Sequential([layers.Dense(3, batch_input_shape=(4, 2))])
    model: Any = Sequential([base, layers.Dense(1)])

    assert model.count_params() == 9 + 4
    assert (model.input.shape, model.batch_size) == ((2,), 4)
    assert Sequential.from_config(model.get_config()).count_params() == 13


def test_the_shape_of_a_batch_makes_the_weights() -> None:
    """`build` takes it as programs for Keras give it."""
    model = Sequential([layers.Dense(2), layers.Dense(1)])

    model.build(input_shape=(None, 3))

    assert [weight.shape for weight in model.get_weights()] == [(3, 2), (2,), (2, 1), (1,)]
    assert model.input_shape == (None, 3)


def test_a_model_without_layers_says_so() -> None:
    """Whatever it is asked to compute."""
    with pytest.raises(RuntimeError, match="has no layers"):
        Sequential(name="empty").predict(np.ones((2, 1)))
