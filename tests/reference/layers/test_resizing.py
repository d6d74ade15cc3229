"""Repeating, padding and cropping, place by place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from fitspec.reference import Input, Model, layers
from fitspec.reference.tensor import autodiff
from fitspec.reference.tensor.autodiff import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS = np.array([[[1.0], [2.0], [3.0]]], "float32")
IMAGE = np.arange(1.0, 7.0, dtype="float32").reshape(1, 2, 3, 1)


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (layers.UpSampling1D, [1, 1, 2, 2, 3, 3]),
        (lambda: layers.UpSampling1D(3), [1, 1, 1, 2, 2, 2, 3, 3, 3]),
        (layers.ZeroPadding1D, [0, 1, 2, 3, 0]),
        (lambda: layers.ZeroPadding1D((0, 2)), [1, 2, 3, 0, 0]),
        (layers.Cropping1D, [2]),
        (lambda: layers.Cropping1D((2, 0)), [3]),
    ],
)
def test_steps(make: Callable[[], layers.Layer], expected: list[float]) -> None:
    """The steps of a sequence, and its length before there is one."""
    start = Input(shape=(3, 1))
    model: Any = Model(start, make()(start))

    assert model.predict(STEPS)[0, :, 0].tolist() == expected
    assert model.shapes_of_outputs([(3, 1)]) == [(len(expected), 1)]


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (
            lambda f: layers.UpSampling2D((1, 2), data_format=f),
            [[1, 1, 2, 2, 3, 3], [4, 4, 5, 5, 6, 6]],
        ),
        (lambda f: layers.UpSampling2D(2, f), np.kron(IMAGE[0, ..., 0], np.ones((2, 2))).tolist()),
        (lambda f: layers.ZeroPadding2D((0, 1), f), [[0, 1, 2, 3, 0], [0, 4, 5, 6, 0]]),
        (lambda f: layers.ZeroPadding2D(((1, 0), (0, 0)), f), [[0, 0, 0], [1, 2, 3], [4, 5, 6]]),
        (lambda f: layers.Cropping2D(((1, 0), (1, 1)), f), [[5]]),
        (lambda f: layers.Cropping2D((0, 1), data_format=f), [[2], [5]]),
    ],
)
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_rows_and_columns(
    make: Callable[[str], layers.Layer], expected: list[list[float]], data_format: str
) -> None:
    """The rows of an image, wherever its channel is, and its size before there is one."""
    first = data_format == "channels_first"
    x = IMAGE.reshape(1, 1, 2, 3) if first else IMAGE
    start = Input(shape=x.shape[1:])
    model: Any = Model(start, make(data_format)(start))

    found = model.predict(x)

    assert found.squeeze(1 if first else 3)[0].tolist() == expected
    assert model.shapes_of_outputs([]) == [found.shape[1:]]


@pytest.mark.parametrize(
    "make",
    [
        lambda: layers.UpSampling2D((2, 3)),
        lambda: layers.ZeroPadding2D(2),
        lambda: layers.Cropping2D(((0, 1), (1, 0))),
    ],
)
def test_gradients_go_back_to_where_they_came_from(make: Callable[[], layers.Layer]) -> None:
    """The derivative of a weighted sum of the output is what differences say."""
    layer = make()
    x = Tensor(IMAGE.astype(float), requires_gradient=True)
    output = layer.call([x], training=True)
    weights = np.random.default_rng(0).normal(size=output.shape)

    (gradient,) = autodiff.gradients((output * weights).sum(), [x])

    # All of these are linear, so that the result for a unit is its derivative.
    units = np.eye(IMAGE.size).reshape(-1, 1, *IMAGE.shape[1:])
    each = [(layer.call([Tensor(unit)], training=True).data * weights).sum() for unit in units]
    assert gradient.reshape(-1) == pytest.approx(np.array(each))


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: layers.UpSampling1D(0), "size"),
        (lambda: layers.UpSampling2D((1, 2, 3)), "size"),  # type: ignore[arg-type] # what is tested
        (lambda: layers.UpSampling2D(interpolation="bilinear"), "interpolation"),
        (lambda: layers.ZeroPadding1D(-1), "padding"),
        (lambda: layers.ZeroPadding2D((1, 2, 3)), "padding"),
        (lambda: layers.Cropping2D(1.5), "cropping"),
        (lambda: layers.UpSampling2D()(Input(shape=(3, 1))), "takes 3 axes"),
    ],
)
def test_bad_settings_are_refused(make: Callable[[], object], named: str) -> None:
    """The message names what is wrong."""
    with pytest.raises(ValueError, match=named):
        make()
