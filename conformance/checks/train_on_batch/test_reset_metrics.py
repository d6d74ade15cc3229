"""`train_on_batch`: whether metrics accumulate."""

from __future__ import annotations

from fitspec.conformance.arrangements.metrics_of_batches import weighted_squares
from fitspec.conformance.arrangements.returned import numbers
from fitspec.conformance.checks import SGD, Build, clause, expect
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.samples import column, constant


@clause("train_on_batch.reset_metrics.true")
def test_metrics_of_a_batch_are_its_own_with_reset_metrics(build: Build) -> None:
    """With `reset_metrics=True` metrics describe the batch, whichever came before it."""
    model = build(linear())
    model.compile(SGD(0.0), "mae", metrics=["mse", "mae"])

    errors = [
        numbers(model.train_on_batch(column(error), column(0), **reset).value)[1:]
        for error, reset in (
            (1, {"reset_metrics": False}),
            (3, {"reset_metrics": True}),
            # It is so by default.
            (5, {}),
        )
    ]

    expect(
        errors,
        equals=[[1.0, 1.0], [9.0, 3.0], [25.0, 5.0]],
        otherwise={
            "metrics are forgotten after a call, not before it": [
                [1.0, 1.0],
                [5.0, 2.0],
                [25.0, 5.0],
            ],
            "metrics always go on": [[1.0, 1.0], [5.0, 2.0], [35 / 3, 3.0]],
            "the second metric goes on": [[1.0, 1.0], [9.0, 2.0], [25.0, 3.0]],
            "metrics go on by default": [[1.0, 1.0], [9.0, 3.0], [17.0, 4.0]],
        },
    )


@clause("train_on_batch.reset_metrics.false")
def test_metrics_accumulate_without_reset_metrics(build: Build) -> None:
    """With `reset_metrics=False` metrics are those of all samples of the batches so far."""
    model = build(linear())
    model.compile(SGD(0.0), "mae", metrics=["mse", "mae"])

    errors = [
        numbers(model.train_on_batch(x, 0 * x, reset_metrics=False).value)[1:]
        for x in (constant(3, 1), constant(1, 5))
    ]
    # The last one by position.
    x = constant(4, 4)
    errors.append(numbers(model.train_on_batch(x, 0 * x, None, None, False).value)[1:])

    of_weighted = weighted_squares(build, lambda model: model.train_on_batch)

    # Squares 1, 1, 1; with 25 they add up to 28 in 4 samples; with four of 16 to 92 in 8. The
    # errors themselves add up to 3, 8 and 24; the mean of 1 and 5 is 3, with 4 it is 10/3. With
    # weights of 1 each 0.25, and 4 beside it.
    right, kept = [[1.0, 1.0], [7.0, 2.0], [11.5, 3.0]], [0.25, 2.125][: len(of_weighted)]
    last = [0.25, 4.0][: len(of_weighted)]
    expect(
        {"metrics": errors, "weighted": of_weighted},
        equals={"metrics": right, "weighted": kept},
        otherwise={
            "metrics are those of the batch": {
                "metrics": [[1.0, 1.0], [25.0, 5.0], [16.0, 4.0]],
                "weighted": last,
            },
            "batches count the same, whatever their size": {
                "metrics": [[1.0, 1.0], [13.0, 3.0], [14.0, 10 / 3]],
                "weighted": kept,
            },
            "only the first metric goes on": {
                "metrics": [[1.0, 1.0], [7.0, 5.0], [11.5, 4.0]],
                "weighted": kept,
            },
            "those with weights are of the batch": {"metrics": right, "weighted": last},
        },
    )
