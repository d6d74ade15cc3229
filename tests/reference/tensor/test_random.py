"""Repeatable runs."""

import numpy as np
import pytest

from fitspec.reference import Sequential, initializers, layers, set_random_seed
from fitspec.reference.data import random_source


def test_a_seed_repeats_a_run_exactly() -> None:
    """Initial weights, shuffling and dropout are drawn from the one source."""
    results = []
    for seed in (3, 3, 4):
        set_random_seed(seed)
        model = Sequential([layers.Dense(4, input_shape=(2,)), layers.Dropout(0.5)])
        model.compile("sgd", "mse")
        x = np.arange(20.0).reshape(10, 2) / 20
        model.fit(x, np.tile(x, 2), batch_size=3, epochs=2, verbose=0)
        results.append(model.get_weights()[0].tolist())

    assert results[0] == results[1] != results[2]


def test_the_seed_of_numpy_repeats_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting weights and the order of samples, as programs for Keras expect."""
    monkeypatch.setattr(random_source, "_generator", None)

    def draw() -> tuple[list[float], list[int]]:
        np.random.seed(7)  # noqa: NPY002  what such programs do
        start = initializers.glorot_uniform()((2, 2)).ravel().tolist()
        return start, random_source.generator().permutation(9).tolist()

    assert draw() == draw()
