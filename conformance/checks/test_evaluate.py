"""`evaluate`."""

from __future__ import annotations

import numpy as np
from hypothesis.strategies import integers, lists

from fitspec.conformance.arrangements.labels import EACH_ITS_OWN, labelled
from fitspec.conformance.arrangements.weighted_losses import expect_weighted_samples
from fitspec.conformance.checks import SGD, Build, ForAll, Sides, clause, expect, outcome
from fitspec.conformance.vocabulary.models import dropped_sum, linear, normalized, two_in_two_out
from fitspec.conformance.vocabulary.probes import MetricObject
from fitspec.conformance.vocabulary.samples import ascending, column, constant


@clause("evaluate.returns.scalar")
def test_one_output_without_metrics_gives_a_scalar(build: Build) -> None:
    """The loss of one output without metrics is returned bare."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")

    value = model.evaluate(ascending(2), constant(2, 0)).value

    # (1 + 4)/2
    seen = {"bare": np.ndim(value) == 0, "loss": np.ravel(value)}
    expect(
        seen,
        equals={"bare": True, "loss": [2.5]},
        otherwise={"a list of one": {"bare": False, "loss": [2.5]}},
    )


@clause("evaluate.returns.list")
def test_metrics_or_several_outputs_give_a_list(build: Build) -> None:
    """With metrics, or several outputs, a list is returned, the total loss first."""
    one, two = build(linear()), build(two_in_two_out(2.0, 3.0))
    one.compile(SGD(0.0), "mse", metrics=["mae"])
    two.compile(SGD(0.0), "mse")

    with_metric = one.evaluate(ascending(2), constant(2, 0)).value
    with_outputs = two.evaluate([column(1)] * 2, [column(0)] * 2).value

    # Errors 1 and 2: (1 + 4)/2 and (1 + 2)/2. Outputs 2 and 3 for 0: 4 + 9, 4 and 9.
    seen = {
        "types": [type(with_metric).__name__, type(with_outputs).__name__],
        "one metric": with_metric,
        "two outputs": with_outputs,
    }
    expect(
        seen,
        equals={
            "types": ["list", "list"],
            "one metric": [2.5, 1.5],
            "two outputs": [13.0, 4.0, 9.0],
        },
        otherwise={
            "the losses of the outputs are left out": {
                "types": ["list", "float"],
                "one metric": [2.5, 1.5],
                "two outputs": 13.0,
            },
        },
    )


@clause("evaluate.returns.metrics_names-labels")
def test_metrics_names_labels_what_is_returned(build: Build) -> None:
    """`metrics_names` holds a name for each value, in their order, once a model is compiled."""
    _, labels = labelled(build, lambda model: model.evaluate)

    expect(labels, equals=EACH_ITS_OWN)


@clause("evaluate.batch_size.invariance")
def test_the_batch_size_does_not_change_the_loss(build: Build, for_all: ForAll) -> None:
    """The loss is the mean over all samples, whatever the batch size."""
    model = build(linear())
    model.compile(SGD(0.0), "mae")

    def law(errors: list[int], batch_size: int) -> Sides:
        # 60 is divided by every size up to 6: all sums and means are whole numbers, and two
        # roundings are left to those who multiply by the inverse of a size.
        losses = [60 * error for error in errors]
        starts = range(0, len(losses), batch_size)
        means = [np.mean(losses[start : start + batch_size]) for start in starts]
        data = column(*losses), constant(len(losses), 0)
        return Sides(
            model.evaluate(*data, batch_size=batch_size).value,
            equals=sum(losses) / len(losses),
            ulps=2,
            otherwise={
                "the last batch is not weighted by its size": np.mean(means),
                "the loss of the last batch": means[-1],
            },
        )

    # 60·(1 + 2 + 3 + 4 + 5)/5 = 180. In batches of 2: 90, 210 and 300, whose plain mean is 200.
    for_all(
        law,
        errors=lists(integers(1, 9), min_size=2, max_size=6),
        batch_size=integers(1, 6),
        examples=[([1, 2, 3, 4, 5], size) for size in (1, 2, 5)],
    )


@clause("evaluate.metrics.dataset-level")
def test_metrics_are_those_of_all_the_data(build: Build) -> None:
    """A metric is computed over all samples, and not averaged over batches."""
    model = build(linear())
    model.compile(SGD(0.0), "mse", metrics=[MetricObject("precision")])
    predictions, targets = column(1, 1, 1, 0), column(1, 0, 1, 1)

    values = [model.evaluate(predictions, targets, batch_size=size).value[1] for size in (1, 3, 4)]

    # 2 of the 3 positive predictions are right, and rounded once. The batches of one sample have
    # the precisions 1, 0, 1 and 0; those of three and one have 2/3 and 0.
    expect(
        values,
        equals=[2 / 3] * 3,
        ulps=1,
        otherwise={
            "an average over batches": [0.5, 1 / 3, 2 / 3],
            "an average over batches, weighted by their size": [0.5, 0.5, 2 / 3],
            "that of the last batch": [0.0, 0.0, 2 / 3],
        },
    )


@clause("evaluate.repeatable")
def test_an_evaluation_does_not_depend_on_those_before(build: Build) -> None:
    """The same data give the same numbers, whatever was evaluated before."""
    model = build(linear())
    model.compile(SGD(0.0), "mse", metrics=["mae"])
    data = {"small errors": constant(2, 1), "large errors": constant(2, 3)}

    values = [
        model.evaluate(data[name], constant(2, 0)).value
        for name in ("small errors", "large errors", "small errors")
    ]

    expect(
        values,
        equals=[[1.0, 1.0], [9.0, 3.0], [1.0, 1.0]],
        otherwise={"metrics go on from call to call": [[1.0, 1.0], [9.0, 2.0], [1.0, 5 / 3]]},
    )


@clause("evaluate.no-weight-update")
def test_evaluating_does_not_train(build: Build) -> None:
    """Neither weights nor the count of updates change."""
    model = build(linear(1.0))
    model.compile(SGD(0.25), "mse")
    model.train_on_batch(column(1), column(0))

    model.evaluate(ascending(4), constant(4, 0))

    # One update halves w: gradient 2·w = 2, so 1 - 0.25·2.
    seen = {"weight": model.weight("y"), "updates": model.iterations()}
    expect(seen, equals={"weight": 0.5, "updates": 1})


@clause("evaluate.test-mode")
def test_evaluation_is_done_in_test_mode(build: Build) -> None:
    """Nothing is dropped, and moving statistics are used as they are and left so."""
    dropping, normalizing = build(dropped_sum()), build(normalized())
    dropping.compile(SGD(0.0), "mse")
    normalizing.compile(SGD(0.0), "mse")

    losses = [
        dropping.evaluate(np.ones((4, 63), np.float32), constant(4, 63)).value,
        normalizing.evaluate(constant(2, 5), constant(2, 0)).value,
    ]
    statistics = [array.tolist() for array in normalizing.weights()["y"][2:]]

    # 63 ones add up to 63; with dropout to an even number. With the moving statistics 5 becomes
    # 5/sqrt(1.25), whose square is 20; with those of the batch 0. A root, a quotient (or an
    # inverse and two products) and a square are rounded.
    expect(
        {"losses": losses, "moving statistics": statistics},
        equals={"losses": [0.0, 20.0], "moving statistics": [[0.0], [1.0]]},
        ulps=8,
    )


@clause("evaluate.sample_weight.flat")
def test_sample_weights_weight_the_evaluated_loss(build: Build) -> None:
    """A flat array holds one factor for the loss of each sample."""
    expect_weighted_samples(build, lambda model: model.evaluate)


@clause("evaluate.raises.not-compiled")
def test_evaluating_without_compiling_is_refused(build: Build) -> None:
    """A model that was never compiled cannot be evaluated: RuntimeError."""
    model = build(linear())

    expect(outcome(model.evaluate, ascending(2), constant(2, 0)), equals="RuntimeError")
