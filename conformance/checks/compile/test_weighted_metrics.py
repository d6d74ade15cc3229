"""`compile`: metrics that are weighted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.arrangements.returned import beside, metric_in
from fitspec.conformance.arrangements.taken import tried
from fitspec.conformance.arrangements.two_errors import X, Y, model_of_3
from fitspec.conformance.checks import SGD, Build, answer, clause, expect, outcome, recognise
from fitspec.conformance.vocabulary.models import linear, temporal, two_in_two_out
from fitspec.conformance.vocabulary.probes import MetricObject, SequenceOf, UserFunction
from fitspec.conformance.vocabulary.samples import column, constant

if TYPE_CHECKING:
    from fitspec.conformance.worker.remote import Model


def _expect_of_steps(build: Build, weights: Any, **mode: str) -> None:
    """Claim that a weighted metric is 2.75 on errors of 3, 2, 1 and of 3, 3, 3 in three steps."""
    model = build(temporal(3.0))
    model.compile(SGD(0.0), "mse", weighted_metrics=["mae"], **mode)
    data = np.ones((2, 3, 1), np.float32), np.asarray([[0, 1, 2], [0, 0, 0]], np.float32)[..., None]

    seen = {
        name: np.ravel(method(*data, sample_weight=weights).value)[-1]
        for name, method in (("train_on_batch", model.train_on_batch), ("evaluate", model.evaluate))
    }

    # The weights make up 16.5 of six steps; unweighted it is 15.
    expect(
        seen,
        equals=dict.fromkeys(seen, 2.75),
        otherwise={
            "the metric is not weighted": dict.fromkeys(seen, 2.5),
            "the sum over the steps is divided by the samples": dict.fromkeys(seen, 8.25),
        },
    )


def _of_two_outputs(build: Build, weights: Any, **options: Any) -> list[Any]:
    """Return what History has of two outputs with weighted metrics, compiled with `options`."""
    model = build(two_in_two_out(3.0, 3.0))
    model.compile(SGD(0.0), "mse", weighted_metrics={"a": "mae", "b": "mae"}, **options)
    history = model.fit([X] * 2, [Y] * 2, sample_weight=weights, epochs=1).history.history
    return [*history.values()]


@clause("compile.weighted_metrics.by-sample-weight")
def test_sample_weights_weight_the_weighted_metrics(build: Build) -> None:
    """A weighted metric is a mean weighted by `sample_weight`."""
    model = build(linear(3.0))
    model.compile(SGD(0.0), "mse", weighted_metrics=["mae"])
    weights = np.asarray([0.5, 1.5], np.float32)

    _, metric = model.train_on_batch(X, Y, sample_weight=weights).value
    history = model.fit(X, Y, sample_weight=weights, epochs=1).history.history
    plain = model_of_3(build).fit(X, Y, epochs=1).history.history
    (of_epoch,) = beside(plain, history)
    seen = {"mae": metric, "mae of an epoch": of_epoch[0]}
    # Whether Sequences are taken is another clause.
    if (of_items := tried(model.fit, SequenceOf([(X, Y, weights)] * 2), epochs=1)) is not None:
        (values,) = beside(plain, of_items.history.history)
        seen["mae of a Sequence"] = values[0]

    # So are weights of several outputs.
    both = [weights, weights[::-1].copy()]
    if (of_two := tried(_of_two_outputs, build, both)) is not None:
        seen["mae of two outputs"] = [value for value in (2.25, 2.75) if [value] in of_two]
    # What weights their losses is no matter of theirs.
    of_weighted = tried(_of_two_outputs, build, both, loss_weights=[4.0, 8.0])
    if of_weighted is not None:
        in_it = [value for value in (2.25, 2.75) if [value] in of_weighted]
        seen["mae of two outputs beside loss weights"] = in_it

    def precision() -> float:
        positive = build(linear(0.75))
        positive.compile(SGD(0.0), "mse", weighted_metrics=[MetricObject("precision")])
        factors = np.asarray([0.5, 0.25], np.float32)
        return metric_in(positive.train_on_batch(X, Y, sample_weight=factors).value)

    if (found := tried(precision)) is not None:
        seen["precision"] = found

    # Errors 3 and 2: (0.5·3 + 1.5·2)/2, where the weights add up to the number of samples, and
    # (1.5·3 + 0.5·2)/2. Both are predicted to be positive, the second is: 0.25/0.75, of whatever
    # the weights add up to.
    of_mae = ("mae", "mae of an epoch", "mae of a Sequence")
    of_both = ("mae of two outputs", "mae of two outputs beside loss weights")
    right: dict[str, Any] = {**dict.fromkeys(of_mae, 2.25), "precision": 1 / 3}
    right |= dict.fromkeys(of_both, [2.25, 2.75])
    wrong: dict[str, Any] = {**dict.fromkeys(of_mae, 2.5), "precision": 1 / 2}
    wrong |= dict.fromkeys(of_both, list[float]())
    of_first = {**right, **dict.fromkeys(of_both, [2.25])}
    expect(
        seen,
        equals={name: right[name] for name in seen},
        ulps=1,
        otherwise={
            "the metrics are not weighted": {name: wrong[name] for name in seen},
            "those of a second output are not weighted": {name: of_first[name] for name in seen},
        },
    )


@clause("compile.weighted_metrics.by-class-weight")
def test_class_weights_weight_the_weighted_metrics_of_training(build: Build) -> None:
    """A weighted metric is weighted by `class_weight` in training, and not in validation."""

    def weighting() -> Model:
        model = build(linear(3.0))
        model.compile(SGD(0.0), "mse", weighted_metrics=["mae"])
        return model

    validation = constant(3, 1), column(0, 1, 1)

    # Two batches of the two samples, which are alike.
    data, arguments = (np.tile(X, (2, 1)), np.tile(Y, (2, 1))), {"batch_size": 2, "shuffle": False}
    result = weighting().fit(
        *data, epochs=1, class_weight={0: 0.5, 1: 1.5}, validation_data=validation, **arguments
    )

    # Errors 3 and 2 in training: (0.5·3 + 1.5·2)/2, where the weights add up to the number of
    # samples; unweighted 2.5. Errors 3, 2 and 2 in validation: 7/3; weighted
    # (0.5·3 + 1.5·2 + 1.5·2)/3.5. No document spells the keys, so the values are claimed.
    plain = model_of_3(build).fit(*data, epochs=1, validation_data=validation, **arguments)
    metrics = sorted(values[0] for values in beside(plain.history.history, result.history.history))
    seen, right = {"arrays": metrics}, {"arrays": [2.25, 7 / 3]}
    # Whether class weights are taken there, and Sequences at all, are other clauses.
    by_class = {"class_weight": {0: 0.5, 1: 1.5}}
    if (of_batch := tried(weighting().train_on_batch, X, Y, **by_class)) is not None:
        seen["a batch"], right["a batch"] = [metric_in(of_batch.value)], [2.25]
    items = tried(weighting().fit, SequenceOf([(X, Y)] * 2), epochs=1, **by_class)
    if items is not None:
        of_losses = model_of_3(build).fit(X, Y, epochs=1).history.history
        found = [values[0] for values in beside(of_losses, items.history.history)]
        seen["a Sequence"], right["a Sequence"] = found, [2.25]
    unweighted = {**dict.fromkeys(seen, [2.5]), "arrays": [7 / 3, 2.5]}
    expect(
        seen,
        equals=right,
        ulps=1,
        otherwise={
            "class weights had no effect": unweighted,
            "validation is weighted too": {**right, "arrays": [7.5 / 3.5, 2.25]},
            "they have no effect but for arrays": {**unweighted, "arrays": right["arrays"]},
        },
    )


@clause("compile.weighted_metrics.in-test")
def test_weighted_metrics_are_weighted_over_the_whole_test_set(build: Build) -> None:
    """In testing, a weighted metric is one weighted mean over all samples of all batches."""
    model = build(linear(3.0))
    model.compile(SGD(0.0), "mse", weighted_metrics=["mae"])
    weights = np.asarray([0.25, 0.75, 2], np.float32)

    _, metric = model.evaluate(
        constant(3, 1), column(0, 1, 2), batch_size=2, sample_weight=weights
    ).value

    seen = {"arrays": metric}
    # Whether validation takes weights is another clause, and so is which half is set apart.
    triple = {"validation_data": (constant(3, 1), column(0, 1, 2), weights)}
    halves = {"validation_split": 0.5, "sample_weight": np.tile(weights, 2)}
    for place, data, arguments in (
        ("validation", (X, Y), triple),
        ("a part set apart", (constant(6, 1), column(0, 1, 2, 0, 1, 2)), halves),
    ):
        validated = tried(model.fit, *data, epochs=1, batch_size=2, **arguments)
        if validated is not None:
            history = validated.history.history
            names = [key for key in history if key.startswith("val_") and key != "val_loss"]
            seen |= {f"{name} of {place}": history[name][0] for name in names}
    batches = [(column(1), column(0), weights[:1]), (column(1, 1), column(1, 2), weights[1:])]
    # Whether Sequences are taken is another clause.
    if (of_items := tried(model.evaluate, SequenceOf(batches))) is not None:
        _, seen["a Sequence"] = of_items.value
    # Whether a batch may be tested is another clause.
    whole = constant(3, 1), column(0, 1, 2)
    if (of_batch := tried(model.test_on_batch, *whole, sample_weight=weights)) is not None:
        seen["a batch"] = metric_in(of_batch.value)

    # Errors 3, 2 and 1: (0.25·3 + 0.75·2 + 2·1)/3, where the weights add up to the number of
    # samples; the quotient is rounded. The means of the batches are 2.25/1 and 2/2, or 3 and
    # 3.5/2.75 in the Sequence.
    expect(
        seen,
        equals=dict.fromkeys(seen, 4.25 / 3),
        ulps=1,
        otherwise={
            "the metric is not weighted": dict.fromkeys(seen, 2.0),
            "the mean of the batches' weighted means": {
                **dict.fromkeys(seen, (3 + 3.5 / 2.75) / 2),
                "arrays": 1.625,
                "a batch": 4.25 / 3,
            },
            "that mean, by the sizes of the batches": {
                **dict.fromkeys(seen, (3 + 2 * 3.5 / 2.75) / 3),
                "arrays": 5.5 / 3,
                "a batch": 4.25 / 3,
            },
        },
    )


@clause("compile.weighted_metrics.time-steps")
def test_weights_of_samples_weight_their_time_steps(build: Build) -> None:
    """A weighted metric of an output with time steps is a mean over all of them."""
    # (0.5·(3 + 2 + 1) + 1.5·(3 + 3 + 3))/6
    _expect_of_steps(build, np.asarray([0.5, 1.5], np.float32))


@clause("compile.weighted_metrics.temporal")
def test_weights_of_time_steps_weight_the_weighted_metrics(build: Build) -> None:
    """In temporal mode a weighted metric is a mean weighted step by step."""
    # (2·3 + 0.5·2 + 0.5·1 + 3 + 3 + 3)/6; averaged over time first, the weights are 1 each.
    weights = np.asarray([[2, 0.5, 0.5], [1, 1, 1]], np.float32)
    _expect_of_steps(build, weights, sample_weight_mode="temporal")


@clause("compile.weighted_metrics.same-metric")
def test_the_same_metric_with_weights_and_without(build: Build) -> None:
    """The names and values of a metric in `metrics` and in `weighted_metrics`."""
    model = build(linear(3.0))
    weights = np.asarray([1, 3], np.float32)

    refused = outcome(model.compile, SGD(0.0), "mse", metrics=["mae"], weighted_metrics=["mae"])
    data = constant(2, 1), column(0, 1)
    answered = answer(model.fit, *data, sample_weight=weights) if refused == "returned" else refused
    seen: Any = answered
    if not isinstance(answered, str):
        history = answered.history.history
        seen = {name: values for name, values in history.items() if name != "loss"}

    # Errors 3 and 2: 5/2; weighted (1·3 + 3·2)/(1 + 3), or divided by the 2 samples.
    plain, weighted = [2.5], [2.25]
    recognise(
        seen,
        {
            "two values; the weighted one has a number: mae_1": {"mae": plain, "mae_1": weighted},
            "two values; the weighted one is called weighted_mae": {
                "mae": plain,
                "weighted_mae": weighted,
            },
            "under one name, of which the weighted value remains": {"mae": weighted},
            "under one name, of which the value without weights remains": {"mae": plain},
            "it is refused with a ValueError": "ValueError",
        },
    )


@clause("compile.weighted_metrics.divisor")
def test_what_a_weighted_sum_is_divided_by(build: Build) -> None:
    """Whether a weighted metric is a mean by the weights or by the samples."""
    model = build(linear(3.0))
    model.compile(SGD(0.0), "mse", weighted_metrics=["mae"])
    data = constant(3, 1), column(0, 1, 2)

    result = model.train_on_batch(*data, sample_weight=np.asarray([1, 3, 0], np.float32))

    # Errors 3, 2 and 1: 1·3 + 3·2 + 0·1 = 9.
    recognise(
        np.ravel(result.value)[-1],
        {
            "the sum of the weights": 2.25,
            "the number of samples": 3.0,
            "the number of samples whose weight is not 0": 4.5,
        },
        ulps=1,
    )


@clause("compile.weighted_metrics.on-several-outputs")
def test_results_of_metrics_and_weighted_metrics_on_several_outputs(build: Build) -> None:
    """The names and the order of the results of both kinds of metrics on two outputs."""
    model = build(two_in_two_out(2.0, 6.0, outputs=("z", "a")))
    model.compile(
        SGD(0.0),
        [UserFunction("prediction_less_twice_target")] * 2,
        metrics={"a": "mse", "z": "mse"},
        weighted_metrics={"a": "mae", "z": "mae"},
    )

    history = model.fit([column(1)] * 2, [column(-1)] * 2, epochs=1).history.history

    # z is 2 and a is 6 where -1 is right: losses 2 + 2 and 6 + 2, squares 3² and 7².
    meaning = {
        12.0: "total",
        4.0: "loss of z",
        8.0: "loss of a",
        9.0: "metric of z",
        49.0: "metric of a",
        3.0: "weighted of z",
        7.0: "weighted of a",
    }
    seen = [[name, meaning.get(float(values[0]), "?")] for name, values in history.items()]
    losses = [["loss", "total"], ["z_loss", "loss of z"], ["a_loss", "loss of a"]]
    recognise(
        seen,
        {
            "losses, then output by output the metric, z_mse, and the weighted one, z_mae": [
                *losses,
                ["z_mse", "metric of z"],
                ["z_mae", "weighted of z"],
                ["a_mse", "metric of a"],
                ["a_mae", "weighted of a"],
            ],
            "losses, then metrics, z_mse, then weighted ones, z_mae": [
                *losses,
                ["z_mse", "metric of z"],
                ["a_mse", "metric of a"],
                ["z_mae", "weighted of z"],
                ["a_mae", "weighted of a"],
            ],
            "losses, then weighted ones, z_mae, then metrics, z_mse": [
                *losses,
                ["z_mae", "weighted of z"],
                ["a_mae", "weighted of a"],
                ["z_mse", "metric of z"],
                ["a_mse", "metric of a"],
            ],
            "by the alphabet of the names, a_mae, with the total between": sorted(
                [
                    *losses,
                    ["z_mse", "metric of z"],
                    ["z_mae", "weighted of z"],
                    ["a_mse", "metric of a"],
                    ["a_mae", "weighted of a"],
                ]
            ),
        },
    )
