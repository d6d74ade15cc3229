"""Layers around other layers."""

from typing import Any

import numpy as np
import pytest

from fitspec.reference import Input, Model, Sequential, layers, optimizers

from ..conftest import array

STEPS = np.array([[[1.0], [2.0], [4.0]]])


def adding(**settings: Any) -> layers.SimpleRNN:
    """Return a layer whose state adds up its inputs."""
    return layers.SimpleRNN(
        1,
        activation=None,
        kernel_initializer="ones",
        recurrent_initializer="ones",
        **settings,
    )


def test_weights_of_a_model_inside_are_in_the_order_of_files() -> None:
    """As Keras has them, in `get_weights` of a model and in files: what is trained comes first."""
    inner = Sequential([layers.Dense(3, input_shape=(2,)), layers.BatchNormalization()])
    inner.add(layers.Dense(4))
    wrapper = layers.TimeDistributed(inner, input_shape=(5, 2))
    model = Sequential([wrapper])
    order = [(2, 3), (3,), (3,), (3,), (3, 4), (4,), (3,), (3,)]

    assert [weight.shape for weight in wrapper.weights] == order
    assert [weight.shape for weight in model.get_weights()] == order
    model.set_weights([np.full(shape, at) for at, shape in enumerate(order)])
    # By itself the layer has them as the model inside does: layer by layer.
    assert [float(weight.flat[0]) for weight in wrapper.get_weights()] == [0, 1, 2, 3, 6, 7, 4, 5]


def test_steps_are_treated_alike() -> None:
    """Every step is doubled, by one kernel that all steps train."""
    inner = layers.Dense(1, use_bias=False, weights=[np.array([[2.0]])])
    model = Sequential([layers.TimeDistributed(inner, input_shape=(3, 1))])
    model.compile(optimizers.SGD(1.0), "mse")

    assert array(model.predict(STEPS)).tolist() == [[[2], [4], [8]]]
    assert model.count_params() == 1
    # The slope of the average of (w x - 0)² is 2 w (1 + 4 + 16) / 3 = 28.
    model.train_on_batch(STEPS, np.zeros((1, 3, 1)))
    assert model.get_weights()[0].tolist() == [[-26]]


def test_models_may_be_distributed_over_steps() -> None:
    """The inner model gives a shape of its own to every step."""
    inner = Sequential([layers.Flatten(input_shape=(2, 2)), layers.Dense(3)])

    assert layers.TimeDistributed(inner)(Input(shape=(5, 2, 2))).shape == (5, 3)
    assert layers.TimeDistributed(inner)(Input(shape=(None, 2, 2))).shape == (None, 3)


@pytest.mark.parametrize(
    ("mode", "expected"), [("concat", [7, 7]), ("sum", [14]), ("mul", [49]), ("ave", [7])]
)
def test_both_directions_are_merged(mode: str, expected: list[float]) -> None:
    """1 + 2 + 4 is 7 from either end."""
    model = Sequential([layers.Bidirectional(adding(), mode, input_shape=(3, 1))])

    assert array(model.predict(STEPS)).tolist() == [expected]
    assert model.graph.outputs[0].shape == (len(expected),)


def test_sequences_of_both_directions_are_in_order() -> None:
    """What the layer that goes backwards makes of a step is put beside what the other does."""
    x = Input(shape=(3, 1))
    both = layers.Bidirectional(adding(return_sequences=True, return_state=True), merge_mode=None)
    model = Model(x, both(x))

    forward, backward, last, first = model.predict(STEPS)

    assert forward[0, :, 0].tolist() == [1, 3, 7]
    assert backward[0, :, 0].tolist() == [7, 6, 4]
    assert (last.tolist(), first.tolist()) == ([[7]], [[7]])
    assert len(both.variables) == len(both.trainable_variables) == 6


def test_both_directions_keep_states() -> None:
    """A stateful layer goes on in both directions, until it is reset."""
    both = layers.Bidirectional(adding(stateful=True), batch_input_shape=(1, 3, 1))
    model = Sequential([both])
    model.predict(STEPS)

    assert model.is_stateful
    assert array(model.predict(STEPS)).tolist() == [[14, 14]]
    model.reset_states()
    assert array(model.predict(STEPS)).tolist() == [[7, 7]]


def test_frozen_wrappers_are_not_trained() -> None:
    """What is inside is frozen, too."""
    both = layers.Bidirectional(adding())
    both(Input(shape=(3, 1)))

    both.trainable = False

    assert both.trainable_variables == []


def test_an_unknown_merge_is_refused() -> None:
    """Only the documented ways are known."""
    with pytest.raises(ValueError, match="merge_mode"):
        layers.Bidirectional(adding(), "max")


def test_states_for_one_direction_are_refused() -> None:
    """Two are taken."""
    sequence, state = Input((3, 2)), Input((2,))

    assert layers.Bidirectional(layers.SimpleRNN(2))(sequence, [state, state]).shape == (4,)
    with pytest.raises(ValueError, match="needs states for both directions, got 1"):
        layers.Bidirectional(layers.SimpleRNN(2))(sequence, initial_state=state)
