"""`fit`: sample weights."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from hypothesis.strategies import integers, lists, sampled_from

from fitspec.conformance.arrangements import masked
from fitspec.conformance.arrangements.compiled import frozen, learning
from fitspec.conformance.arrangements.taken import taken, tried
from fitspec.conformance.arrangements.two_errors import (
    BY_WEIGHTS,
    WEIGHTS,
    X,
    Y,
    model_of_3,
    trained_on_two_outputs,
)
from fitspec.conformance.arrangements.ways_of_ending import refused, trained
from fitspec.conformance.checks import SGD, Build, ForAll, Sides, clause, expect, recognise
from fitspec.conformance.vocabulary.models import linear, masked_steps, temporal, two_in_two_out
from fitspec.conformance.vocabulary.probes import SequenceOf
from fitspec.conformance.vocabulary.samples import column, constant
from fitspec.conformance.worker.answers import loss_of

TWICE = np.asarray([2, 2], np.float32)
#: Of which arrays of weights are.
KINDS_OF_NUMBERS = ("float32", "float64", "int64")


def _of_two_outputs(build: Build, sample_weight: Any) -> Any:
    """Return the loss of two outputs that are 6.5 each without weights."""
    model = learning(build, two_in_two_out(3.0, 3.0))
    return trained(model, [X, X], [Y, Y], sample_weight=sample_weight)


@clause("fit.sample_weight.flat")
def test_sample_weights_weight_the_loss(build: Build, for_all: ForAll) -> None:
    """A flat array holds one factor for the loss of each sample."""
    model = model_of_3(build)

    def law(targets: list[int], weights: list[int], kind: str) -> Sides:
        data = constant(len(targets), 1), column(*targets)
        factors = np.asarray(weights) if kind == "int64" else np.asarray(weights) / 4
        arguments = {"batch_size": 2, "shuffle": False, "epochs": 2}
        result = model.fit(*data, sample_weight=factors.astype(kind), **arguments)
        # Every prediction is 3. All sums are small multiples of a quarter, all means exact.
        losses = (3.0 - np.asarray(targets)) ** 2
        total = np.sum(losses * factors)
        of_batches = [np.sum(each.reshape(-1, 2), axis=1) for each in (losses * factors, factors)]
        return Sides(
            result.history.history["loss"],
            equals=[total / len(targets)] * 2,
            otherwise={
                "sample weights had no effect": [np.mean(losses)] * 2,
                BY_WEIGHTS: [np.mean(of_batches[0] / of_batches[1])] * 2,
            },
        )

    # (0.25·9 + 1.5·4)/2 = 4.125; unweighted (9 + 4)/2; divided by 0.25 + 1.5. More than 32 in all.
    # Whole numbers are the weights as they are.
    for_all(
        law,
        targets=lists(integers(-9, 9), min_size=4, max_size=4),
        weights=lists(integers(1, 36), min_size=4, max_size=4),
        kind=sampled_from(KINDS_OF_NUMBERS),
        examples=[
            *(([0, 1], [1, 6], kind) for kind in KINDS_OF_NUMBERS),
            ([0, 1] * 32, [4] * 32 + [12] * 32, "float32"),
        ],
    )


@clause("fit.sample_weight.zero-weights")
def test_a_sample_of_weight_0_moves_nothing(build: Build) -> None:
    """Neither the input nor the target of a sample of weight 0 has an influence on the update."""
    weights = []
    for first_input, first_target in ((1, 0), (1, 1e6), (1e3, 0)):
        model = model_of_3(build, rate=0.01)
        data = column(first_input, 1, first_input, 1), column(first_target, 1, first_target, 1)
        by_sample = np.asarray([0, 1, 0, 1], np.float32)
        model.fit(*data, sample_weight=by_sample, batch_size=2, shuffle=False, epochs=1)
        weights.append(model.weight("y"))

    # The sample that counts has the gradient 2·(3 - 1). What it is divided by, one sample or two,
    # is open: in two batches of two the weight falls to 2.92 or 2.96, but three times to the same.
    seen = {"of the other sample alone": len(set(weights)) == 1, "trained": weights[0] < 3.0}
    expect(seen, equals={"of the other sample alone": True, "trained": True})


@clause("fit.sample_weight.gradient")
def test_sample_weights_weight_the_update(build: Build) -> None:
    """Sample weights act on the gradients, not only on the loss that is reported."""
    weights, seen = np.asarray([0.25, 1.5], np.float32), {}
    forms = {
        "an array": (X, Y),
        "inputs by name": ({"x": X}, Y),
        "targets of whole numbers": (X, Y.astype(np.int64)),
    }
    for form, data in forms.items():
        model = model_of_3(build, rate=0.25)
        # Whether one input may be given by its name, and a target be whole, are other clauses.
        if form == "an array" or taken(model_of_3(build).fit, *data, epochs=1):
            model.fit(*data, sample_weight=weights, epochs=2)
            seen[form] = model.weight("y")

    # Gradient (0.25·2·w + 1.5·2·(w - 1))/2 = 1.75·w - 1.5, two updates from 3: 3 - 0.9375 = 2.0625,
    # and another 0.52734375 less. Unweighted 2·w - 1: 1.75, 1.125; in the first update alone
    # 2.0625, 1.28125.
    expect(
        seen,
        equals=dict.fromkeys(seen, 1.53515625),
        otherwise={
            "only the reported loss is weighted": dict.fromkeys(seen, 1.125),
            "only the first update is weighted": dict.fromkeys(seen, 1.28125),
        },
    )


@clause("fit.sample_weight.training-only")
def test_sample_weights_do_not_touch_validation_data(build: Build) -> None:
    """Sample weights act in training and leave the loss of the validation data alone."""
    weights = np.asarray([10, 10], np.float32)

    result = model_of_3(build).fit(X, Y, epochs=1, sample_weight=weights, validation_data=(X, Y))

    # Of as many samples on purpose: (10·9 + 10·4)/2 in training, (9 + 4)/2 in validation.
    seen = {key: result.history.history[key] for key in ("loss", "val_loss")}
    expect(
        seen,
        equals={"loss": [65.0], "val_loss": [6.5]},
        otherwise={
            "the weights are used for validation too": {"loss": [65.0], "val_loss": [65.0]},
            BY_WEIGHTS: {"loss": [6.5], "val_loss": [6.5]},
        },
    )


@clause("fit.sample_weight.temporal-2d")
def test_each_time_step_has_a_weight(build: Build) -> None:
    """In temporal mode a 2D array holds one factor for each time step of each sample."""
    x, y = np.ones((2, 3, 1), np.float32), np.arange(6, dtype=np.float32).reshape(2, 3, 1)
    weights = np.asarray([[1, 2, 2], [4, 5, 6]], np.float32)
    model = build(temporal(3.0))
    model.compile(SGD(0.375), "mse", sample_weight_mode="temporal")

    result = model.fit(x, y, sample_weight=weights, epochs=1)
    seen = {"loss": result.history.history["loss"], "weight": model.weight("y")}

    def elsewhere(*data: Any, key: str, **arguments: Any) -> Any:
        still = build(temporal(3.0))
        still.compile(SGD(0.0), "mse", sample_weight_mode="temporal")
        return still.fit(*data, epochs=1, **arguments).history.history[key]

    # Whether weights are taken there, by samples too, is said by other clauses.
    item = SequenceOf([(x, y, weights)])
    for name, found in {
        "loss of a Sequence": tried(elsewhere, item, key="loss"),
        "loss of validation": tried(
            elsewhere, x, y, key="val_loss", validation_data=(x, y, weights)
        ),
        "loss of validation on a Sequence": tried(
            elsewhere, x, y, key="val_loss", validation_data=item
        ),
    }.items():
        seen |= {} if found is None else {name: found}

    def losses(loss: float) -> dict[str, list[float]]:
        return {name: [loss] for name in seen if "loss" in name}

    # Errors 3, 2, 1, 0, -1, -2: (1·9 + 2·4 + 2·1 + 4·0 + 5·1 + 6·4)/6 = 48/6, and the gradient is
    # 2·(1·3 + 2·2 + 2·1 + 4·0 - 5·1 - 6·2)/6 = -8/3. No weight is 0, so all readings of the divisor
    # agree. The sixth, the product and the sum are rounded.
    expect(
        seen,
        equals={**losses(8.0), "weight": 3 + 0.375 * 8 / 3},
        ulps=2,
        otherwise={
            "the weights had no effect": {**losses(19 / 6), "weight": 3 - 0.375},
            "only the reported loss is weighted": {**losses(8.0), "weight": 3 - 0.375},
            "samples and steps are exchanged": {
                **losses((9 + 4 * 4 + 2 * 1 + 2 * 1 + 6 * 4) / 6),
                "weight": 3 + 0.375 / 3,
            },
        },
    )


@clause("fit.sample_weight.multi-output")
def test_sample_weights_of_several_outputs(build: Build) -> None:
    """What `fit` does with sample weights for two outputs: a dict, a list, a list with `None`."""
    first, second = np.asarray([1, 3], np.float32), np.asarray([2, 4], np.float32)
    forms = {"dict": {"b": second, "a": first}, "list": [first, second], "None": [first, None]}

    seen = {name: trained_on_two_outputs(build, sample_weight=form) for name, form in forms.items()}

    # Weighted a (1·9 + 3·4)/2 = 10.5, b (2·4 + 4·1)/2 = 6; b unweighted 2.5.
    recognise(
        seen,
        {
            "a dict by name or a list; None leaves an output unweighted": {
                "dict": [16.5],
                "list": [16.5],
                "None": [13.0],
            },
            "a list; None leaves an output unweighted; a dict for listed targets is refused": {
                "dict": "ValueError",
                "list": [16.5],
                "None": [13.0],
            },
            "all three are refused with a ValueError": dict.fromkeys(forms, "ValueError"),
        },
    )


@clause("fit.sample_weight.zero-weight-divisor")
def test_what_a_weighted_loss_is_divided_by(build: Build) -> None:
    """Whether samples of weight 0 count in the divisor of the loss."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")

    weights = np.asarray([0, 3], np.float32)
    result = model.fit(column(1, 2), constant(2, 0), sample_weight=weights, epochs=1)

    # Losses 1 and 4, weighted 0 and 12.
    recognise(
        loss_of(result),
        {
            "all samples": [12 / 2],
            "the samples whose weight is not 0": [12 / 1],
            "the sum of the weights": [12 / 3],
        },
    )


@clause("fit.sample_weight.masked-steps")
def test_weights_of_samples_whose_steps_are_hidden(build: Build) -> None:
    """What the loss is of weighted samples some of whose steps a mask hides."""
    model, weights = learning(build, masked_steps(3.0)), np.asarray([2, 1], np.float32)

    # 2·(9 + 4) + 1·1 = 27; with the hidden steps 2·38 + 51 = 127.
    recognise(
        trained(model, masked.X, masked.Y, sample_weight=weights),
        {
            "a weighted sum over the steps that are not hidden, divided by their number": [9.0],
            "that sum, divided by the number of all steps": [4.5],
            "that sum, divided by its weights": [5.4],
            "as of any other step": [127 / 6],
            **refused("ValueError", "RuntimeError", "Error"),
        },
        ulps=2,
    )


@clause("fit.sample_weight.all-zero")
def test_a_batch_without_weight(build: Build) -> None:
    """What `fit` reports and trains when all sample weights are 0."""
    model, weights = build(linear(3.0)), np.zeros(2, np.float32)
    model.compile(SGD(0.25), "mse")

    result = model.fit(column(1, 2), constant(2, 0), sample_weight=weights, epochs=1)

    recognise(
        {"loss": loss_of(result), "weight": model.weight("y")},
        {
            "a loss of 0, and nothing is trained": {"loss": [0.0], "weight": 3.0},
            "the loss is NaN, and nothing is trained": {"loss": [math.nan], "weight": 3.0},
            "the loss and the weights become NaN": {"loss": [math.nan], "weight": math.nan},
        },
    )


@clause("fit.sample_weight.unknown-output")
def test_sample_weights_for_an_output_that_there_is_not(build: Build) -> None:
    """What becomes of sample weights in a dict under the name of no output."""
    # Output a is weighted: 13; output b is not: 6.5.
    recognise(
        _of_two_outputs(build, {"a": TWICE, "other": TWICE}),
        {
            **refused("ValueError", "KeyError", "TypeError"),
            "they go unnoticed": [19.5],
        },
    )


@clause("fit.sample_weight.list-length")
def test_sample_weights_for_another_number_of_outputs(build: Build) -> None:
    """What becomes of a list of sample weights that has one entry, or three, for two outputs."""
    # Three times, as an output that is weighted twice is as much as two that are not.
    thrice = np.asarray([3, 3], np.float32)
    seen = {count: _of_two_outputs(build, [thrice] * count) for count in (1, 3)}

    # Both outputs weighted: 3·(6.5 + 6.5). The first alone: 3·6.5 + 6.5, or without the second.
    recognise(
        seen,
        {
            "both are refused with a ValueError": dict.fromkeys(seen, "ValueError"),
            "too few are a ValueError; too many go unnoticed": {1: "ValueError", 3: [39.0]},
            "an output beyond the list is not trained; too many go unnoticed": {
                1: [19.5],
                3: [39.0],
            },
            "an output beyond the list is not weighted; too many go unnoticed": {
                1: [26.0],
                3: [39.0],
            },
            "too few have no effect; too many go unnoticed": {1: [13.0], 3: [39.0]},
        },
    )


@clause("fit.sample_weight.single-array")
def test_one_array_of_sample_weights_for_two_outputs(build: Build) -> None:
    """What one array of sample weights is taken for by a model with two outputs."""
    recognise(
        _of_two_outputs(build, TWICE),
        {
            **refused("ValueError", "TypeError"),
            "it weights both outputs": [26.0],
            "it weights the first output": [19.5],
        },
    )


@clause("fit.sample_weight.not-numbers")
def test_sample_weights_that_are_no_array_of_numbers(build: Build) -> None:
    """What becomes of sample weights of different lengths, and of texts."""
    weights: dict[str, Any] = {
        "different lengths": [[2.0], [2.0, 2.0]],
        "texts": np.asarray(["2", "2"]),
    }

    seen = {
        name: trained(learning(build, linear(3.0)), X, Y, sample_weight=value)
        for name, value in weights.items()
    }

    # Twice 6.5.
    recognise(
        seen,
        {
            "both are refused with a ValueError": dict.fromkeys(seen, "ValueError"),
            "different lengths fail with an AttributeError; texts are understood": {
                "different lengths": "AttributeError",
                "texts": [13.0],
            },
            "both fail: lengths with an AttributeError, texts in TensorFlow, UnimplementedError": {
                "different lengths": "AttributeError",
                "texts": "UnimplementedError",
            },
            "different lengths are a ValueError; texts are understood": {
                "different lengths": "ValueError",
                "texts": [13.0],
            },
        },
    )


@clause("fit.sample_weight.python-list")
def test_sample_weights_in_a_list(build: Build) -> None:
    """What becomes of sample weights in a list, where an array of them is taken."""
    seen = {
        name: trained(frozen(build, linear(3.0)), X, Y, sample_weight=weights)
        for name, weights in (("array", WEIGHTS), ("list", WEIGHTS.tolist()))
    }

    # Errors 3 and 2: (1·9 + 3·4)/2, divided by the samples, or by 1 + 3. Without weights 6.5.
    recognise(
        seen,
        {
            "they are taken as an array": {"array": [10.5], "list": [10.5]},
            "they are taken as an array; the loss is divided by the weights": {
                "array": [5.25],
                "list": [5.25],
            },
            "they have no effect": {"array": [10.5], "list": [6.5]},
            **{
                f"they are refused with {'an' if name[0] in 'AE' else 'a'} {name}": {
                    "array": [10.5],
                    "list": name,
                }
                for name in ("ValueError", "TypeError", "AttributeError")
            },
        },
    )
