"""Convolutions the other way around."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from fitspec.reference import Sequential, layers
from fitspec.reference.tensor import autodiff
from fitspec.reference.tensor.autodiff import Tensor


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize(
    ("size", "stride", "padding"),
    [*itertools.product([(1, 1), (2, 3), (4, 2)], [(1, 1), (2, 1), (3, 2)], ["valid", "same"])],
)
def test_it_is_what_flows_back_through_a_convolution(
    size: tuple[int, int], stride: tuple[int, int], padding: str, data_format: str
) -> None:
    """Of the same kernel, strides and padding, from an image of the output's shape."""
    given: dict[str, Any] = {
        "strides": stride,
        "padding": padding,
        "use_bias": False,
        "data_format": data_format,
    }
    transposed = layers.Conv2DTranspose(2, size, **given)
    convolution = layers.Conv2D(3, size, **given)
    shape = (4, 5, 3) if data_format == "channels_last" else (3, 4, 5)
    random = np.random.default_rng(1)
    x = random.normal(size=(2, *shape))
    transposed.build_once([shape])
    there: Any = transposed.shape_of_output([shape])
    image = Tensor(random.normal(size=(2, *there)), requires_gradient=True)
    convolution.build_once([there])
    convolution.kernel.data = transposed.kernel.data = random.normal(size=(*size, 2, 3))

    (found,) = transposed.run([Tensor(x)], training=False)
    (convolved,) = convolution.run([image], training=False)
    (expected,) = autodiff.gradients(convolved, [image], x)

    assert convolved.shape == x.shape
    assert found.data == pytest.approx(expected)


def test_windows_add_up() -> None:
    """Of 1 and 2 in a row, each a window of (1, 10), one apart; 100 is added."""
    model = Sequential([layers.Conv2DTranspose(1, (1, 2), input_shape=(1, 2, 1))])
    model.set_weights([np.array([1.0, 10.0]).reshape(1, 2, 1, 1), np.array([100.0])])

    output = np.asarray(model.predict(np.array([1.0, 2.0]).reshape(1, 1, 2, 1)))

    assert output.ravel().tolist() == [101, 112, 120]
    assert model.output_shape == (None, 1, 3, 1)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"output_padding": 1}, r"output_padding must be below strides \(1, 1\), not 1"),
        ({"output_padding": -1, "strides": 2}, "output_padding must be 2 numbers from 0 on or one"),
        ({"dilation_rate": 2}, "dilation_rate must be 1 here"),
    ],
)
def test_what_it_cannot_is_refused(asked: dict[str, Any], message: str) -> None:
    """With the argument's name."""
    with pytest.raises(ValueError, match=message):
        layers.Conv2DTranspose(1, 2, **asked)


@pytest.mark.parametrize(
    ("size", "padding", "beyond", "columns"),
    [
        # Windows (1, 10) of 1 and 2 begin at 0 and 3: the shortest output has 3 + 2 elements.
        (2, "valid", 0, [1, 10, 0, 2, 20]),
        (2, "valid", 2, [1, 10, 0, 2, 20, 0, 0]),
        # A window of one element and strides of 3 without any zeros at the end.
        (1, "valid", 0, [1, 0, 0, 2]),
        # "same" takes two elements, 2 // 2 on either side, off; of 4 + 2 that are asked for there
        # is one too few, so that none is cut off at the start: as TensorFlow does it.
        (2, "same", 2, [1, 10, 0, 2, 20]),
        # Of 5 elements 3 are left, one being cut off at the start.
        (2, "same", 0, [10, 0, 2]),
    ],
)
def test_padding_of_the_output(size: int, padding: str, beyond: int, columns: list[int]) -> None:
    """It says how many elements there are beyond the shortest output: see each derivation."""
    layer = layers.Conv2DTranspose(
        1, (1, size), strides=(1, 3), padding=padding, output_padding=(0, beyond),
        input_shape=(1, 2, 1), use_bias=False,
    )  # fmt: skip
    model = Sequential([layer])
    model.set_weights([np.array([1.0, 10.0])[:size].reshape(1, size, 1, 1)])

    output = np.asarray(model.predict(np.array([1.0, 2.0]).reshape(1, 1, 2, 1)))

    assert output.ravel().tolist() == columns
    assert model.output_shape[1:] == output.shape[1:]


def test_recorded_training_is_as_the_definitions_say() -> None:
    """A layer of one's own beside keeps a model from being recorded: the losses are the same."""
    x = np.random.default_rng(1).normal(size=(16, 3, 4, 2)).astype("float32")

    def losses(first: layers.Layer) -> Any:
        transposed = layers.Conv2DTranspose(2, 3, strides=2, kernel_initializer="ones")
        model = Sequential([first, transposed, layers.GlobalMaxPooling2D()])
        model.compile("sgd", "mse")
        history = model.fit(x, np.ones((16, 2)), 8, epochs=3, verbose=0, shuffle=False)
        return history.history["loss"]

    own = layers.Lambda(lambda batch: batch, input_shape=(3, 4, 2))
    assert losses(layers.Activation("linear", input_shape=(3, 4, 2))) == losses(own)
