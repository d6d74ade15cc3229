"""Metrics that are called, and hooks of callbacks that are called without logs."""

from __future__ import annotations

from typing import Any

import pytest

import fitspec.reference

keras: Any = fitspec.reference


def test_a_metric_is_called() -> None:
    """It adds the batch, and returns the value over all so far."""
    metric = keras.metrics.MeanSquaredError()

    # The squares are 1; then 1 and 9, of which the mean is 5.
    assert float(metric([[0.0]], [[1.0]])) == 1
    assert float(metric([[0.0]], [[3.0]])) == 5
    assert float(metric.result()) == 5


def test_a_metric_is_called_with_weights() -> None:
    """Of each sample."""
    # Three times 2 and once 4, of four.
    assert float(keras.metrics.Mean()([2.0, 4.0], sample_weight=[3, 1])) == 2.5


@pytest.mark.parametrize(
    "callback",
    [
        keras.callbacks.Callback(),
        keras.callbacks.EarlyStopping(),
        keras.callbacks.ReduceLROnPlateau(),
    ],
    ids=lambda one: type(one).__name__,
)
def test_a_hook_needs_no_logs(callback: Any) -> None:
    """Where a program calls it by itself."""
    callback.on_train_begin()
    callback.on_train_end()
    callback.on_batch_begin(0)
    callback.on_train_batch_end(0)


def test_a_list_of_callbacks_tells_all_of_them() -> None:
    """In a loop of one's own."""
    seen: list[Any] = []
    callback = keras.callbacks.LambdaCallback(
        on_train_begin=lambda logs: seen.append(("begin", logs)),
        on_epoch_end=lambda epoch, logs: seen.append((epoch, logs)),
        on_batch_end=lambda batch, logs: seen.append((batch, logs)),
    )
    every = keras.callbacks.CallbackList([callback])
    every.on_train_begin()
    every.on_train_batch_end(3, {"loss": 1.0})
    every.on_epoch_end(0, logs={"loss": 2.0})

    assert seen == [("begin", {}), (3, {"loss": 1.0}), (0, {"loss": 2.0})]
