"""Layers that go through time, on states that can be added up by hand."""

import math
from typing import Any

import numpy as np
import pytest

from fitspec.reference import Input, Model, Sequential, activations, layers
from fitspec.reference.tensor import autodiff
from fitspec.reference.tensor.array_library import Array
from fitspec.reference.tensor.autodiff import Tensor

from ..conftest import array


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
    x = Input(shape=(None, 3))
    with pytest.raises(ValueError, match=r"needs a step, got samples of \(0, 3\)"):
        Model(x, layers.LSTM(1)(x)).predict(np.ones((2, 0, 3)))


STEPS = np.array([[[1.0], [2.0], [3.0]]])


def logistic(x: float) -> float:
    """Return 1 / (1 + e**-x)."""
    return 1 / (1 + math.exp(-x))


def predicted(layer: layers.Layer, *weights: Array, x: Array = STEPS) -> Any:
    """Return what a model of one layer with these weights predicts."""
    inputs = Input(shape=x.shape[1:])
    model = Model(inputs, layer(inputs))
    if weights:
        model.set_weights(weights)
    return model.predict(x)


def test_lstms_let_in_forget_and_let_out() -> None:
    """With the gates' parts of the kernel 1, 2, 3, 4 and no other: c = s(1) tanh(3), then more."""
    kernel = np.array([[1.0, 2.0, 3.0, 4.0]])
    layer = layers.LSTM(1, use_bias=False, return_sequences=True, return_state=True)

    output, h, c = predicted(layer, kernel, np.zeros((1, 4)), x=STEPS[:, :2])

    first = logistic(1) * math.tanh(3)
    second = logistic(4) * first + logistic(2) * math.tanh(6)
    expected = [logistic(4) * math.tanh(first), logistic(8) * math.tanh(second)]
    assert output[0, :, 0] == pytest.approx(expected)
    assert [h[0, 0], c[0, 0]] == pytest.approx([expected[1], second])


def test_lstms_use_the_state() -> None:
    """With recurrent kernel 1 for all gates, h enters where the input does."""
    h0, c0 = Input(shape=(1,)), Input(shape=(1,))
    x = Input(shape=(1, 1))
    layer = layers.LSTM(1, use_bias=False, recurrent_initializer="ones")
    model = Model([x, h0, c0], layer(x, initial_state=[h0, c0]))

    output = model.predict([np.zeros((1, 1, 1)), np.full((1, 1), 2.0), np.full((1, 1), 5.0)])

    c = logistic(2) * 5 + logistic(2) * math.tanh(2)
    assert array(output).tolist() == [[pytest.approx(logistic(2) * math.tanh(c))]]


@pytest.mark.parametrize(("unit", "expected"), [(True, [0, 0, 1, 1, 0, 0, 0, 0]), (False, [0] * 8)])
def test_lstms_begin_by_remembering(unit: bool, expected: list[float]) -> None:
    """The bias of the gate that forgets starts at 1, unless it is told not to."""
    layer = layers.LSTM(2, unit_forget_bias=unit)
    layer.build_once([(3, 1)])

    assert layer.get_weights()[2].tolist() == expected
    assert [weight.shape for weight in layer.variables] == [(1, 8), (2, 8), (8,)]


@pytest.mark.parametrize("after", [False, True])
def test_grus_mix_old_and_new(*, after: bool) -> None:
    """With z = s(1), r = s(2) and h = 0.5: n is tanh(3 + r (0.5 * 4)), or tanh(3 + r (2 + 1))."""
    h = Input(shape=(1,))
    x = Input(shape=(1, 1))
    layer = layers.GRU(1, reset_after=after)
    model = Model([x, h], layer(x, initial_state=h))
    bias = np.array([[0.0, 0, 0], [0, 0, 1.0]]) if after else np.zeros(3)
    model.set_weights([np.array([[1.0, 2.0, 3.0]]), np.array([[0.0, 0.0, 4.0]]), bias])

    output = model.predict([np.ones((1, 1, 1)), np.full((1, 1), 0.5)])

    z, r = logistic(1), logistic(2)
    n = math.tanh(3 + r * (3 if after else 2))
    assert array(output).tolist() == [[pytest.approx(z * 0.5 + (1 - z) * n)]]


def test_sequences_may_be_gone_through_backwards() -> None:
    """3, 2, 1 add up to 3, 5, 6."""
    settings: Any = {"activation": None, "kernel_initializer": "ones"}
    layer = layers.SimpleRNN(
        1, recurrent_initializer="ones", go_backwards=True, return_sequences=True, **settings
    )

    assert predicted(layer).tolist() == [[[3], [5], [6]]]


@pytest.mark.parametrize("kind", [layers.SimpleRNN, layers.GRU, layers.LSTM])
def test_what_is_dropped_is_dropped_at_all_steps(kind: type[Any]) -> None:
    """Of equal features with equal weights, a sample either has none or twice as much."""
    layer = kind(1, dropout=0.5, kernel_initializer="ones")
    x = Tensor(np.ones((200, 3, 1), "float32"))
    layer.build_once([(3, 1)])

    trained = layer.run([x], training=True)[0].data
    tested = layer.run([x], training=False)[0].data

    assert len(np.unique(trained.round(5))) == 2
    assert len(np.unique(tested.round(5))) == 1


def test_states_that_are_dropped_only_enter_the_next_step() -> None:
    """States 1 and then 1 or 2 * 1 + 1: a state itself is never dropped."""
    layer = layers.SimpleRNN(
        1,
        activation=None,
        kernel_initializer="ones",
        recurrent_initializer="ones",
        recurrent_dropout=0.5,
        return_sequences=True,
    )
    layer.build_once([(2, 1)])

    (states,) = layer.run([Tensor(np.ones((100, 2, 1)))], training=True)

    assert set(states.data[:, 0, 0]) == {1}
    assert set(states.data[:, 1, 0]) == {1, 3}


def test_a_decoder_begins_with_the_states_of_an_encoder() -> None:
    """A sequence in two parts gives what it gives at once, and both parts are trained."""
    encoder = layers.LSTM(2, return_state=True, name="encoder")
    first, second = Input(shape=(2, 1)), Input(shape=(1, 1))
    _, h, c = encoder(first)
    model = Model([first, second], encoder(second, initial_state=[h, c])[0])
    at_once = Model(x := Input(shape=(3, 1)), encoder(x)[0])

    output = model.predict([STEPS[:, :2], STEPS[:, 2:]])

    assert output == pytest.approx(at_once.predict(STEPS))


@pytest.mark.parametrize("name", ["sigmoid", "hard_sigmoid"])
def test_lstms_of_other_functions_are_computed_alike(name: str) -> None:
    """What is one operation for the usual functions is many for others, and comes to the same."""
    draw = np.random.default_rng(5)
    weights = [draw.normal(size=shape) for shape in [(1, 12), (3, 12), (12,)]]
    own = ["tanh", lambda x: activations.NAMES[name](x) * 1.0]
    found = [
        predicted(layers.LSTM(3, activation, gates, return_sequences=True), *weights, x=STEPS - 2.0)
        for activation, gates in (("tanh", name), own)
    ]

    assert found[0] == pytest.approx(found[1], rel=1e-5)


def test_a_wrong_number_of_states_is_refused() -> None:
    """An LSTM has two."""
    with pytest.raises(ValueError, match="initial_state"):
        layers.LSTM(1)(Input(shape=(3, 1)), initial_state=Input(shape=(1,)))


@pytest.mark.parametrize("name", ["dropout", "recurrent_dropout"])
def test_impossible_rates_are_refused(name: str) -> None:
    """Not everything can be dropped."""
    settings: Any = {name: 1.0}

    with pytest.raises(ValueError, match=f"{name} must be"):
        layers.GRU(1, **settings)


@pytest.mark.parametrize("kind", [layers.GRU, layers.LSTM])
def test_states_of_gated_layers_go_on(kind: type[Any]) -> None:
    """A sequence in two batches gives what it gives at once; a reset starts anew."""
    layer = kind(2, stateful=True, batch_input_shape=(1, None, 1))
    model = Sequential([layer])

    at_once = model.predict(STEPS)
    model.reset_states()
    model.predict(STEPS[:, :2])
    after = model.predict(STEPS[:, 2:])

    assert after == pytest.approx(at_once)


@pytest.mark.parametrize("kind", [layers.SimpleRNN, layers.GRU, layers.LSTM])
def test_how_to_compute_is_taken_and_changes_nothing(kind: Any) -> None:
    """Programs say it to Keras; it is not saved."""
    layer = kind(3, implementation=1, unroll=True, input_shape=(4, 2))

    assert not {"implementation", "unroll"} & set(layer.get_config())
    assert kind.from_config({**layer.get_config(), "implementation": 2}).units == 3
