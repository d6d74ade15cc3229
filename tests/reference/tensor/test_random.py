"""Repeatable runs."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

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
    monkeypatch.setattr(random_source.Sources, "source", None)

    def draw() -> tuple[list[float], list[int]]:
        np.random.seed(7)  # noqa: NPY002  what such programs do
        start = initializers.glorot_uniform()((2, 2)).ravel().tolist()
        return start, random_source.generator().permutation(9).tolist()

    assert draw() == draw()


def test_a_seed_of_a_thread_is_of_that_thread_alone() -> None:
    """It draws what the main thread draws after the same seed, and takes nothing from others."""
    begun = Barrier(2)

    def draw(seed: int) -> Any:
        set_random_seed(seed)
        begun.wait()
        return random_source.generator().random(50).tolist()

    set_random_seed(1)
    first, second = random_source.generator().random(50).tolist(), random_source.generator()
    expected = second.random(50).tolist()
    set_random_seed(1)
    again = random_source.generator().random(50).tolist()
    with ThreadPoolExecutor(2) as threads:
        one, other = threads.map(draw, (1, 2))

    assert again == one == first != other
    assert random_source.generator().random(50).tolist() == expected


def test_a_thread_without_a_seed_draws_from_the_source_of_all() -> None:
    """What the main thread has seeded repeats what is trained in a thread, as in Keras."""
    set_random_seed(1)
    expected = random_source.generator().random(5).tolist()
    set_random_seed(1)
    with ThreadPoolExecutor(1) as threads:
        found = threads.submit(lambda: random_source.generator().random(5).tolist()).result()

    assert found == expected
