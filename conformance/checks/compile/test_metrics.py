"""`compile`: metrics, of one output and of several."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from fitspec.conformance.arrangements import masked
from fitspec.conformance.arrangements.returned import beside
from fitspec.conformance.arrangements.taken import tried
from fitspec.conformance.arrangements.two_errors import model_of_3
from fitspec.conformance.checks import SGD, Build, answer, clause, expect, outcome, recognise
from fitspec.conformance.vocabulary.models import (
    linear,
    masked_steps,
    two_in_two_out,
)
from fitspec.conformance.vocabulary.probes import MetricObject, SequenceOf
from fitspec.conformance.vocabulary.samples import ascending, column, constant

ONE, ZERO = column(1), column(0)


@clause("compile.metrics.list")
def test_metrics_follow_the_loss_in_the_order_of_the_list(build: Build) -> None:
    """A list of metrics is reported after the loss, in its order."""
    model = build(linear())
    model.compile(SGD(0.0), "mse", metrics=["mse", "mae"])

    seen = {"two": model.evaluate(ascending(2), constant(2, 0)).value}

    def of_three() -> Any:
        model = build(linear())
        model.compile(SGD(0.0), "mse", metrics=["mse", "mape", "mae"])
        return model.evaluate(column(1, 3), constant(2, 4)).value

    # Whether each of these is known is no matter of their order.
    if (values := tried(of_three)) is not None:
        seen["three"] = values

    # Errors 1 and 2: squares average 2.5, absolute values 1.5. Errors 3 and 1 where 4 is right:
    # squares average 5, absolute values 2, and parts of 3/4 and 1/4 are 50 %.
    right = {"two": [2.5, 2.5, 1.5], "three": [5.0, 5.0, 50.0, 2.0]}
    by_name = {"two": [2.5, 1.5, 2.5], "three": [5.0, 2.0, 50.0, 5.0]}
    expect(
        seen,
        equals={name: right[name] for name in seen},
        # The parts may be products with a hundred, and divided by what is near to 4.
        ulps=2,
        otherwise={"the metrics are in alphabetical order": {name: by_name[name] for name in seen}},
    )


@clause("compile.metrics.train-and-test")
def test_metrics_are_computed_in_training_and_in_testing(build: Build) -> None:
    """A metric is reported of the training data, of the validation data and by `evaluate`."""
    model = build(linear())
    model.compile(SGD(0.0), "mse", metrics=["mae"])
    validation = column(3, 4), constant(2, 0)

    history = model.fit(
        ascending(2), constant(2, 0), epochs=1, validation_data=validation
    ).history.history

    # Errors 1 and 2 in training: squares average 2.5, absolute values 1.5. Errors 3 and 4 in
    # validation: 12.5 and 3.5. No document spells the keys of metrics, so the values are claimed.
    in_history, wanted = [*history.values()], (1.5, 2.5, 3.5, 12.5)
    seen = {
        # What else a history holds, such as times, is no matter of metrics.
        "history": [value for value in wanted if [value] in in_history],
        "evaluate": model.evaluate(*validation).value,
    }
    expect(seen, equals={"history": [*wanted], "evaluate": [12.5, 3.5]})


@clause("compile.metrics.not-sample-weighted")
def test_metrics_ignore_sample_weights(build: Build) -> None:
    """What is listed as `metrics` is the same with sample weights as without."""
    model = build(linear(3.0))
    model.compile(SGD(0.0), "mae", metrics=["mse"])
    weights = np.asarray([1, 3], np.float32)
    data = constant(2, 1), column(0, 1)

    _, tested = model.evaluate(*data, sample_weight=weights).value
    history = model.fit(*data, sample_weight=weights, epochs=1).history.history
    plain = model_of_3(build).fit(*data, epochs=1).history.history
    ((trained,),) = beside(plain, history)

    # Errors 3 and 2: (9 + 4)/2; weighted (1·9 + 3·4)/(1 + 3), or by the number of samples.
    seen = {"in testing": tested, "in training": trained}
    # Whether there are Sequences with weights is another clause.
    if (of_items := tried(model.evaluate, SequenceOf([(*data, weights)]))) is not None:
        seen["of a Sequence"] = of_items.value[1]
    expect(
        seen,
        equals=dict.fromkeys(seen, 6.5),
        otherwise={
            "the metric is a weighted mean": dict.fromkeys(seen, 5.25),
            "the metric is weighted as the loss is": dict.fromkeys(seen, 10.5),
        },
    )


@clause("compile.metrics.no-gradient-effect")
def test_metrics_do_not_change_training(build: Build) -> None:
    """Updates lead to the same weights with metrics and without."""

    def of_two(metrics: list[str] | None) -> float:
        two = build(two_in_two_out(1.0, 1.0))
        two.compile(SGD(0.125), "mae", metrics=metrics)
        two.fit([ONE] * 2, [column(-99)] * 2, epochs=4)
        return two.weight("b")

    weights = {}
    for name, metrics in {"without metrics": None, "with metrics": ["mse"]}.items():
        model = build(linear(1.0))
        model.compile(SGD(0.125), "mae", metrics=metrics)
        model.fit(constant(5, 1), constant(5, -99), batch_size=5, epochs=4)
        weights[name] = model.weight("y")
        # Whether there may be several outputs is another clause.
        if (weight := tried(of_two, metrics)) is not None:
            weights[f"{name}, of two outputs"] = weight

    # The gradient is 1 in each of four epochs of one batch: 1 - 4/8.
    expect(weights, equals=dict.fromkeys(weights, 0.5))


@clause("compile.metrics.masked-steps")
def test_what_hidden_steps_are_to_a_metric(build: Build) -> None:
    """Whether steps that a mask hides count in a metric."""
    model = build(masked_steps(3.0))
    model.compile(SGD(0.0), "mse", metrics=["mae"])

    _, metric = model.evaluate(masked.X, masked.Y).value

    # Errors 3, 2 and 1, and three times 5 where a step is hidden.
    recognise(
        metric,
        {
            "a mean over the steps that are not hidden": 2.0,
            "0, in a mean over all steps": 1.0,
            "0, in a mean over samples of means over steps that are not hidden": 1.75,
            "as any other step": 3.5,
        },
        ulps=2,
    )


@clause("compile.metrics.invalid-ValueError")
def test_invalid_metrics_are_refused(build: Build) -> None:
    """An unknown metric, an unknown output, or lists for fewer outputs are a ValueError."""
    cases = {
        "an unknown metric": (["nope"], ["mse"]),
        "an unknown metric beside a known one": (["mse", "nope"], ["mse", "mae"]),
        "a name that begins as a known one": (["msenope"], ["mse"]),
        "an unknown metric by output": (
            {"a": ["mse"], "b": ["nope"]},
            {"a": ["mse"], "b": ["mae"]},
        ),
        "an unknown metric in lists": ([["mse"], ["nope"]], [["mse"], ["mae"]]),
        "an unknown output": (dict.fromkeys("abc", "mse"), dict.fromkeys("ab", "mse")),
        "an unknown output for one": (dict.fromkeys("ac", "mse"), dict.fromkeys("ab", "mse")),
        "one list for two outputs": ([["mse"]], [["mse"], ["mse"]]),
        "three lists for two outputs": ([["mse"]] * 3, [["mse"], ["mse"]]),
    }

    outcomes = {
        name: [
            outcome(build(two_in_two_out(1.0, 1.0)).compile, SGD(0.0), "mse", metrics=metrics)
            for metrics in wrong_and_right
        ]
        for name, wrong_and_right in cases.items()
    }

    expect(
        outcomes,
        equals=dict.fromkeys(cases, ["ValueError", "returned"]),
        otherwise={
            "compile accepts it; what comes of it shows in training": dict.fromkeys(
                cases, ["returned", "returned"]
            ),
        },
    )


@clause("compile.metrics.output-label")
def test_what_a_metric_of_one_of_several_outputs_is_called(build: Build) -> None:
    """The keys in History of one metric for each of two outputs, ``a`` and ``b``."""
    model = build(two_in_two_out(3.0, 2.0))
    model.compile(SGD(0.0), "mse", metrics={"a": ["mae"], "b": ["mae"]})

    history = model.fit([ONE, ONE], [ONE, ONE]).history.history
    metrics = {key: values for key, values in history.items() if not key.endswith("loss")}

    # The outputs 3 and 2 err by 2 and by 1.
    first, second = [2.0], [1.0]
    recognise(
        metrics,
        {
            "the output in front, the metric as it was asked for: a_mae": {
                "a_mae": first,
                "b_mae": second,
            },
            "the output in front, the metric in full: a_mean_absolute_error": {
                "a_mean_absolute_error": first,
                "b_mean_absolute_error": second,
            },
            "the metric alone, told apart by a number: mae, mae_1": {
                "mae": first,
                "mae_1": second,
            },
            "the metric alone: one key for all": {"mae": second},
        },
    )


@clause("compile.metrics.duplicates")
def test_the_same_metric_asked_for_twice(build: Build) -> None:
    """How many values, under which names, one metric has that is in the list twice."""
    model = build(linear(2.0))

    refused = outcome(model.compile, SGD(0.0), "mse", metrics=["mae", "mae"])
    answered = answer(model.fit, ONE, column(0)) if refused == "returned" else refused
    seen: Any = answered
    if not isinstance(answered, str):
        seen = {
            "in History": sorted(set(answered.history.history) - {"loss"}),
            "evaluated": np.ravel(model.evaluate(ONE, column(0)).value),
        }

    once, twice = [4.0, 2.0], [4.0, 2.0, 2.0]
    recognise(
        seen,
        {
            "two values, the second under a name with a number: mae_1": {
                "in History": ["mae", "mae_1"],
                "evaluated": twice,
            },
            "two in History, mae and mae_1; evaluate returns three": {
                "in History": ["mae", "mae_1"],
                "evaluated": [*twice, 2.0],
            },
            "two values, under one name in History": {"in History": ["mae"], "evaluated": twice},
            "one value": {"in History": ["mae"], "evaluated": once},
            "it is refused with a ValueError": "ValueError",
        },
    )


@clause("compile.metrics.one-object")
def test_one_metric_object_for_two_outputs(build: Build) -> None:
    """What a metric object counts that is given to two outputs at once."""
    data = [constant(2, 1)] * 2, [column(1, 0), constant(2, 1)]
    seen: dict[str, Any] = {}
    for name in ("a list", "a list of lists"):
        found = []
        for metrics in ([], [MetricObject("precision")]):
            model = build(two_in_two_out(1.0, 1.0))
            given: Any = [metrics, metrics] if name == "a list of lists" else metrics
            refused = outcome(model.compile, SGD(0.0), "mse", metrics=given)
            answered = answer(model.evaluate, *data) if refused == "returned" else refused
            if isinstance(answered, str):
                seen[name] = answered
                break
            found.append(Counter(np.ravel(answered.value).tolist()))
        else:
            bare, measured = found
            seen[name] = sorted((measured - bare).elements())

    # All predictions are positive. Of the first output's one of two is right, of the second's both.
    # Counted together that is three of four.
    each, both = [0.5, 1.0], [0.75, 0.75]
    recognise(
        seen,
        {
            "each output by itself": {"a list": each, "a list of lists": each},
            "from a list each by itself; from a list of lists both together": {
                "a list": each,
                "a list of lists": both,
            },
            "both together": {"a list": both, "a list of lists": both},
            "from a list each by itself; from a list of lists the first, under both names": {
                "a list": each,
                "a list of lists": [0.5, 0.5],
            },
            "from a list each by itself; from a list of lists the last, under both names": {
                "a list": each,
                "a list of lists": [1.0, 1.0],
            },
            "from a list each by itself; a list of lists is refused with a ValueError": {
                "a list": each,
                "a list of lists": "ValueError",
            },
            "a list is refused with a ValueError; from a list of lists both together": {
                "a list": "ValueError",
                "a list of lists": both,
            },
        },
    )
