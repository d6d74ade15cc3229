"""Metrics that layers and models add of what they compute on the way."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fitspec.reference import Input, Model, callbacks, layers, metrics
from fitspec.reference import backend as K  # noqa: N812 - as programs for Keras do

#: In batches of 2 the sums are 3 and 7, of which the mean is 5; the mean of all is 2.5.
X = np.array([[1.0], [2.0], [3.0], [4.0]], "float32")
ARGUMENTS: dict[str, Any] = {"batch_size": 2, "verbose": 0}


class Summing(layers.Layer):
    """Reports the sum of what goes through."""

    def call(self, x: Any) -> Any:  # type: ignore[override]  # as for Keras
        """Do so."""
        self.add_metric(K.sum(x), name="sum")  # type: ignore[attr-defined]  # given to it later
        return x


class Own(Model):
    """Reports a mean over all samples, and the sums of batches."""

    def __init__(self, name: str = "mean") -> None:
        super().__init__(name="own")  # type: ignore[call-arg]  # as classes with a call do
        self.average: Any = metrics.Mean(name="mean")
        self.other = metrics.Mean(name=name)

    def call(self, x: Any) -> Any:  # type: ignore[override]
        """Do so."""
        self.add_metric(K.sum(x), name="sum")  # type: ignore[attr-defined]
        self.add_metric(self.average(x))  # type: ignore[attr-defined]
        return x


def of_symbols() -> Any:
    """Return a model to which metrics of symbols are added."""
    entered = Input((1,))
    found = layers.Dense(1, kernel_initializer="ones", trainable=False)(entered)
    model: Any = Model(entered, found)
    model.add_metric(K.sum(found), name="sum")
    average: Any = metrics.Mean(name="mean")
    model.add_metric(average(found))
    return model


def of_a_layer() -> Model:
    """Return a model with a layer that adds a metric."""
    entered = Input((1,))
    return Model(entered, Summing()(entered))


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (of_symbols(), {"sum": 5.0, "mean": 2.5}),
        (of_a_layer(), {"sum": 5.0}),
        (Own("another"), {"mean": 2.5, "sum": 5.0}),
    ],
)
def test_added_metrics_are_reported(model: Any, expected: dict[str, float]) -> None:
    """After those of `compile`; in each epoch anew, of validation and of `evaluate`, too."""
    model.compile(loss="mse", optimizer="sgd", metrics=["mae"])
    results = model.evaluate(X, X, **ARGUMENTS)

    assert model.metrics_names == ["loss", "mae", *expected]
    assert results == [0.0, 0.0, *expected.values()]
    assert model.evaluate(X, X, **ARGUMENTS) == results
    model.predict(X)
    assert model.test_on_batch(X[:2], X[:2])[2:] == [
        {"sum": 3.0, "mean": 1.5}[name] for name in expected
    ]


def test_a_training_reports_them() -> None:
    """What a callback predicts in the middle of an epoch counts for nothing."""
    model = of_symbols()
    model.compile("sgd", loss="mse")
    looking = callbacks.LambdaCallback(on_batch_end=lambda *_: model.predict(X[:1]))
    history = model.fit(
        X, X, epochs=2, validation_data=(X[:2], X[:2]), callbacks=[looking], **ARGUMENTS
    ).history

    assert history["sum"] == [5.0, 5.0]
    assert history["mean"] == [2.5, 2.5]
    assert history["val_sum"] == [3.0, 3.0]
    assert history["val_mean"] == [1.5, 1.5]


def test_names_are_needed_and_distinct() -> None:
    """Of what no metric gave, and of the metrics that a model holds."""
    entered = Input((1,))
    model: Any = Model(entered, layers.Dense(1)(entered))
    with pytest.raises(ValueError, match=r"name: a metric that layer .* adds needs one"):
        model.add_metric(K.sum(model.output))
    with pytest.raises(TypeError, match=r"value: layer .* not 3"):
        model.add_metric(3, name="three")
    own = Own("mean")
    own.compile("sgd", "mse")
    with pytest.raises(ValueError, match="several are named 'mean'"):
        own.evaluate(X, X, **ARGUMENTS)


def test_several_outputs_do_not_name_it() -> None:
    """It belongs to none of them."""
    entered = Input((1,))
    ends = [layers.Activation("linear", name=name)(entered) for name in ("one", "two")]
    model: Any = Model(entered, ends)
    model.compile("sgd", "mse", metrics=["mae"])
    model.add_metric(K.sum(ends[0]), name="sum")

    assert model.metrics_names[-1] == "sum"
    assert model.evaluate(X, [X, X], **ARGUMENTS)[-1] == 5.0


def test_metrics_of_compile_are_none_that_a_model_holds() -> None:
    """One object may be given for several outputs."""
    entered = Input((1,))
    ends = [layers.Activation("linear", name=name)(entered) for name in ("one", "two")]
    model = Model(entered, ends)
    metric = metrics.MeanAbsoluteError(name="error")
    model.compile("sgd", "mse", metrics=[[metric], [metric]])

    assert model.metrics_names[-2:] == ["one_error", "two_error"]
