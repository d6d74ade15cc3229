"""Metrics of one's own count in weights, as programs for Keras write them."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

import fitspec.reference

keras: Any = fitspec.reference
K: Any = keras.backend
metrics: Any = keras.metrics

X = np.array([[1.0], [2.0], [4.0]])


class Total(metrics.Metric):  # type: ignore[misc]
    """Adds up what is predicted, and by how much it is wrong."""

    def __init__(self, name: str = "total", **arguments: Any) -> None:
        super().__init__(name=name, **arguments)
        self.predicted = self.add_weight(name="predicted", initializer="zeros")
        self.wrong = self.add_weight(name="wrong", shape=(1,))

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Add a batch, in the two ways that programs do."""
        errors = K.abs(y_true - y_pred)
        if sample_weight is not None:
            errors *= K.expand_dims(sample_weight)
        self.add_update(K.update_add(self.predicted, K.sum(y_pred)))
        self.wrong.assign_add(K.sum(errors, axis=0))

    def result(self) -> Any:
        """Return both in one: thousands for what is predicted."""
        return self.predicted * 1000 + self.wrong[0]


def doubling(**compiled: Any) -> Any:
    """Return a model that doubles, and learns nothing."""
    model = keras.Sequential([keras.layers.Dense(1, use_bias=False, input_shape=(1,))])
    model.compile(keras.optimizers.SGD(0.0), "mse", **compiled)
    model.set_weights([np.array([[2.0]])])
    return model


def test_it_counts_over_the_batches_of_an_epoch() -> None:
    """Predicted is 2 + 4 + 8 = 14, and wrong 1 + 2 + 4 = 7; each epoch begins anew."""
    model = doubling(metrics=[Total()])

    history = model.fit(X, X, batch_size=2, epochs=2, verbose=0, shuffle=False)

    assert history.history["total"] == [14007.0, 14007.0]
    assert model.evaluate(X, X, batch_size=1, verbose=0)[1] == 14007.0


def test_what_it_said_of_a_batch_stays() -> None:
    """After 2 + 4, wrong by 1 + 2, comes 8, wrong by 4."""
    model = doubling(metrics=[Total()])
    said = []
    hear = keras.callbacks.LambdaCallback(on_batch_end=lambda _, logs: said.append(logs["total"]))

    model.fit(X, X, batch_size=2, verbose=0, shuffle=False, callbacks=[hear])

    assert said == [6003.0, 14007.0]


def test_it_may_be_weighted() -> None:
    """Wrong is 1 * 3 + 2 * 0 + 4 * 2 = 11."""
    model = doubling(weighted_metrics=[Total()])

    assert model.evaluate(X, X, sample_weight=np.array([3.0, 0.0, 2.0]), verbose=0)[1] == 14011.0


def test_it_stands_alone() -> None:
    """Its weights are known, start as was asked for, and are its own in a copy."""
    metric = Total("mine")
    started = metric.add_weight("started", (2,), "ones")
    other = copy.deepcopy(metric)

    metric.update_state(K.constant([[1.0]]), K.constant([[3.0]]))

    assert [weight.name for weight in metric.weights] == [
        "mine/predicted",
        "mine/wrong",
        "mine/started",
    ]
    assert started.assign_sub(3).numpy().tolist() == [-2, -2]
    assert (metric.result(), other.result()) == (3002.0, 0.0)
    metric.reset_states()
    assert metric.result() == 0
    assert started.numpy().tolist() == [0, 0]


def test_a_result_of_several_numbers_is_an_array() -> None:
    """It is no tensor, which would change with the weights."""

    class Both(Total):
        def result(self) -> Any:
            return K.stack([self.predicted, self.wrong[0]])

    metric = Both()
    metric.update_state(K.constant([[1.0]]), K.constant([[3.0]]))
    said = metric.result()
    metric.reset_states()

    assert said.tolist() == [3, 2]


def test_what_makes_no_weight_is_refused() -> None:
    """An initializer that is none."""
    with pytest.raises(ValueError, match="initializer"):
        Total().add_weight("more", (), "nope")
