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
    model.compile(SGD(0.0), "mse", metrics=["mae"])

    errors = [
        metric_in(model.train_on_batch(column(error), column(0), reset_metrics=reset).value)
        for error, reset in ((1, False), (3, True), (5, True))
    ]

    expect(
        errors,
        equals=[1.0, 3.0, 5.0],
        otherwise={
            "metrics are forgotten after a call, not before it": [1.0, 2.0, 5.0],
            "metrics always go on": [1.0, 2.0, 3.0],
        },
    )


@clause("train_on_batch.reset_metrics.false")
def test_metrics_accumulate_without_reset_metrics(build: Build) -> None:
    """With `reset_metrics=False` metrics are those of all samples of the batches so far."""
    model = build(linear())
    model.compile(SGD(0.0), "mse", metrics=["mae"])

    errors = [
        metric_in(model.train_on_batch(x, 0 * x, reset_metrics=False).value)
        for x in (constant(3, 1), constant(1, 5), constant(4, 4))
    ]

    # Errors 1, 1, 1; with 5 they add up to 8 in 4 samples; with four of 4 to 24 in 8.
    expect(
        errors,
        equals=[1.0, 2.0, 3.0],
        otherwise={
            "metrics are those of the batch": [1.0, 5.0, 4.0],
            "batches count the same, whatever their size": [1.0, 3.0, 10 / 3],
        },
    )
