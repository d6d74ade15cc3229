"""`evaluate`: the call itself, and arguments with a single clause."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.arrangements.compiled import frozen, small_model
from fitspec.conformance.arrangements.inference import expect_test_mode
from fitspec.conformance.arrangements.returned import loss_in, metric_in, numbers
from fitspec.conformance.arrangements.signatures import defaults
from fitspec.conformance.arrangements.streaming import (
    EVALUATE,
    FULL,
    ahead,
    hooks_in_each_source,
    in_halves,
    where_generator_runs,
    where_sequence_is_read,
)
from fitspec.conformance.arrangements.taken import taken, takes_sequences, tried
from fitspec.conformance.checks import SGD, Build, Generator, answer, clause, expect
from fitspec.conformance.vocabulary.models import linear, times_first, two_in_two_out
from fitspec.conformance.vocabulary.probes import MetricObject, SequenceOf
from fitspec.conformance.vocabulary.samples import ascending, column, constant

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.conformance.worker.remote import Model, Result

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
    """Every argument of `evaluate` is optional, with the documented default and place."""
    model = frozen(build, linear())

    found = defaults(model.evaluate, DEFAULTS)
    # Inputs, targets, batch_size, verbose, sample_weight: errors 1 to 4, squared, each with 2.
    by_position = answer(model.evaluate, *DATA, 2, 0, np.full(4, 2, np.float32))

    loss = by_position if isinstance(by_position, str) else loss_in(by_position.value)
    expect(
        {**found, "by position": loss},
        equals={**DEFAULTS, "by position": 2 * (1 + 4 + 9 + 16) / 4},
    )


@clause("evaluate.test-mode")
def test_evaluation_is_done_in_test_mode(build: Build) -> None:
    """Nothing is dropped, and moving statistics are used as they are and left so."""
    ways: dict[str, Callable[[Model], Callable[..., Result]]] = {
        "arrays": lambda model: functools.partial(model.evaluate, batch_size=2)
    }
    if takes_sequences(build, "evaluate"):
        ways["a Sequence"] = lambda model: lambda x, y: model.evaluate(in_halves(x, y))
    # Whether generators are taken is another clause.
    if taken(small_model(build).evaluate, Generator([DATA]), steps=1):
        ways["a generator"] = lambda model: (
            lambda x, y: model.evaluate(Generator([(x[:2], y[:2]), (x[2:], y[2:])]), steps=2)
        )
    expect_test_mode(build, ways)


@clause("evaluate.no-weight-update")
def test_evaluating_does_not_train(build: Build) -> None:
    """Neither weights nor the count of updates change."""
    model = build(linear(1.0))
    model.compile(SGD(0.25), "mse")
    model.evaluate(*DATA, batch_size=4)
    model.train_on_batch(column(1), column(0))

    losses = [
        loss_in(model.evaluate(*DATA, batch_size=4).value),
        loss_in(model.evaluate(Generator([DATA]), steps=2).value),
    ]
    # Whether Sequences and weights are taken are other clauses.
    more = (
        tried(model.evaluate, SequenceOf([DATA] * 2)),
        tried(model.evaluate, *DATA, sample_weight=np.ones(4, np.float32)),
    )
    losses += [loss_in(result.value) for result in more if result is not None]
    two = build(two_in_two_out(1.0, 1.0))
    two.compile(SGD(0.25), "mse")
    tried(two.evaluate, [column(1)] * 2, [column(0)] * 2)
    # Whether an optimizer has momentum is another clause: twins that differ in an evaluation.
    twins = []
    for evaluated in (False, True):
        twin = build(linear(1.0))
        twin.compile(SGD(0.125, momentum=0.5), "mse")
        for _ in range(2):
            twin.train_on_batch(column(1), column(0))
            if evaluated:
                twin.evaluate(column(1), column(0))
        twins.append(twin.weight("y"))

    # One update halves w: gradient 2·w = 2, so 1 - 0.25·2. Errors 0.5, 1, 1.5 and 2.
    seen = {"losses": losses, "weight": model.weight("y"), "updates": model.iterations()}
    others = {
        "weights of two": [two.weight("a"), two.weight("b")],
        "momentum goes on": twins[0] == twins[1],
    }
    right = {"losses": [1.875] * len(losses), "weight": 0.5, "updates": 1}
    unmoved = {"weights of two": [1.0, 1.0], "momentum goes on": True}
    expect({**seen, **others}, equals={**right, **unmoved})


@clause("evaluate.batched")
def test_evaluation_goes_through_the_data_in_batches(build: Build) -> None:
    """A batch is `batch_size` samples that follow one another."""
    model = build(times_first())
    model.compile(SGD(0.0), "mae")

    data = ascending(8), constant(8, 0)
    seen = {"plain": loss_in(model.evaluate(*data, batch_size=2).value)}
    # Whether weights are taken is another clause.
    weights = np.ones(8, np.float32)
    if (weighted := tried(model.evaluate, *data, batch_size=2, sample_weight=weights)) is not None:
        seen["with weights"] = loss_in(weighted.value)

    # Each sample times the first of its batch: (1·(1 + 2) + 3·(3 + 4) + 5·(5 + 6) + 7·(7 + 8))/8.
    expect(
        seen,
        equals=dict.fromkeys(seen, 23.0),
        otherwise={
            words: dict.fromkeys(seen, loss)
            for words, loss in {
                "all samples are one batch": 1 * 36 / 8,
                "each sample is a batch": 204 / 8,
                "a batch is every fourth sample": (1 * 6 + 2 * 8 + 3 * 10 + 4 * 12) / 8,
            }.items()
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
        "of a Sequence, by default": ahead(build, EVALUATE, 10, SequenceOf),
    }

    expect(seen, equals=dict.fromkeys(seen, FULL))


@clause("evaluate.use_multiprocessing", seconds=20)
def test_evaluation_takes_its_data_from_processes(build: Build) -> None:
    """With `use_multiprocessing` the items of either source are made in child processes."""
    processes: dict[str, Any] = {"use_multiprocessing": True}
    places = {
        "a Sequence": where_sequence_is_read(build, EVALUATE, **processes),
        "a generator": where_generator_runs(build, EVALUATE, **processes)[0],
    }
    two = SequenceOf([(column(1), column(0)), (column(4), column(0))])
    loss = loss_in(frozen(build, linear()).evaluate(two, workers=2, **processes).value)

    all_used = {"two processes leave none out": True}
    # Losses 1 and 16: what is returned is their mean or the last, which is another clause.
    expect(
        {**places, "two processes leave none out": loss in {8.5, 16.0}},
        equals={**dict.fromkeys(places, ["another process"]), **all_used},
        otherwise={
            "they are made in another thread": {
                **dict.fromkeys(places, ["another thread"]),
                **all_used,
            },
            "they are made on the main thread": {
                **dict.fromkeys(places, ["the main thread"]),
                **all_used,
            },
            "a generator runs in another thread": {
                "a Sequence": ["another process"],
                "a generator": ["another thread"],
                **all_used,
            },
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
    if takes_sequences(build, "evaluate"):
        values.append(metric_in(model.evaluate(in_halves(predictions, targets)).value))

    # 2 of the 3 positive predictions are right, and rounded once. The batches of one sample have
    # the precisions 1, 0, 1 and 0; those of two have 1/2 and 1.
    expect(
        values,
        equals=[2 / 3] * len(values),
        ulps=1,
        otherwise={
            "an average over batches": [0.5, 0.75, 2 / 3, 0.75][: len(values)],
            "that of the last batch": [0.0, 1.0, 2 / 3, 1.0][: len(values)],
            "an average over the batches of a Sequence": [*[2 / 3] * 3, 0.75],
        },
    )


@clause("evaluate.repeatable")
def test_an_evaluation_does_not_depend_on_those_before(build: Build) -> None:
    """The same data give the same numbers, whatever was evaluated before."""

    def evaluated(*metrics: str) -> list[list[float]]:
        model = build(linear())
        model.compile(SGD(0.0), "mae", metrics=[*metrics])
        values = [
            numbers(model.evaluate(constant(2, error), constant(2, 0)).value) for error in (1, 3, 1)
        ]
        # Whether a batch can be kept in the metrics of batches is another clause.
        tried(model.test_on_batch, constant(2, 5), constant(2, 0), reset_metrics=False)
        values.append(numbers(model.evaluate(constant(2, 1), constant(2, 0)).value))
        return [[loss, *sorted(others)] for loss, *others in values]

    seen = {"a metric": evaluated("mse")}
    # Whether there may be two, and in what order they come, is said by clauses of their own.
    if (of_two := tried(evaluated, "mse", "mae")) is not None:
        seen["two metrics"] = of_two

    right = {
        "a metric": [[1.0, 1.0], [3.0, 9.0], [1.0, 1.0], [1.0, 1.0]],
        "two metrics": [[1.0, 1.0, 1.0], [3.0, 3.0, 9.0], [1.0, 1.0, 1.0], [1.0, 1.0, 1.0]],
    }
    # Squares 1, 9, 1, 25 and 1, and what they are the squares of.
    going_on = {
        "a metric": [[1.0, 1.0], [3.0, 5.0], [1.0, 11 / 3], [1.0, 37 / 5]],
        "two metrics": [
            [1.0, 1.0, 1.0],
            [3.0, 2.0, 5.0],
            [1.0, 5 / 3, 11 / 3],
            [1.0, 11 / 5, 37 / 5],
        ],
    }
    expect(
        seen,
        equals={name: right[name] for name in seen},
        otherwise={"metrics go on from call to call": {name: going_on[name] for name in seen}},
    )
