"""`evaluate`: the call itself, and arguments with a single clause."""

from __future__ import annotations

from fitspec.conformance.arrangements.inference import expect_test_mode
from fitspec.conformance.arrangements.returned import loss_in, metric_in
from fitspec.conformance.arrangements.signatures import defaults
from fitspec.conformance.arrangements.streaming import (
    EVALUATE,
    ahead,
    hooks_in_each_source,
    where_sequence_is_read,
)
from fitspec.conformance.checks import SGD, Build, Generator, clause, expect
from fitspec.conformance.vocabulary.models import linear, times_first
from fitspec.conformance.vocabulary.probes import MetricObject
from fitspec.conformance.vocabulary.samples import ascending, column, constant

DATA = ascending(4), constant(4, 0)
#: The parameters of `evaluate` in document 004 and their defaults.
DEFAULTS = {
    "x": None,
    "y": None,
    "batch_size": None,
    "verbose": 1,
    "sample_weight": None,
    "steps": None,
    "callbacks": None,
    "max_queue_size": 10,
    "workers": 1,
    "use_multiprocessing": False,
}


@clause("evaluate.signature.defaults")
def test_every_argument_of_evaluate_has_its_documented_default(build: Build) -> None:
    """Every argument of `evaluate` is optional and has the documented default."""
    expect(defaults(build(linear()).evaluate, DEFAULTS), equals=DEFAULTS)


@clause("evaluate.test-mode")
def test_evaluation_is_done_in_test_mode(build: Build) -> None:
    """Nothing is dropped, and moving statistics are used as they are and left so."""
    expect_test_mode(build, lambda model: model.evaluate, batch_size=2)


@clause("evaluate.no-weight-update")
def test_evaluating_does_not_train(build: Build) -> None:
    """Neither weights nor the count of updates change."""
    model = build(linear(1.0))
    model.compile(SGD(0.25), "mse")
    model.train_on_batch(column(1), column(0))

    losses = [
        loss_in(model.evaluate(*DATA, batch_size=2).value),
        loss_in(model.evaluate(Generator([DATA]), steps=2).value),
    ]

    # One update halves w: gradient 2·w = 2, so 1 - 0.25·2. Errors 0.5, 1, 1.5 and 2.
    seen = {"losses": losses, "weight": model.weight("y"), "updates": model.iterations()}
    expect(seen, equals={"losses": [1.875] * 2, "weight": 0.5, "updates": 1})


@clause("evaluate.batched")
def test_evaluation_goes_through_the_data_in_batches(build: Build) -> None:
    """A batch is `batch_size` samples that follow one another."""
    model = build(times_first())
    model.compile(SGD(0.0), "mae")

    loss = loss_in(model.evaluate(ascending(8), constant(8, 0), batch_size=2).value)

    # Each sample times the first of its batch: (1·(1 + 2) + 3·(3 + 4) + 5·(5 + 6) + 7·(7 + 8))/8.
    expect(
        loss,
        equals=23.0,
        otherwise={
            "all samples are one batch": 1 * 36 / 8,
            "each sample is a batch": 204 / 8,
            "a batch is every fourth sample": (1 * 6 + 2 * 8 + 3 * 10 + 4 * 12) / 8,
        },
    )


@clause("evaluate.callbacks.applied")
def test_callbacks_are_called_in_evaluation(build: Build) -> None:
    """Callbacks get the hooks of testing, for each batch in turn, and no others."""
    seen = hooks_in_each_source(build, EVALUATE)

    batch = ["test_batch_begin", "test_batch_end"]
    each = {"hooks": ["test_begin", *batch, *batch, "test_end"], "batches": [0, 1]}
    expect(
        seen,
        equals=dict.fromkeys(seen, each),
        otherwise={"no hook is called": dict.fromkeys(seen, {"hooks": [], "batches": []})},
    )


@clause("evaluate.max_queue_size.default-10")
def test_ten_batches_wait_in_the_queue_of_evaluation_by_default(build: Build) -> None:
    """While a batch is tested, 10 more are drawn, or `max_queue_size`, and perhaps one more."""
    seen = {
        "by default": ahead(build, EVALUATE, 10),
        "max_queue_size=2": ahead(build, EVALUATE, 2, max_queue_size=2),
    }

    right = {
        "by default": "as many as the queue holds",
        "max_queue_size=2": "as many as the queue holds",
    }
    expect(seen, equals=right)


@clause("evaluate.use_multiprocessing", seconds=20)
def test_evaluation_takes_its_data_from_processes(build: Build) -> None:
    """With `use_multiprocessing` the items of a Sequence are made in child processes."""
    places = where_sequence_is_read(build, EVALUATE, use_multiprocessing=True)

    expect(
        places,
        equals=["another process"],
        otherwise={
            "they are made in another thread": ["another thread"],
            "they are made on the main thread": ["the main thread"],
        },
    )


@clause("evaluate.metrics.dataset-level")
def test_metrics_are_those_of_all_the_data(build: Build) -> None:
    """A metric is computed over all samples, and not averaged over batches."""
    model = build(linear())
    model.compile(SGD(0.0), "mse", metrics=[MetricObject("precision")])
    predictions, targets = column(1, 1, 1, 0), column(1, 0, 1, 1)

    values = [
        metric_in(model.evaluate(predictions, targets, batch_size=size).value) for size in (1, 2, 4)
    ]

    # 2 of the 3 positive predictions are right, and rounded once. The batches of one sample have
    # the precisions 1, 0, 1 and 0; those of two have 1/2 and 1.
    expect(
        values,
        equals=[2 / 3] * 3,
        ulps=1,
        otherwise={
            "an average over batches": [0.5, 0.75, 2 / 3],
            "that of the last batch": [0.0, 1.0, 2 / 3],
        },
    )


@clause("evaluate.repeatable")
def test_an_evaluation_does_not_depend_on_those_before(build: Build) -> None:
    """The same data give the same numbers, whatever was evaluated before."""
    model = build(linear())
    model.compile(SGD(0.0), "mae", metrics=["mse"])
    data = {"small errors": constant(2, 1), "large errors": constant(2, 3)}

    values = [
        model.evaluate(data[name], constant(2, 0)).value
        for name in ("small errors", "large errors", "small errors")
    ]

    expect(
        values,
        equals=[[1.0, 1.0], [3.0, 9.0], [1.0, 1.0]],
        otherwise={"metrics go on from call to call": [[1.0, 1.0], [3.0, 5.0], [1.0, 11 / 3]]},
    )
