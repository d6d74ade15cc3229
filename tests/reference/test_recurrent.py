"""Layers that go through time, on states that can be added up by hand."""

from typing import Any

import numpy as np
import pytest

from fitspec.reference import Input, Model, autodiff, layers
from fitspec.reference.autodiff import Tensor


def adding(*, stateful: bool, return_sequences: bool = False, batch_size: int | None = None) -> Any:
    """Return a model whose state adds up its inputs: all kernels are 1."""
    x = Input(batch_shape=(batch_size, None, 1))
    rnn = layers.SimpleRNN(
        1,
        activation=None,
        use_bias=False,
        kernel_initializer="ones",
        recurrent_initializer="ones",
        return_sequences=return_sequences,
        stateful=stateful,
    )
    return Model(x, rnn(x))


def test_states_add_up_over_steps() -> None:
    """1, 2, 3 give 6 in the end and 1, 3, 6 on the way; every call starts from zeros."""
    x = np.array([[[1.0], [2.0], [3.0]]])

    for _ in range(2):
        assert adding(stateful=False).predict(x).tolist() == [[6]]
    assert adding(stateful=False, return_sequences=True).predict(x).tolist() == [[[1], [3], [6]]]


def test_stateful_layers_go_on_from_batch_to_batch() -> None:
    """Ones in batches of 2: 1, 1, then 2, 2; a second call goes on, a reset starts anew."""
    model = adding(stateful=True)
    ones = np.ones((4, 1, 1))

    assert model.predict(ones, batch_size=2)[:, 0].tolist() == [1, 1, 2, 2]
    assert model.predict(ones[:2], batch_size=2)[:, 0].tolist() == [3, 3]
    model.reset_states()
    assert model.predict(ones[:2], batch_size=2)[:, 0].tolist() == [1, 1]


def test_stateful_models_need_whole_batches() -> None:
    """3 samples are no multiple of 2: a ValueError in all methods, and the state stays."""
    model = adding(stateful=True)
    model.compile("sgd", "mse")
    ones = np.ones((4, 1, 1))
    model.predict(ones[:2], batch_size=2)

    with pytest.raises(ValueError, match="multiple of batch_size"):
        model.predict(ones[:3], batch_size=2)
    for call in (model.fit, model.evaluate):
        with pytest.raises(ValueError, match="multiple of batch_size"):
            call(ones[:3], ones[:3, 0], batch_size=2)
    with pytest.raises(ValueError, match="multiple of batch_size"):
        model.fit(ones, ones[:, 0], batch_size=2, validation_data=(ones[:3], ones[:3, 0]))

    assert model.predict(ones[:2], batch_size=2)[:, 0].tolist() == [2, 2]
    with pytest.raises(ValueError, match="reset_states"):
        model.predict(ones, batch_size=4)


def test_a_fixed_batch_size_takes_the_place_of_32() -> None:
    """Inputs for batches of 2 make batches of 2, whether or not that is said again."""
    model = adding(stateful=True, batch_size=2)
    ones = np.ones((4, 1, 1))

    assert model.predict(ones)[:, 0].tolist() == [1, 1, 2, 2]
    assert model.predict(ones, batch_size=2)[:, 0].tolist() == [3, 3, 4, 4]


def test_batches_of_another_size_than_the_fixed_one_are_refused() -> None:
    """Batches of 1 and 3 do not fit inputs for 2: a ValueError in all methods."""
    model = adding(stateful=False, batch_size=2)
    model.compile("sgd", "mse")
    x, y = np.ones((3, 1, 1)), np.ones((3, 1))

    with pytest.raises(ValueError, match="batch_size must be 2"):
        model.predict(x, batch_size=3)
    for call in (model.fit, model.evaluate):
        with pytest.raises(ValueError, match="multiple of batch_size"):
            call(x, y)
    for call in (model.train_on_batch, model.test_on_batch):
        with pytest.raises(ValueError, match="batches of 2 samples, got 3"):
            call(x, y)


def test_inputs_for_batches_of_different_sizes_make_no_model() -> None:
    """One input for 2 samples at a time and one for 3 are a ValueError."""
    two, three = Input(batch_shape=(2, 1)), Input(batch_shape=(3, 1))

    with pytest.raises(ValueError, match=r"different sizes: \[2, 3\]"):
        Model([two, three], layers.Add()([two, three]))


@pytest.mark.parametrize("shapes", [{"shape": (1,), "batch_shape": (2, 1)}, {"batch_shape": ()}])
def test_a_batch_shape_stands_alone_and_begins_with_a_size(shapes: dict[str, Any]) -> None:
    """A shape beside it, and one without a batch size, are a ValueError."""
    with pytest.raises(ValueError, match="batch_shape"):
        Input(**shapes)


def test_gradients_flow_through_time() -> None:
    """h3 = x1 r^2 + x2 r + x3 for r = 1, x = 1, 2, 3: dh3/dr = 2 * 1 + 2 = 4, dh3/dk = 6."""
    model = adding(stateful=False)
    layer = model.layers[1]
    x = Tensor(np.array([[[1.0], [2.0], [3.0]]], "float32"))

    (output,) = model.run([x], training=True)
    gradients = autodiff.gradients(output.sum(), [layer.kernel, layer.recurrent_kernel])

    assert [float(gradient[0, 0]) for gradient in gradients] == [6, 4]


def test_samples_need_steps_and_inputs() -> None:
    """A flat sample has no time axis."""
    with pytest.raises(ValueError, match="steps"):
        layers.SimpleRNN(1)(Input(shape=(3,)))
