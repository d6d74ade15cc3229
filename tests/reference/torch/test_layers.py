"""Modules inside of a model."""

from __future__ import annotations

import numpy as np
import pytest
from torch import nn

from fitspec.reference.torch import Model


def model_of_two() -> Model:
    """Return a model with the layers `0` and `1`."""
    return Model(nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3)))


def test_layers_are_found_by_name_and_by_index() -> None:
    """The same layer is the same object, however and whenever it is asked for."""
    model = model_of_two()

    assert model.get_layer("1") is model.get_layer(index=-1) is model.layers[1]
    assert isinstance(model.get_layer("1").module, nn.BatchNorm1d)


def test_a_module_without_parts_is_its_own_only_layer() -> None:
    """It is called after its class."""
    assert [layer.name for layer in Model(nn.Linear(1, 1)).layers] == ["linear"]


def test_weights_are_replaced_as_arrays() -> None:
    """What was read can be put back, also statistics that are not trained."""
    model = model_of_two()
    weights = model.get_weights()

    model.set_weights([array + 1 for array in weights])

    for before, after in zip(weights, model.get_weights(), strict=True):
        assert np.array_equal(after, before + 1)


@pytest.mark.parametrize("arrays", [[np.zeros((3, 2))], [np.zeros((3, 2)), np.zeros(2)]])
def test_weights_that_do_not_fit_are_refused(arrays: list[np.ndarray]) -> None:
    """Nothing is changed by arrays of which one is missing or has another shape."""
    layer = model_of_two().get_layer("0")
    before = layer.get_weights()

    with pytest.raises(ValueError, match="weights: "):
        layer.set_weights(arrays)

    for old, new in zip(before, layer.get_weights(), strict=True):
        assert np.array_equal(old, new)


def test_a_layer_is_frozen_and_released() -> None:
    """Setting `trainable` holds for all weights of the layer and for no others."""
    model = model_of_two()

    model.get_layer("0").trainable = False

    assert [layer.trainable for layer in model.layers] == [False, True]
