"""Layers that add noise, or leave parts out, while training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from fitspec.reference import Sequential, layers, set_random_seed
from fitspec.reference.tensor.autodiff import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.network.layer import Layer
    from fitspec.reference.tensor.array_library import Array

ALL: dict[str, tuple[Callable[[], Layer], tuple[int, ...]]] = {
    "GaussianNoise": (lambda: layers.GaussianNoise(0.5), (4,)),
    "GaussianDropout": (lambda: layers.GaussianDropout(0.5), (4,)),
    "AlphaDropout": (lambda: layers.AlphaDropout(0.5), (4,)),
    "SpatialDropout1D": (lambda: layers.SpatialDropout1D(0.5), (3, 4)),
    "SpatialDropout2D": (lambda: layers.SpatialDropout2D(0.5), (3, 2, 4)),
}


def trained(layer: Layer, array: Array) -> Array:
    """Return what a layer makes of an array while training."""
    return layer.call([Tensor(array)], training=True).data


@pytest.mark.parametrize("name", ALL)
def test_nothing_happens_in_testing(name: str) -> None:
    """But something does in training; and a layer is made anew from what it is written down as."""
    make, shape = ALL[name]
    array = np.random.default_rng(1).normal(size=(5, *shape)).astype("float32")

    layer = make()
    assert layer.call([Tensor(array)], training=False).data.tolist() == array.tolist()
    assert trained(layer, array).tolist() != array.tolist()
    assert trained(layer, array).dtype == np.float32
    assert type(layer).from_config(layer.get_config()).get_config() == layer.get_config()


@pytest.mark.parametrize("name", ALL)
def test_recorded_training_is_as_the_definitions_say(name: str) -> None:
    """A layer of one's own beside keeps a model from being recorded: the losses are the same."""
    make, shape = ALL[name]
    x = np.random.default_rng(1).normal(size=(32, *shape)).astype("float32")

    def losses(first: Layer) -> list[float]:
        last = layers.Dense(1, kernel_initializer="ones")
        model = Sequential([first, make(), layers.Flatten(), last])
        model.compile("sgd", "mse")
        set_random_seed(2)
        history = model.fit(x, np.ones(32), batch_size=8, epochs=3, verbose=0, shuffle=False)
        return history.history["loss"]

    own = layers.Lambda(lambda batch: batch, input_shape=shape)
    assert losses(layers.Activation("linear", input_shape=shape)) == losses(own)


def test_normal_noise_has_its_deviation() -> None:
    """That of 40,000 elements is off by 0.004 of itself at one standard deviation."""
    zeros, ones = np.zeros((200, 200), "float32"), np.ones((200, 200), "float32")

    assert trained(layers.GaussianNoise(3.0), zeros).std() == pytest.approx(3, rel=0.03)
    # sqrt(0.8 / 0.2) = 2
    assert trained(layers.GaussianDropout(0.8), ones).std() == pytest.approx(2, rel=0.03)
    assert trained(layers.GaussianDropout(0.8), ones).mean() == pytest.approx(1, abs=0.06)


def test_mean_and_variance_are_kept() -> None:
    """Of 40,000 elements of the standard normal distribution, to five standard deviations."""
    x = np.random.default_rng(1).normal(size=(200, 200)).astype("float32")

    output = trained(layers.AlphaDropout(0.3), x)

    assert output.mean() == pytest.approx(0, abs=0.03)
    assert output.std() == pytest.approx(1, abs=0.03)


@pytest.mark.parametrize(
    ("layer", "shape", "axes"),
    [
        (layers.SpatialDropout1D(0.5), (20, 5, 7), (1,)),
        (layers.SpatialDropout2D(0.5), (20, 3, 4, 7), (1, 2)),
        (layers.SpatialDropout2D(0.5, data_format="channels_first"), (20, 7, 3, 4), (2, 3)),
    ],
)
def test_whole_features_are_dropped(
    layer: Layer, shape: tuple[int, ...], axes: tuple[int, ...]
) -> None:
    """What is left is doubled."""
    output = trained(layer, np.ones(shape, "float32"))

    assert (output.min(axes) == output.max(axes)).all()
    assert set(output.ravel().tolist()) == {0, 2}


@pytest.mark.parametrize(
    "kind", [layers.AlphaDropout, layers.GaussianDropout, layers.SpatialDropout1D]
)
def test_impossible_rates_are_refused(kind: type[layers.AlphaDropout]) -> None:
    """A rate outside of [0, 1) is a ValueError."""
    with pytest.raises(ValueError, match="rate must be"):
        kind(1.0)


def test_an_unknown_order_of_axes_is_refused() -> None:
    """With the two that there are."""
    with pytest.raises(ValueError, match="data_format must be"):
        layers.SpatialDropout2D(0.5, data_format="first")
