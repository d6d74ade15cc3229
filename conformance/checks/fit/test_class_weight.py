"""`fit`: class weights."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from hypothesis.strategies import integers, lists

from fitspec.conformance.arrangements.compiled import frozen, learning
from fitspec.conformance.arrangements.returned import loss_in
from fitspec.conformance.arrangements.taken import takes_sequences
from fitspec.conformance.arrangements.two_errors import (
    BY_WEIGHTS,
    CLASS_WEIGHT,
    X,
    Y,
    labels_of_other_kinds,
    model_of_3,
    trained_on_two_outputs,
)
from fitspec.conformance.arrangements.ways_of_ending import refused, trained
from fitspec.conformance.checks import Build, ForAll, Sides, clause, expect, outcome, recognise
from fitspec.conformance.vocabulary.models import copies, linear, temporal
from fitspec.conformance.vocabulary.probes import SequenceOf
from fitspec.conformance.vocabulary.samples import column, constant
from fitspec.conformance.worker.answers import loss_of

#: Neither whole numbers nor in the order of the classes.
FACTORS = {1: 1.5, 0: 0.25}


@clause("fit.class_weight.weights-loss")
def test_class_weights_weight_the_loss(build: Build) -> None:
    """The loss of each sample is multiplied by the weight of its class."""
    data = constant(4, 1), column(0, 1, 2, 1)

    model, others = model_of_3(build), {1: 0.25, 0: 0.0, 2: 1.5, 3: 8.0}

    def losses(*given: Any) -> Any:
        result = model.fit(*given, class_weight={2: 4.0, 0: 0.25, 1: 1.5}, epochs=1)
        return result.history.history["loss"]

    seen = {"arrays": losses(*data), "arrays again": losses(*data)}
    if takes_sequences(build):
        seen["a Sequence"] = losses(SequenceOf([data]))
    of_four = model.fit(constant(4, 2), column(0, 1, 2, 3), class_weight=others, epochs=1)
    four = {"then four classes": of_four.history.history["loss"]}

    # Losses 9, 4, 1 and 4: (0.25·9 + 1.5·4 + 4·1 + 1.5·4)/4. Of four classes, by predictions of 6,
    # 36, 25, 16 and 9: (0·36 + 0.25·25 + 1.5·16 + 8·9)/4.
    right, without, right_of_four = [18.25 / 4], [18 / 4], {"then four classes": [102.25 / 4]}
    otherwise = {
        "class weights had no effect": without,
        "class weights are cut to whole numbers": [(0 * 9 + 1 * 4 + 4 * 1 + 1 * 4) / 4],
        "the order of the dict decided": [(4 * 9 + 0.25 * 4 + 1.5 * 1 + 0.25 * 4) / 4],
        BY_WEIGHTS: [18.25 / 7.25],
    }
    of_four_otherwise = {
        "class weights had no effect": [86 / 4],
        "class weights are cut to whole numbers": [(16 + 72) / 4],
        "the order of the dict decided": [(0.25 * 36 + 1.5 * 16 + 72) / 4],
        BY_WEIGHTS: [102.25 / 9.75],
    }
    expect(
        seen | four,
        equals=dict.fromkeys(seen, right) | right_of_four,
        otherwise={
            **{
                words: {**dict.fromkeys(seen, loss), "then four classes": of_four_otherwise[words]}
                for words, loss in otherwise.items()
            },
            "they have no effect for a Sequence": {
                **dict.fromkeys(seen, right),
                **right_of_four,
                "a Sequence": without,
            },
        },
    )


@clause("fit.class_weight.weights-gradient")
def test_class_weights_weight_the_update(build: Build) -> None:
    """Class weights act on the gradients, not only on the loss that is reported."""
    sources: dict[str, tuple[Any, ...]] = {"arrays": (X, Y)}
    if takes_sequences(build):
        sources["a Sequence"] = (SequenceOf([(X, Y)]),)

    weights = {}
    for name, data in sources.items():
        model = model_of_3(build, rate=0.25)
        model.fit(*data, class_weight=FACTORS, epochs=2)
        weights[name] = model.weight("y")
    model = model_of_3(build, rate=0.25)
    model.fit(X, Y, class_weight=FACTORS, epochs=1, batch_size=1, shuffle=False)
    in_batches = {"in batches": model.weight("y")}

    # Gradient (0.25·2·w + 1.5·2·(w - 1))/2 = 1.75·w - 1.5, two updates from 3: 3 - 0.9375 = 2.0625,
    # and another 0.52734375 less. Unweighted 2·w - 1: 1.75, 1.125; in the first update alone
    # 2.0625, 1.28125.
    # In batches 3 - 0.25·0.25·2·3 = 2.625, less 0.25·1.5·2·1.625; unweighted 1.5 and 1.25; in the
    # first batch alone 2.625 and 1.8125.
    right, unweighted = 1.53515625, 1.125
    expect(
        weights | in_batches,
        equals={**dict.fromkeys(weights, right), "in batches": 1.40625},
        otherwise={
            "only the reported loss is weighted": {
                **dict.fromkeys(weights, unweighted),
                "in batches": 1.25,
            },
            "only the first update is weighted": {
                **dict.fromkeys(weights, 1.28125),
                "in batches": 1.8125,
            },
            "updates on a Sequence are not weighted": {
                "arrays": right,
                "a Sequence": unweighted,
                "in batches": 1.40625,
            },
        },
    )


@clause("fit.class_weight.training-only")
def test_class_weights_do_not_outlive_training(build: Build) -> None:
    """An evaluation, or another training, after one with class weights is not weighted."""
    model = model_of_3(build)

    seen = {"before": loss_in(model.evaluate(X, Y).value)}
    model.fit(X, Y, class_weight=FACTORS, epochs=1)
    seen["after"] = loss_in(model.evaluate(X, Y).value)
    if takes_sequences(build, "evaluate"):
        seen["after, on a Sequence"] = loss_in(model.evaluate(SequenceOf([(X, Y)])).value)
    seen["trained on"] = loss_of(model.fit(X, Y, epochs=1))[0]
    if takes_sequences(build):
        seen["trained on a Sequence"] = loss_of(model.fit(SequenceOf([(X, Y)]), epochs=1))[0]

    # (9 + 4)/2; weighted (0.25·9 + 1.5·4)/2.
    expect(
        seen,
        equals=dict.fromkeys(seen, 6.5),
        otherwise={
            "class weights are kept for later trainings": {
                name: 4.125 if "trained" in name else 6.5 for name in seen
            },
            "class weights are kept for later evaluations": {
                **dict.fromkeys(seen, 4.125),
                "before": 6.5,
            },
        },
    )


@clause("fit.class_weight.one-hot-targets")
def test_the_class_of_a_one_hot_row_is_its_maximum(build: Build) -> None:
    """The class of a one-hot target is the position of its maximum, of two classes as of more."""
    classes = {3: [0, 1, 2, 1], 2: [0, 1, 1, 1]}
    class_weights = {3: {2: 4.0, 0: 0.25, 1: 1.5}, 2: {1: 4.0, 0: 0.25}}

    losses = {
        f"{number}": frozen(build, copies(number, 2.0))
        .fit(
            constant(4, 1),
            np.eye(number, dtype=np.float32)[positions],
            class_weight=class_weights[number],
            epochs=1,
        )
        .history.history["loss"]
        for number, positions in classes.items()
    }
    # Whether Sequences are taken is another clause.
    if takes_sequences(build):
        rows = np.eye(3, dtype=np.float32)[classes[3]]
        model, source = frozen(build, copies(3, 2.0)), SequenceOf([(constant(4, 1), rows)])
        weighted = model.fit(source, class_weight=class_weights[3], epochs=1)
        losses["3, in a Sequence"] = weighted.history.history["loss"]

    # Of three classes, predictions 2, 2, 2: each row loses (1 + 4 + 4)/3 = 3, so
    # 3·(0.25 + 1.5 + 4 + 1.5)/4. Of two, (1 + 4)/2 = 2.5, so 2.5·(0.25 + 4 + 4 + 4)/4.
    first = 3 * (1.5 + 0.25 + 0.25 + 0.25) / 4, 2.5 * (4 + 0.25 + 0.25 + 0.25) / 4

    def found(three: float, two: float) -> dict[str, list[float]]:
        return {name: [three if "3" in name else two] for name in losses}

    expect(
        losses,
        equals=found(5.4375, 7.65625),
        otherwise={
            "class weights had no effect": found(3.0, 2.5),
            "the first column is the class": found(*first),
        },
    )


@clause("fit.class_weight.integer-keys-float-labels")
def test_integer_keys_match_labels_of_any_form(build: Build) -> None:
    """Integer keys match labels that are integers or floats, flat or in a column."""
    forms = {
        f"{name}, {kind.__name__}": (X, labels.astype(kind))
        for name, labels in (("flat", Y.ravel()), ("column", Y))
        for kind in (np.float32, np.float64, np.int32, np.int64)
    }

    seen = {}
    for name, data in (forms | labels_of_other_kinds(build)).items():
        model = model_of_3(build, rate=0.25)
        result = model.fit(*data, class_weight=FACTORS, epochs=1)
        seen[name] = {"loss": result.history.history["loss"], "weight": model.weight("y")}

    # (0.25·9 + 1.5·4)/2 and 3 - 0.25·(0.25·2·3 + 1.5·2·2)/2; unweighted (9 + 4)/2 and 3 - 0.25·5.
    expect(
        seen,
        equals=dict.fromkeys(seen, {"loss": [4.125], "weight": 2.0625}),
        otherwise={
            "class weights had no effect": dict.fromkeys(seen, {"loss": [6.5], "weight": 1.75})
        },
    )


@clause("fit.class_weight.not-a-dict")
def test_class_weights_that_are_no_mapping_are_not_read_by_position(build: Build) -> None:
    """A list, a tuple or an array is never taken for the weights of classes 0, 1, …."""
    cases = {"list": [0.25, 1.5], "tuple": (0.25, 1.5), "array": np.asarray([0.25, 1.5])}

    seen = {}
    for name, value in {"dict": FACTORS, **cases}.items():
        model = model_of_3(build, rate=0.25)
        outcome(model.fit, X, Y, class_weight=value, epochs=1)
        seen[name] = model.weight("y") == 2.0625
    # Whether Sequences are taken is another clause.
    if takes_sequences(build):
        model = model_of_3(build, rate=0.25)
        outcome(model.fit, SequenceOf([(X, Y)]), class_weight=cases["list"], epochs=1)
        seen["list, with a Sequence"] = model.weight("y") == 2.0625

    # 3 - 0.25·(0.25·2·3 + 1.5·2·2)/2 by class, and so by position; an exception and an update
    # without weights are both within the clause.
    expect(seen, equals={**dict.fromkeys(seen, False), "dict": True})


@clause("fit.class_weight.per-output")
def test_class_weights_of_one_of_several_outputs(build: Build) -> None:
    """What `fit` does with class weights for one of two outputs, given by its name."""
    seen = trained_on_two_outputs(build, class_weight={"a": CLASS_WEIGHT})

    # Output a loses 9 and 4, output b 4 and 1. Weighted a (1·9 + 10·4)/2, b (1·4 + 10·1)/2;
    # unweighted 6.5 and 2.5.
    recognise(
        seen,
        {
            "they weight the loss of that output": [24.5 + 2.5],
            "they are refused with a ValueError": "ValueError",
            "they have no effect": [6.5 + 2.5],
            "they weight the loss of every output": [24.5 + 7.0],
        },
    )


@clause("fit.class_weight.odd-entries")
def test_class_weights_with_entries_of_wrong_types(build: Build) -> None:
    """What becomes of classes named by texts, of a factor in a text, and of no factor."""
    weights: dict[str, Any] = {
        "classes as texts": {"0": 1.0, "1": 10.0},
        "factors as texts": {0: "1", 1: "10"},
        "no factor": {0: 1.0, 1: None},
    }

    seen = {
        name: trained(learning(build, linear(3.0)), X, Y, class_weight=value)
        for name, value in weights.items()
    }

    # (9·1 + 4·10)/2 = 24.5.
    recognise(
        seen,
        {
            "all are refused with a ValueError": dict.fromkeys(seen, "ValueError"),
            "classes as texts are understood; the others are a ValueError": {
                **dict.fromkeys(seen, "ValueError"),
                "classes as texts": [24.5],
            },
            "classes as texts are a ValueError; factors are understood, and none is NaN": {
                "classes as texts": "ValueError",
                "factors as texts": [24.5],
                "no factor": [math.nan],
            },
            "factors as texts fail in TensorFlow, UnimplementedError; others are a ValueError": {
                **dict.fromkeys(seen, "ValueError"),
                "factors as texts": "UnimplementedError",
            },
            "classes as texts have no effect; factors are understood, and none is NaN": {
                "classes as texts": [6.5],
                "factors as texts": [24.5],
                "no factor": [math.nan],
            },
        },
    )


@clause("fit.class_weight.float-keys")
def test_class_weights_whose_classes_are_floats(build: Build) -> None:
    """What becomes of classes that are written as floats."""
    weights: dict[str, Any] = {"integers": {0: 1.0, 1: 10.0}, "floats": {0.0: 1.0, 1.0: 10.0}}

    seen = {
        name: trained(frozen(build, linear(3.0)), X, Y, class_weight=value)
        for name, value in weights.items()
    }

    # (9·1 + 4·10)/2 = 24.5; without weights 6.5.
    recognise(
        seen,
        {
            "they are understood": dict.fromkeys(seen, [24.5]),
            "they have no effect": {"integers": [24.5], "floats": [6.5]},
            "they are refused with a ValueError": {"integers": [24.5], "floats": "ValueError"},
            "they are refused with a TypeError": {"integers": [24.5], "floats": "TypeError"},
        },
    )


@clause("fit.class_weight.missing-class")
def test_a_class_without_a_weight(build: Build) -> None:
    """What becomes of samples of a class that `class_weight` leaves out."""
    # (9·2 + 4·f)/2 with the factor f of the class that is left out.
    recognise(
        trained(learning(build, linear(3.0)), X, Y, class_weight={0: 2.0}),
        {
            **refused("ValueError", "KeyError", "InvalidArgumentError"),
            "they count as with a weight of 1": [11.0],
            "they do not count: a weight of 0": [9.0],
        },
    )


@clause("fit.class_weight.time-steps")
def test_class_weights_for_targets_with_time_steps(build: Build) -> None:
    """What `class_weight` does where each sample has a target for each of three steps."""
    steps = np.ones((2, 3, 1), np.float32)
    targets = np.asarray([[[0], [1], [1]], [[0], [0], [1]]], np.float32)

    # Losses 9, 4, 4 and 9, 9, 4, of which those of class 1 are weighted by 10: 147/6; else 39/6.
    recognise(
        trained(learning(build, temporal(3.0)), steps, targets, class_weight={0: 1.0, 1: 10.0}),
        {
            **refused("ValueError", "TypeError"),
            "it weights every step by its own class": [24.5],
            "it has no effect": [6.5],
        },
    )


@clause("fit.class_weight.with-sample-weight")
def test_class_weights_and_sample_weights_multiply(build: Build, for_all: ForAll) -> None:
    """With both kinds of weights the loss of a sample is multiplied by both."""

    def law(labels: list[int], class_weights: list[int], sample_weights: list[int]) -> Sides:
        by_sample = np.asarray(sample_weights, np.float32)
        factors = np.asarray(class_weights) / 4
        model = model_of_3(build, 2.0**-6)
        result = model.fit(
            constant(len(labels), 1),
            column(*labels),
            class_weight=dict(enumerate(factors.tolist())),
            sample_weight=by_sample,
            epochs=1,
        )
        # The weight 3 errs by 3 on label 0 and by 2 on label 1. Of two or four samples all sums
        # are small multiples of a quarter and all means exact; so is what a power of two makes of
        # the gradients, which are twice the errors.
        errors, by_class = 3.0 - np.asarray(labels), factors[labels]
        both = by_class * sample_weights

        def after(in_report: Any, in_update: Any, divisor: float = len(labels)) -> Any:
            loss, slope = np.sum(errors**2 * in_report), np.sum(2 * errors * in_update)
            return {"loss": [loss / divisor], "weight": 3 - slope / divisor / 64}

        return Sides(
            {"loss": result.history.history["loss"], "weight": model.weight("y")},
            equals=after(both, both),
            otherwise={
                "only the class weights act": after(by_class, by_class),
                "only the sample weights act": after(by_sample, by_sample),
                "the reported loss alone has the class weights": after(both, by_sample),
                "the reported loss alone is weighted": after(both, 1.0),
                BY_WEIGHTS: after(both, both, np.sum(both)),
            },
        )

    # (2·0.25·9 + 3·1.5·4)/2 = 11.25; class weights alone (2.25 + 6)/2, sample weights alone
    # (18 + 12)/2.
    for_all(
        law,
        labels=lists(integers(0, 1), min_size=4, max_size=4),
        class_weights=lists(integers(1, 40), min_size=2, max_size=2),
        sample_weights=lists(integers(1, 9), min_size=4, max_size=4),
        examples=[([0, 1], [1, 6], [2, 3])],
    )
