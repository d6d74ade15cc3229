"""Layers of one's own make masks by `compute_mask`, and provided layers say theirs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import fitspec.reference

keras: Any = fitspec.reference
layers: Any = keras.layers
K: Any = keras.backend


class NotTwo(layers.Layer):  # type: ignore[misc]
    """Has every step count but those that are 2."""

    def call(self, x: Any) -> Any:
        """Return the input."""
        return x

    def compute_mask(self, x: Any, mask: Any = None) -> Any:
        """Return what counts, whatever did before."""
        del mask
        return K.any(K.not_equal(x, 2), axis=-1)


class NotOne(layers.Embedding):  # type: ignore[misc]
    """Has no number 1 count, and none that does not count in an Embedding."""

    def compute_mask(self, x: Any, mask: Any = None) -> Any:
        """Return what counts."""
        known = super().compute_mask(x, mask)
        return K.not_equal(x, 1) if known is None else K.cast(known, "float32") * (x.data != 1) > 0


def adding_up() -> Any:
    """Return a layer that adds up the steps that count."""
    return layers.SimpleRNN(
        1, activation="linear", kernel_initializer="ones", recurrent_initializer="ones"
    )


def test_a_layer_of_ones_own_makes_a_mask() -> None:
    """Of 1, 2 and 3 the steps 1 and 3 count behind it, and all where it is not."""
    x = keras.Input((3, 1))
    model = keras.Model(x, [adding_up()(NotTwo()(x)), adding_up()(x)])

    counted, whole = model.predict(np.array([[[1.0], [2.0], [3.0]]]))

    assert (counted.item(), whole.item()) == (4, 6)


@pytest.mark.parametrize(
    ("mask_zero", "expected"),
    [
        # 10 + 30 of the numbers 0 and 2
        (False, 40),
        # where 0 does not count either
        (True, 30),
    ],
)
def test_a_provided_layer_gets_another_mask(mask_zero: bool, expected: float) -> None:
    """A class that is derived from it asks its base for its own."""
    model = keras.Sequential(
        [NotOne(3, 1, mask_zero=mask_zero, weights=[np.array([[10], [20], [30]])], input_length=3)]
    )
    model.add(adding_up())

    assert model.predict(np.array([[0, 1, 2]])).item() == expected


COUNTED = np.array([[True, False]])


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (layers.Masking(), [[True, True]]),
        (layers.Masking(3.0), [[False, True]]),
        (layers.Dense(2), [[True, False]]),
        (layers.LSTM(2, return_sequences=True), [[True, False]]),
        (layers.LSTM(2), None),
        (layers.Bidirectional(layers.GRU(2, return_sequences=True)), [[True, False]]),
        (layers.TimeDistributed(layers.Dense(2)), [[True, False]]),
        (layers.GlobalAveragePooling1D(), None),
        (layers.Lambda(lambda x: x), None),
    ],
    ids=lambda value: value.name if isinstance(value, layers.Layer) else "",
)
def test_the_mask_of_what_a_layer_gives(layer: Any, expected: Any) -> None:
    """Of an input of which the first step counts."""
    mask = layer.compute_mask(np.array([[[3.0], [4.0]]]), COUNTED)

    assert (None if mask is None else mask.tolist()) == expected


def test_the_masks_of_several_inputs_and_outputs() -> None:
    """Added, what all count counts; side by side, each has its own; states have none."""
    x = np.ones((1, 2, 1))

    assert layers.Add().compute_mask([x, x], [COUNTED, None]).tolist() == [[True, False]]
    joined = layers.Concatenate(axis=1).compute_mask([x, x], [COUNTED, None])
    assert joined.tolist() == [[True, False, True, True]]
    both = layers.LSTM(1, return_sequences=True, return_state=True).compute_mask(x, COUNTED)
    assert [one is None for one in both] == [False, True, True]
    assert layers.Flatten().compute_mask(x, None) is None
    with pytest.raises(TypeError, match="does not support masks"):
        layers.Flatten().compute_mask(x, COUNTED)


def test_a_mask_may_be_one_of_numbers() -> None:
    """What is not 0 counts; a layer of one's own may say so, too."""
    x, numbers = np.ones((1, 2, 1)), K.constant([[2.0, 0.0]])

    class First(layers.Layer):  # type: ignore[misc]
        def call(self, x: Any) -> Any:
            return x

        def compute_mask(self, x: Any, mask: Any = None) -> Any:
            del x, mask
            return numbers

    assert layers.Add().compute_mask([x, x], [numbers, COUNTED]).tolist() == [[True, False]]
    model = keras.Sequential([First(input_shape=(2, 1)), adding_up()])
    assert model.predict(x).item() == 1
    with pytest.raises(TypeError, match="masks are computed of batches"):
        layers.Masking().compute_mask(keras.Input((2, 1)))
