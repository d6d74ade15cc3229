"""States of stateful layers, on a layer whose state adds up its inputs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import fitspec.reference

keras: Any = fitspec.reference
layers: Any = keras.layers
X = np.array([[[1.0], [2.0]], [[10.0], [20.0]]])


def adding(*, stateful: bool = True) -> tuple[Any, Any]:
    """Return a model and its layer: h = x + h, as both kernels are 1."""
    rnn = layers.SimpleRNN(
        1,
        activation=None,
        use_bias=False,
        kernel_initializer="ones",
        recurrent_initializer="ones",
        stateful=stateful,
        batch_input_shape=(2, 2, 1),
    )
    return keras.Sequential([rnn]), rnn


def test_a_layer_begins_with_the_states_that_it_is_given() -> None:
    """From (100, 200) the inputs lead to (103, 230), from there to (106, 260); from zeros anew.

    What was given is copied, and what is read is a copy.
    """
    model, rnn = adding()
    assert rnn.states == [None]
    given = np.array([[100.0], [200.0]])

    rnn.reset_states(given)
    given[:] = 0
    found = [np.asarray(model.predict(X)).ravel().tolist()]
    (state,) = rnn.states
    found.append(keras.backend.get_value(state).ravel().tolist())
    keras.backend.get_value(state)[:] = 0
    found.append(np.asarray(model.predict(X)).ravel().tolist())
    rnn.reset_states()
    found.append(np.asarray(model.predict(X)).ravel().tolist())

    assert found == [[103, 230], [103, 230], [106, 260], [3, 30]]


def test_an_lstm_has_two() -> None:
    """The same states again give the same output."""
    rnn = layers.LSTM(3, stateful=True, batch_input_shape=(2, 2, 1))
    model = keras.Sequential([rnn])
    states = [np.full((2, 3), 0.5), np.full((2, 3), -0.25)]

    rnn.reset_states(states=states)
    first = np.asarray(model.predict(X))
    second = np.asarray(model.predict(X))
    rnn.reset_states(states=states)

    assert np.asarray(model.predict(X)).tolist() == first.tolist() != second.tolist()


@pytest.mark.parametrize(
    ("states", "message"),
    [
        ([np.zeros((2, 1))] * 2, "has 1, got 2"),
        (np.zeros((3, 1)), r"states of shape \(2, 1\), got \(3, 1\)"),
        (np.zeros(2), r"states of shape \(2, 1\), got \(2,\)"),
        (np.array([["a"], ["b"]]), "states: real numbers were expected"),
    ],
)
def test_what_cannot_be_a_state_is_refused(states: Any, message: str) -> None:
    """The ones that are kept stay."""
    model, rnn = adding()
    model.predict(X)

    with pytest.raises(ValueError, match=message):
        rnn.reset_states(states)

    assert np.asarray(model.predict(X)).ravel().tolist() == [6, 60]


def test_a_layer_without_states_takes_none() -> None:
    """As they would have no effect."""
    _, rnn = adding(stateful=False)
    rnn.reset_states()
    with pytest.raises(ValueError, match="keeps none, as it is not stateful"):
        rnn.reset_states(np.zeros((2, 1)))
