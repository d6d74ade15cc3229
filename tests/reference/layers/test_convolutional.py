"""Windows on numbers that can be added up by hand."""

from typing import Any

import numpy as np
import pytest

from fitspec.reference import Input, Model, layers
from fitspec.reference.tensor.array_library import Array
from fitspec.reference.tensor.autodiff import Tensor

STEPS = np.array([[[1.0], [2.0], [3.0], [4.0]]], "float32")
IMAGE = np.arange(1.0, 13.0, dtype="float32").reshape(1, 3, 4, 1)


def run(layer: layers.Layer, array: Array) -> Any:
    """Return what a layer makes of a batch, and check that it said so."""
    layer.build_once([array.shape[1:]])
    output = layer.call([Tensor(array)], training=False).data
    assert layer.shape_of_output([array.shape[1:]]) == output.shape[1:]
    return output


def conv1d(**settings: Any) -> layers.Conv1D:
    """Return a convolution that adds the first element of a window and 10 times the second."""
    layer = layers.Conv1D(1, 2, use_bias=False, **settings)
    layer.build_once([(None, 1)] if "data_format" not in settings else [(1, None)])
    layer.set_weights([np.array([1.0, 10.0]).reshape(2, 1, 1)])
    return layer


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, [21, 32, 43]),
        ({"strides": 2}, [21, 43]),
        ({"dilation_rate": 2}, [31, 42]),
        # One element is missing: it is taken to be at the end.
        ({"padding": "same"}, [21, 32, 43, 4]),
        ({"padding": "causal"}, [10, 21, 32, 43]),
        ({"padding": "causal", "dilation_rate": 2}, [10, 20, 31, 42]),
        ({"padding": "causal", "strides": 2}, [10, 32]),
        # 2 windows of 2 with 2 between fit exactly: nothing is missing.
        ({"padding": "same", "strides": 2}, [21, 43]),
    ],
)
def test_windows_of_steps(settings: dict[str, Any], expected: list[float]) -> None:
    """Windows (a, b) of the steps 1, 2, 3, 4 give a + 10 b."""
    assert run(conv1d(**settings), STEPS)[0, :, 0].tolist() == expected


def test_channels_may_come_first() -> None:
    """The same numbers, with the axes in another order."""
    layer = conv1d(data_format="channels_first")

    assert run(layer, STEPS.transpose(0, 2, 1)).tolist() == [[[21, 32, 43]]]


def test_windows_of_an_image() -> None:
    """Rows (1, 2, 3, 4) and (5, 6, 7, 8): 1 + 2 + 5 + 6 = 14; the bias adds 1; -14 is cut off."""
    layer = layers.Conv2D(
        2, 2, strides=(1, 2), kernel_initializer="ones", bias_initializer="ones", activation="relu"
    )
    layer.build_once([(3, 4, 1)])
    kernel, bias = layer.get_weights()
    kernel[..., 1] = -1
    layer.set_weights([kernel, bias])

    output = run(layer, IMAGE)

    assert output[0, ..., 0].tolist() == [[15, 23], [31, 39]]
    assert output[0, ..., 1].tolist() == [[0, 0], [0, 0]]


def test_same_windows_reach_beyond_an_image_on_all_sides() -> None:
    """The sum around the corner 1 is 1 + 2 + 5 + 6; around 6 it is that of 1..3, 5..7, 9..11."""
    layer = layers.Conv2D(1, 3, padding="same", kernel_initializer="ones")

    output = run(layer, IMAGE)[0, ..., 0]

    assert output.shape == (3, 4)
    assert output[0, 0] == 14
    assert output[1, 1] == 6 + 18 + 30


@pytest.mark.parametrize(
    ("kind", "settings", "expected"),
    [
        (layers.MaxPooling1D, {}, [2, 4]),
        (layers.MaxPooling1D, {"pool_size": 3, "strides": 1}, [3, 4]),
        (layers.MaxPooling1D, {"pool_size": 3, "strides": 2, "padding": "same"}, [3, 4]),
        (layers.AveragePooling1D, {}, [1.5, 3.5]),
        # What lies beyond the border does not count: (3 + 4) / 2.
        (layers.AveragePooling1D, {"pool_size": 3, "strides": 2, "padding": "same"}, [2, 3.5]),
    ],
)
def test_pooled_steps(kind: type[Any], settings: dict[str, Any], expected: list[float]) -> None:
    """Windows of the steps 1, 2, 3, 4."""
    assert run(kind(**settings), STEPS)[0, :, 0].tolist() == expected


def test_padding_is_never_the_largest() -> None:
    """Of negative numbers the largest is one of them."""
    layer = layers.MaxPooling2D(3, strides=1, padding="same")

    assert run(layer, -IMAGE)[0, ..., 0].tolist() == [
        [-1, -1, -2, -3],
        [-1, -1, -2, -3],
        [-5, -5, -6, -7],
    ]


def test_pooled_images() -> None:
    """Windows (1, 2, 5, 6) and (3, 4, 7, 8); the third row is left over."""
    assert run(layers.MaxPooling2D(), IMAGE)[0, ..., 0].tolist() == [[6, 8]]
    assert run(layers.AveragePooling2D(), IMAGE)[0, ..., 0].tolist() == [[3.5, 5.5]]
    first = IMAGE.transpose(0, 3, 1, 2)
    assert run(layers.MaxPooling2D(data_format="channels_first"), first).tolist() == [[[[6, 8]]]]


@pytest.mark.parametrize(
    ("kind", "expected"), [(layers.GlobalMaxPooling2D, 12), (layers.GlobalAveragePooling2D, 6.5)]
)
def test_whole_images_are_pooled(kind: type[Any], expected: float) -> None:
    """The largest of 1 to 12 is 12, and the average 6.5, wherever the channels are."""
    assert run(kind(), IMAGE).tolist() == [[expected]]
    assert run(kind("channels_first"), IMAGE.transpose(0, 3, 1, 2)).tolist() == [[expected]]


def test_whole_sequences_are_pooled() -> None:
    """The largest of 1 to 4 is 4, and the average 2.5."""
    assert run(layers.GlobalMaxPooling1D(), STEPS).tolist() == [[4]]
    assert run(layers.GlobalAveragePooling1D(), STEPS).tolist() == [[2.5]]


def test_equal_numbers_pass_the_gradient_to_the_first() -> None:
    """Of a window of ones, the first is the largest."""
    from fitspec.reference.tensor import autodiff  # noqa: PLC0415  used here only

    x = Tensor(np.ones((1, 4, 1)), requires_gradient=True)

    pooled = layers.MaxPooling1D().call([x], training=True)
    (gradient,) = autodiff.gradients(pooled.sum(), [x])

    assert gradient[0, :, 0].tolist() == [1, 0, 1, 0]


def test_unknown_lengths_stay_unknown() -> None:
    """A sequence of any length may be convolved and pooled."""
    x = Input(shape=(None, 2))

    assert layers.Conv1D(3, 5)(x).shape == (None, 3)
    assert layers.MaxPooling1D()(x).shape == (None, 2)
    assert layers.GlobalMaxPooling1D()(x).shape == (2,)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"padding": "full"}, "padding must be one of"),
        ({"padding": "causal"}, "padding must be one of"),
        ({"data_format": "last"}, "data_format must be one of"),
        ({"kernel_size": (1, 2, 3)}, "kernel_size must be 2"),
        ({"kernel_size": 0}, "kernel_size must be 2 positive"),
        ({"strides": 1.5}, "strides must be 2 whole"),
        ({"strides": 2, "dilation_rate": 2}, "cannot both be above 1"),
    ],
)
def test_impossible_convolutions_are_refused(settings: dict[str, Any], message: str) -> None:
    """What makes no sense is a ValueError when the layer is made."""
    with pytest.raises(ValueError, match=message):
        layers.Conv2D(**{"filters": 1, "kernel_size": 2, **settings})


def test_causal_windows_need_the_channels_last() -> None:
    """With the channels first they are not defined."""
    with pytest.raises(ValueError, match="channels_last"):
        layers.Conv1D(1, 2, padding="causal", data_format="channels_first")


def test_samples_of_other_shapes_are_refused() -> None:
    """Windows need as many axes as they have, a known number of channels, and room."""
    with pytest.raises(ValueError, match="3 axes"):
        layers.Conv2D(1, 2)(Input(shape=(3, 4)))
    with pytest.raises(ValueError, match="known number of channels"):
        layers.Conv1D(1, 2)(Input(shape=(3, None)))
    with pytest.raises(ValueError, match="no window"):
        layers.Conv1D(1, 4)(Input(shape=(3, 1)))


@pytest.mark.parametrize("layer", [layers.Conv1D(1, 4), layers.MaxPooling1D(4)])
def test_samples_that_turn_out_too_short_are_refused(layer: Any) -> None:
    """Of a length that is not known before; the longer ones are none the worse."""
    x = Input(shape=(None, 1))
    model = Model(x, layer(x))

    with pytest.raises(ValueError, match=r"no window of \(4,\) fits into samples of \(3,\)"):
        model.predict(np.ones((2, 3, 1)))
    assert np.shape(model.predict(np.ones((2, 4, 1)))) == (2, 1, 1)
