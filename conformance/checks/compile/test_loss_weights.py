"""`compile`: loss weights."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from hypothesis.strategies import booleans, integers

from fitspec.conformance.arrangements.compiled import small_model
from fitspec.conformance.arrangements.returned import beside, loss_in
from fitspec.conformance.arrangements.taken import taken, tried
from fitspec.conformance.arrangements.ways_of_ending import compiled_and_trained, refused
from fitspec.conformance.checks import (
    SGD,
    Build,
    ForAll,
    Sides,
    answer,
    clause,
    expect,
    outcome,
    recognise,
)
from fitspec.conformance.vocabulary.models import linear, three_in_three_out, two_in_two_out
from fitspec.conformance.vocabulary.probes import SequenceOf
from fitspec.conformance.vocabulary.samples import column

#: The losses of the outputs 2 and 3, where 0 is right: 2² = 4 and |3| = 3.
LOSSES = ["mse", "mae"]
ONE, ZERO = column(1), column(0)


def _evaluated(
    build: Build, loss_weights: Any, loss: Any = LOSSES, outputs: tuple[str, str] = ("a", "b")
) -> list[float] | str:
    """Return what `evaluate` gives for the outputs 2 and 3 where 0 is right, the total first.

    If it raises, return what.
    """
    model = build(two_in_two_out(2.0, 3.0, outputs))
    model.compile(SGD(0.0), loss, loss_weights=loss_weights)
    result = answer(model.evaluate, [column(1)] * 2, [column(0)] * 2)
    return result if isinstance(result, str) else np.ravel(result.value).tolist()


def _total(
    build: Build, loss_weights: Any, loss: Any = LOSSES, outputs: tuple[str, str] = ("a", "b")
) -> float | str:
    values = _evaluated(build, loss_weights, loss, outputs)
    return values if isinstance(values, str) else values[0]


def _of_three(build: Build, loss_weights: Any, loss: Any = "mae") -> float | str:
    """Return the total of b = 2, c = 3 and a = 5 by absolute values, where 0 is right.

    The outputs are in this order, which is neither that of the alphabet nor its reverse.
    """
    model = build(three_in_three_out(2.0, 3.0, 5.0))
    model.compile(SGD(0.0), loss, loss_weights=loss_weights)
    result = answer(model.evaluate, [ONE] * 3, [ZERO] * 3)
    return result if isinstance(result, str) else loss_in(result.value)


def _totals(build: Build, loss_weights: Any) -> dict[str, float]:
    """Return the totals of the outputs 2 and 3 where 0 is right, but for that of `evaluate`.

    Only of the ways that report 4 + 3 without weights: whether each is there is another clause.
    """
    data = [ONE, ONE], [ZERO, ZERO]

    def total(way: str, **arguments: Any) -> float:
        model = build(two_in_two_out(2.0, 3.0))
        model.compile(SGD(0.0), LOSSES, **arguments)
        if way == "in validation":
            history = model.fit(*data, epochs=1, validation_data=data).history.history
            return float(history["val_loss"][0])
        return loss_in(getattr(model, way)(*data).value)

    ways = "in validation", "train_on_batch", "test_on_batch"
    return {way: total(way, loss_weights=loss_weights) for way in ways if tried(total, way) == 7.0}


def _without_a_loss(build: Build, loss_weights: Any) -> float | str:
    """Return the total of `_of_three` where the second output, ``c``, has no loss.

    Weights of 1, 10 and 100 in that order make 1·2 + 100·5 = 502 of it, which it is as well where
    such an output is refused without weights.
    """
    losses = {"b": "mae", "a": "mae"}
    data = [ONE] * 3, {"b": ZERO, "a": ZERO}

    def total(**arguments: Any) -> float:
        model = build(three_in_three_out(2.0, 3.0, 5.0))
        model.compile(SGD(0.0), losses, **arguments)
        return loss_in(model.evaluate(*data).value)

    return total(loss_weights=loss_weights) if tried(total) == 7.0 else 502.0


@clause("compile.loss_weights.list")
def test_loss_weights_multiply_the_losses_of_the_outputs(build: Build, for_all: ForAll) -> None:
    """A list of loss weights multiplies the outputs' losses, by position, before they are added."""
    three = _of_three(build, [1.0, 10.0, 100.0], ["mae"] * 3)
    of_three = 532.0  # 1·2 + 10·3 + 100·5
    # Whether an output may be without a loss is another clause.
    without = _without_a_loss(build, [1.0, 10.0, 100.0])
    elsewhere = _totals(build, [0.25, 2.5])

    def law(first: int, second: int, one_loss_for_all: bool) -> Sides:
        loss = "mse" if one_loss_for_all else LOSSES
        # Small multiples of a quarter throughout: nothing is rounded.
        other = 9 if one_loss_for_all else 3
        weights = [first / 4, second / 4]
        # What is reported elsewhere by weights of 0.25 and 2.5 goes with it.
        right, others = weights[0] * 4 + weights[1] * other, (of_three, 502.0)
        by = {
            weighted: dict.fromkeys(elsewhere, total)
            for weighted, total in {
                "right": 8.5,
                "not": 7.0,
                "exchanged": 10.75,
                "cut": 6.0,
            }.items()
        }
        refused = {
            "one loss for all and a list of weights are refused": (
                "ValueError",
                *others,
                by["right"],
            )
        }
        return Sides(
            (_total(build, weights, loss), three, without, elsewhere),
            equals=(right, *others, by["right"]),
            otherwise={
                "the weights had no effect": (4 + other, 10.0, 7.0, by["not"]),
                "they had no effect elsewhere than in `evaluate`": (right, *others, by["not"]),
                "they were exchanged": (
                    weights[1] * 4 + weights[0] * other,
                    235.0,
                    205.0,
                    by["exchanged"],
                ),
                "they are cut to whole numbers": (
                    first // 4 * 4 + second // 4 * other,
                    *others,
                    by["cut"],
                ),
                "an output without a loss has none of them": (right, of_three, 52.0, by["right"]),
                **(refused if one_loss_for_all else {}),
            },
        )

    # 0.25·4 + 2.5·3 = 8.5, in `evaluate` as elsewhere, and with squares for both
    # 0.25·4 + 2.5·9 = 23.5. An output of weight 0 adds nothing: 0·4 + 1.5·3 = 4.5.
    for_all(
        law,
        first=integers(0, 40),
        second=integers(0, 40),
        one_loss_for_all=booleans(),
        examples=[(1, 10, False), (1, 10, True), (0, 6, False)],
    )


@clause("compile.loss_weights.dict")
def test_a_dict_of_loss_weights_goes_by_name(build: Build) -> None:
    """The weights of a dict are those of the outputs of those names, whatever their order."""
    outputs = ("z", "a")
    loss_weights = {"a": 10.0, "z": 1.0}

    seen = {}
    for name, losses in {
        "with a list of losses": LOSSES,
        "with a dict of losses": dict(zip(outputs, LOSSES, strict=True)),
    }.items():
        model = build(two_in_two_out(2.0, 3.0, outputs))
        model.compile(SGD(1 / 16), losses, loss_weights=loss_weights)
        total = np.ravel(model.evaluate([ONE, ONE], [ZERO, ZERO]).value)[0]
        model.fit([ONE, ONE], [ZERO, ZERO], epochs=1)
        seen[name] = {"total": total, **{output: model.weight(output) for output in outputs}}
    by_name = {"c": 10.0, "a": 100.0, "b": 1.0}
    of_three = {"of three outputs": {"total": _of_three(build, by_name)}}
    # Whether an output may be without a loss is another clause.
    of_three["of an output without a loss"] = {"total": _without_a_loss(build, by_name)}

    # 1·4 + 10·3; the slopes are 1·4 and 10·1: 2 - 4/16 and 3 - 10/16. Exchanged 10·4 + 1·3, with
    # the slopes 10·4 and 1·1: 2 - 40/16 and 3 - 1/16.
    right = {"total": 34.0, "z": 1.75, "a": 2.375}
    exchanged = {"total": 43.0, "z": -0.5, "a": 2.9375}
    # Of three 1·2 + 10·3 + 100·5. In the order of the dict 10·2 + 100·3 + 1·5. Of the first and the
    # third 1·2 + 100·5, in that order 10·2 + 1·5.
    without = {"of an output without a loss": {"total": 502.0}}
    of_all = {"of three outputs": {"total": 532.0}, **without}
    expect(
        {**seen, **of_three},
        equals={**dict.fromkeys(seen, right), **of_all},
        otherwise={
            "the order of the names in the dict decided": {
                **dict.fromkeys(seen, exchanged),
                "of three outputs": {"total": 325.0},
                "of an output without a loss": {"total": 25.0},
            },
            "that order decided, with a list of losses": {
                "with a list of losses": exchanged,
                "with a dict of losses": right,
                **of_all,
            },
            "the report is weighted, and what is minimised is not": {
                **dict.fromkeys(seen, {"total": 34.0, "z": 1.75, "a": 2.9375}),
                **of_all,
            },
        },
    )


@clause("compile.loss_weights.missing-means-one")
def test_an_output_without_a_loss_weight_counts_once(build: Build) -> None:
    """An output that the dict leaves out has the weight 1."""
    totals = {name: _total(build, {name: 10.0}, LOSSES, ("z", "a")) for name in ("z", "a")}
    totals["two of three"] = _of_three(build, {"b": 10.0})

    # 10·4 + 1·3 and 1·4 + 10·3; of three 10·2 + 3 + 5.
    expect(
        totals,
        equals={"z": 43.0, "a": 34.0, "two of three": 28.0},
        otherwise={
            "it does not count": {"z": 40.0, "a": 30.0, "two of three": 20.0},
            "a dict has to name all outputs": dict.fromkeys(totals, "ValueError"),
        },
    )


@clause("compile.loss_weights.scale-gradient")
def test_loss_weights_act_on_the_update(build: Build) -> None:
    """Loss weights act on what is minimised, not only on the total that is reported."""
    model = build(two_in_two_out(1.0, 1.0))
    model.compile(SGD(2.0**-6), ["mae", "mae"], loss_weights=[1.0, 10.0])

    model.fit([ONE] * 2, [column(-99)] * 2, epochs=3)

    # The gradients are 1 in each of three epochs of one batch: 1 - 3/64 and 1 - 3·10/64.
    weights = {layer: model.weight(layer) for layer in ("a", "b")}
    model = build(two_in_two_out(1.0, 1.0))
    model.compile(SGD(2.0**-6), ["mae", "mae"], loss_weights=[1.0, 10.0])
    # Whether Sequences are taken is another clause.
    if taken(model.fit, SequenceOf([([ONE] * 2, [column(-99)] * 2)]), epochs=3):
        weights |= {f"{layer} in a Sequence": model.weight(layer) for layer in ("a", "b")}
    model = build(two_in_two_out(1.0, 1.0))
    model.compile(SGD(2.0**-6), ["mae", "mae"], loss_weights=[1.0, 10.0])
    # So is whether single batches are.
    if all(taken(model.train_on_batch, [ONE] * 2, [column(-99)] * 2) for _ in range(3)):
        weights |= {f"{layer} by single batches": model.weight(layer) for layer in ("a", "b")}
    expect(
        weights,
        equals={layer: {"a": 0.953125, "b": 0.53125}[layer[0]] for layer in weights},
        otherwise={
            "only the reported total is weighted": dict.fromkeys(weights, 0.953125),
            "the first update alone is weighted": {
                layer: {"a": 0.953125, "b": 1 - 12 / 64}[layer[0]] for layer in weights
            },
        },
    )


@clause("compile.loss_weights.components-reported-unweighted")
def test_the_losses_of_the_outputs_are_reported_without_their_weights(build: Build) -> None:
    """Beside the weighted total, the loss of each output is reported as it is."""
    values = _evaluated(build, [1.0, 10.0])
    model = build(two_in_two_out(2.0, 3.0))
    model.compile(SGD(0.0), LOSSES, loss_weights=[1.0, 10.0])
    history = model.fit([ONE, ONE], [ZERO, ZERO], epochs=1).history.history
    of_one = small_model(build).fit(ONE, ZERO, epochs=1).history.history
    recorded = sorted(values[0] for values in [history["loss"], *beside(of_one, history)])

    # The total 1·4 + 10·3, and its parts. No document spells the keys of the parts in History, nor
    # says that they are there.
    seen = {"evaluated": values} | ({"in History": recorded} if len(recorded) > 1 else {})
    right = {"evaluated": [34.0, 4.0, 3.0], "in History": [3.0, 4.0, 34.0]}
    weighted = {"evaluated": [34.0, 4.0, 30.0], "in History": [4.0, 30.0, 34.0]}
    expect(
        seen,
        equals={name: right[name] for name in seen},
        otherwise={"the parts are weighted too": {name: weighted[name] for name in seen}},
    )


@clause("compile.loss_weights.invalid-ValueError")
def test_loss_weights_that_fit_no_output_are_refused(build: Build) -> None:
    """A list of another length than the outputs', or an unknown name, is a ValueError."""
    names = dict.fromkeys("ab", 1.0)
    cases = {
        "one for two": ([1.0], [1.0] * 2),
        "three for two": ([1.0] * 3, [1.0] * 2),
        "an unknown name": ({**names, "c": 1.0}, names),
        "an unknown name for one": (dict.fromkeys("ac", 1.0), names),
    }

    outcomes = {
        name: [
            outcome(build(two_in_two_out(1.0, 1.0)).compile, SGD(0.0), LOSSES, loss_weights=weights)
            for weights in wrong_and_right
        ]
        for name, wrong_and_right in cases.items()
    }
    of_one = [
        outcome(build(linear()).compile, SGD(0.0), "mse", loss_weights=weights)
        for weights in ([1.0] * 2, [1.0])
    ]
    # Whether there may be a list for one output is another clause.
    if of_one[1] == "returned":
        outcomes["two for one"] = of_one

    expect(
        outcomes,
        equals=dict.fromkeys(outcomes, ["ValueError", "returned"]),
        otherwise={
            "compile accepts it; what comes of it shows in training": dict.fromkeys(
                outcomes, ["returned", "returned"]
            ),
        },
    )


@clause("compile.loss_weights.single-number")
def test_a_number_in_place_of_a_list_of_loss_weights(build: Build) -> None:
    """What a number is taken for as the `loss_weights` of a model with one output."""
    # A loss of 3² = 9.
    recognise(
        compiled_and_trained(build(linear(3.0)), ONE, ZERO, loss_weights=2.0),
        {
            **refused("ValueError", "TypeError", where="compile"),
            "it is the factor of the loss": [18.0],
            "it has no effect": [9.0],
            **refused("ValueError", "TypeError", where="fit"),
        },
    )


@clause("compile.loss_weights.not-numbers")
def test_loss_weights_that_are_no_numbers(build: Build) -> None:
    """What a text, as of a settings file, and NaN are taken for among `loss_weights`."""
    # The loss is 3² = 9.
    seen = {
        name: compiled_and_trained(build(linear(3.0)), ONE, ZERO, loss_weights=[value])
        for name, value in {"text": "2", "NaN": math.nan}.items()
    }

    recognise(
        seen,
        {
            "both are refused by compile with a ValueError": dict.fromkeys(
                seen, "ValueError in compile"
            ),
            "the text is taken for its number, and NaN makes the loss NaN": {
                "text": [18.0],
                "NaN": [math.nan],
            },
            **{
                f"{method} fails on the text, with {error}; NaN makes the loss NaN": {
                    "text": f"{error.split()[-1]} in {method}",
                    "NaN": [math.nan],
                }
                for method, error in (
                    ("compile", "a TypeError"),
                    ("compile", "Theano's AsTensorError"),
                    ("fit", "a TypeError"),
                    ("fit", "a ValueError"),
                )
            },
        },
    )
