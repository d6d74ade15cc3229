"""`train_on_batch`: whether metrics accumulate."""

from __future__ import annotations

from fitspec.conformance.arrangements.returned import metric_in
from fitspec.conformance.checks import SGD, Build, clause, expect
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.samples import column, constant


@clause("train_on_batch.reset_metrics.true")
def test_metrics_of_a_batch_are_its_own_with_reset_metrics(build: Build) -> None:
    """With `reset_metrics=True` metrics describe the batch, whichever came before it."""
    model = build(linear())
    model.compile(SGD(0.0), "mae", metrics=["mse"])

    errors = [
        metric_in(model.train_on_batch(column(error), column(0), reset_metrics=reset).value)
        for error, reset in ((1, False), (3, True), (5, True))
    ]

    expect(
        errors,
        equals=[1.0, 9.0, 25.0],
        otherwise={
            "metrics are forgotten after a call, not before it": [1.0, 5.0, 25.0],
            "metrics always go on": [1.0, 5.0, 35 / 3],
        },
    )


@clause("train_on_batch.reset_metrics.false")
def test_metrics_accumulate_without_reset_metrics(build: Build) -> None:
    """With `reset_metrics=False` metrics are those of all samples of the batches so far."""
    model = build(linear())
    model.compile(SGD(0.0), "mae", metrics=["mse"])

    errors = [
        metric_in(model.train_on_batch(x, 0 * x, reset_metrics=False).value)
        for x in (constant(3, 1), constant(1, 5), constant(4, 4))
    ]

    # Squares 1, 1, 1; with 25 they add up to 28 in 4 samples; with four of 16 to 92 in 8.
    expect(
        errors,
        equals=[1.0, 7.0, 11.5],
        otherwise={
            "metrics are those of the batch": [1.0, 25.0, 16.0],
            "batches count the same, whatever their size": [1.0, 13.0, 14.0],
        },
    )
