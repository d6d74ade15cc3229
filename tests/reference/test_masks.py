"""Steps that do not count, from the layers that find them to losses and metrics."""

from typing import Any

import numpy as np
import pytest

from fitspec.reference import Input, Model, Sequential, layers, optimizers
from fitspec.reference.initializers import Constant
from fitspec.reference.tensor.array_library import Array
from fitspec.reference.tensor.autodiff import Tensor

from .conftest import array

SEQUENCES = np.random.default_rng(1).normal(size=(3, 4, 2)).astype("float32")

KINDS = [layers.SimpleRNN, layers.GRU, layers.LSTM]


def shortened(length: int) -> Array:
    """Return the sequences with zeros in place of the steps from `length` on."""
    return np.where(np.arange(4)[:, None] < length, SEQUENCES, 0)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("sequences", [False, True])
def test_masked_steps_are_as_if_they_were_not_there(kind: type[Any], *, sequences: bool) -> None:
    """The states after 2 steps and 2 that do not count are those after 2 steps."""
    rnn = kind(3, return_sequences=sequences)
    masked = Sequential([layers.Masking(input_shape=(4, 2)), rnn])
    plain = Model(x := Input(shape=(2, 2)), rnn(x))

    output = array(masked.predict(shortened(2)))
    expected = array(plain.predict(SEQUENCES[:, :2]))

    if sequences:
        assert output[:, :2] == pytest.approx(expected, abs=1e-6)
        expected = np.repeat(expected[:, 1:], 2, axis=1)
        output = output[:, 2:]
    assert output == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_masked_steps_are_left_out_wherever_they_are(kind: type[Any]) -> None:
    """Steps 1 and 3 give what 1, one that does not count, and 3 give; also backwards."""
    for backwards in (False, True):
        rnn = kind(3, go_backwards=backwards)
        masked = Sequential([layers.Masking(input_shape=(3, 2)), rnn])
        plain = Model(x := Input(shape=(2, 2)), rnn(x))
        gap = SEQUENCES[:, :3].copy()
        gap[:, 1] = 0

        assert masked.predict(gap) == pytest.approx(plain.predict(gap[:, ::2]), abs=1e-6)


def of_dense(**compiled: Any) -> Any:
    """Return y = x, step by step, of which steps with a zero do not count."""
    x = Input(shape=(2, 1))
    kernel: dict[str, Any] = {"use_bias": False, "kernel_initializer": "ones"}
    y = layers.TimeDistributed(layers.Dense(1, **kernel))(layers.Masking()(x))
    model = Model(x, y)
    model.compile(optimizers.SGD(0.0), "mse", **compiled)
    return model


X = np.array([[[1.0], [0.0]], [[2.0], [3.0]]])
Y = np.zeros((2, 2, 1))


def test_losses_of_masked_steps_are_0() -> None:
    """Squares 1, 4 and 9 count, and one more does not: their sum over all 4 is 3.5."""
    model = of_dense()

    assert model.evaluate(X, Y + (X == 0), verbose=0) == pytest.approx(14 / 4)


def test_sample_weights_multiply_what_counts() -> None:
    """Weights 1 and 2 of the samples: (1 + 2 * 4 + 2 * 9) / 4."""
    model = of_dense()

    loss = model.evaluate(X, Y + (X == 0), sample_weight=np.array([1, 2]), verbose=0)

    assert loss == pytest.approx(27 / 4)


def test_metrics_average_what_counts() -> None:
    """Absolute errors 1, 2 and 3 average to 2; with weights, (1 + 2 * 2 + 2 * 3) / 5."""
    model = of_dense(metrics=["mae"], weighted_metrics=["mae"])

    results = model.evaluate(X, Y + (X == 0), sample_weight=np.array([1, 2]), verbose=0)

    assert results[1:] == pytest.approx([2, 11 / 5])


def test_masked_steps_do_not_train() -> None:
    """The slope of ((w - 0)² + (2 w)² + (3 w)²) / 4 at 1 is 7, whatever the other target is."""
    model = of_dense()
    model.optimizer.lr = 0.1

    model.train_on_batch(X, Y + 100 * (X == 0))

    assert model.get_weights()[0] == pytest.approx(1 - 0.7)


def test_words_that_are_0_do_not_count() -> None:
    """`mask_zero` masks them; the average is that of the others."""
    model = Sequential(
        [
            layers.Embedding(3, 1, mask_zero=True, weights=[np.array([[9.0], [1.0], [4.0]])]),
            layers.Dropout(0.5),
            layers.Activation("linear"),
            layers.GlobalAveragePooling1D(),
        ]
    )

    assert array(model.predict(np.array([[1, 2, 0], [2, 0, 0]]))).tolist() == [[2.5], [4]]


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (layers.Add(), [True, False, False]),
        (layers.Concatenate(), [True, False, False]),
        (layers.Concatenate(axis=1), [True, True, False, True, False, True]),
    ],
)
def test_masks_of_several_inputs(layer: layers.Layer, expected: list[bool]) -> None:
    """A step counts if it does in all inputs, or where its input is joined."""
    inputs = [Tensor(np.ones((1, 3, 2))) for _ in range(2)]
    inputs[0].mask = np.array([[True, True, False]])
    inputs[1].mask = np.array([[True, False, True]])

    (output,) = layer.run(inputs, training=False)

    assert output.mask is not None
    assert output.mask.tolist() == [expected]


def test_masks_of_some_inputs() -> None:
    """Inputs without a mask count at all steps."""
    inputs = [Tensor(np.ones((1, 2, 2))) for _ in range(2)]
    inputs[1].mask = np.array([[True, False]])

    masks = [
        layer.run(inputs, training=False)[0].mask for layer in (layers.Add(), layers.Concatenate())
    ]

    assert [mask.tolist() for mask in masks if mask is not None] == [[[True, False]]] * 2


def test_words_of_sentences() -> None:
    """Of sentences of words, those without a word do not count; inside, the words that are."""
    words = Input(shape=(2, 3))
    vectors = layers.Embedding(5, 2, mask_zero=True)(words)
    sentences = layers.TimeDistributed(layers.LSTM(2))(vectors)
    model = Model(words, [sentences, layers.LSTM(2)(sentences)])
    (longer, last) = model.predict(np.array([[[1, 2, 0], [0, 0, 0]], [[1, 2, 0], [3, 4, 0]]]))

    (alone, of_one) = model.predict(np.array([[[1, 2, 0], [0, 0, 0]]]))

    assert longer[:1] == pytest.approx(alone, abs=1e-6)
    assert longer[0, 0] == pytest.approx(longer[1, 0], abs=1e-6)
    assert last[:1] == pytest.approx(of_one, abs=1e-6)
    assert abs(last[0] - last[1]).max() > 1e-4


def test_lambdas_drop_masks_and_may_make_new_ones() -> None:
    """The input keeps its own, also where the function returns it as it is."""
    x = Tensor(np.ones((1, 2, 1)))
    x.mask = np.array([[True, False]])

    (dropped,) = layers.Lambda(lambda x: x).run([x], training=False)
    (turned,) = layers.Lambda(lambda x: x, mask=lambda _x, mask: ~mask).run([x], training=False)

    assert dropped.mask is None
    assert turned.mask is not None
    assert turned.mask.tolist() == [[False, True]]
    assert x.mask.tolist() == [[True, False]]


def test_layers_that_know_no_masks_refuse_them() -> None:
    """What a mask means to `Flatten`, or to a layer of one's own, nobody has said."""
    model = Sequential([layers.Masking(input_shape=(2, 1)), layers.Flatten()])

    with pytest.raises(TypeError, match="does not support masks"):
        model.predict(X)


def test_masks_pass_nested_models() -> None:
    """A model in a model takes the mask of its input, and gives that of its output."""
    inner = Sequential([layers.Dense(1, kernel_initializer=Constant(1.0), input_shape=(2, 1))])
    x = Input(shape=(2, 1))
    model = Model(x, layers.GlobalAveragePooling1D()(inner(layers.Masking()(x))))

    assert array(model.predict(X)).tolist() == [[1], [2.5]]
