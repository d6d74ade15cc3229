"""What is given as weights is a list."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fitspec.reference import Sequential, layers


@pytest.mark.parametrize("given", [True, None, 3, {"kernel": 1}, "ones", {1.0}, lambda: None])
def test_what_is_no_list_is_refused(given: Any) -> None:
    """By models, layers and optimizers, which stay as they were."""
    model = Sequential([layers.Dense(1, input_shape=(2,))])
    model.compile("adam", "mse")
    model.train_on_batch(np.ones((4, 2)), np.ones((4, 1)))
    kept = model.get_weights(), model.optimizer.get_weights()

    for taker in (model, model.layers[0], model.optimizer):
        with pytest.raises(TypeError, match="weights must be a list of arrays, as get_weights"):
            taker.set_weights(given)

    for one, other in zip(kept, (model.get_weights(), model.optimizer.get_weights()), strict=True):
        np.testing.assert_equal(one, other)


def test_what_gives_arrays_in_an_order_is_taken() -> None:
    """Once, such as a generator."""
    layer = layers.Dense(1, input_shape=(2,))
    Sequential([layer])

    given: Any = (each for each in (np.ones((2, 1)), np.zeros(1)))
    layer.set_weights(given)

    np.testing.assert_equal(layer.get_weights(), [np.ones((2, 1)), np.zeros(1)])
