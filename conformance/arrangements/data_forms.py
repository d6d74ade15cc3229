"""Data in each documented form, given to a method that returns losses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.arrangements.returned import loss_in, numbers
from fitspec.conformance.arrangements.taken import taken, takes_flat_vectors
from fitspec.conformance.claims.expect import expect
from fitspec.conformance.vocabulary.models import linear, three_in_three_out
from fitspec.conformance.vocabulary.probes import SGD
from fitspec.conformance.vocabulary.samples import constant

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fitspec.conformance.arrangements.compiled import Build
    from fitspec.conformance.vocabulary.probes import ModelOf
    from fitspec.conformance.worker.remote import Method, Model

#: The factors of `three_in_three_out`, by output.
_FACTORS = {"b": 2.0, "c": 3.0, "a": 5.0}
#: The names of its inputs in its order, and in others: of the dicts here, and of the alphabet.
LISTED, _INPUTS, _SORTED_INPUTS = (
    ("in2", "in3", "in1"),
    ("in3", "in2", "in1"),
    ("in1", "in2", "in3"),
)
#: In the same orders, the names of its outputs.
_OUTPUTS, _TARGETS, _SORTED_TARGETS = "bca", "cba", "abc"
#: What each input and output of `three_in_three_out` is given.
VALUES = {"in2": 1.0, "in3": 10.0, "in1": 100.0, "b": 1.0, "c": 20.0, "a": 300.0}
#: One feature of each sample, in a vector.
_FLAT = np.asarray([1, 2], np.float32)
#: A power of two, so that it adds no rounding.
_RATE = 2.0**-10


def data_by_name() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return two samples for `three_in_three_out` as dicts of inputs and of targets."""
    inputs, targets = (
        {name: constant(2, VALUES[name]) for name in names} for names in (_INPUTS, _TARGETS)
    )
    return inputs, targets


def model_of_three() -> ModelOf:
    """Return `three_in_three_out` as the data are meant for it."""
    return three_in_three_out(2.0, 3.0, 5.0)


def expect_each_form(
    build: Build, method: Callable[[Model], Method], *, trains: bool = False, **more: int
) -> None:
    """Claim that a method takes an array, lists by position, dicts by name and one beside another.

    Args:
        build: builds a model.
        method: gives the method of a model, such as `evaluate`.
        trains: whether the method updates weights, which are then claimed as well.
        more: arguments of the call besides data.

    Raises:
        ExpectationFell: a form was taken in another way.
    """
    by_position = [[constant(2, VALUES[name]) for name in names] for names in (LISTED, _OUTPUTS)]
    calls = {
        "arrays": (linear(2.0), (constant(2, 1), constant(2, 0))),
        "lists": (model_of_three(), by_position),
        "dicts": (model_of_three(), data_by_name()),
        "a list beside a dict": (model_of_three(), (by_position[0], data_by_name()[1])),
    }
    # Whether `fit` takes vectors is another clause; whoever does so takes them everywhere.
    if takes_flat_vectors(build):
        calls["vectors"] = (linear(2.0), (_FLAT, 2 * _FLAT - 2))
    # Whether bytes are taken, as of pictures, is left open; not what they are.
    small, of_bytes = build(linear(2.0)), (constant(2, 200).astype(np.uint8), constant(2, 398))
    small.compile(SGD(0.0), "mse")
    if taken(method(small), *of_bytes, **more):
        calls["bytes"] = (linear(2.0), of_bytes)
    seen: dict[str, Any] = {}
    for form, (description, data) in calls.items():
        model = build(description)
        model.compile(SGD(0.0), "mse")
        seen[form] = loss_in(method(model)(*data, **more).value)
        if trains:
            learning = build(description)
            learning.compile(SGD(_RATE), "mse")
            method(learning)(*data, **more)
            seen[f"weights after {form}"] = {
                name: learning.weight(name) for name in description.outputs
            }

    # (2·1)². Outputs 2·1, 3·10 and 5·100 for 1, 20 and 300: 1 + 100 + 40,000.
    # In vectors 2·1 for 0 and 2·2 for 2.
    several = ("lists", "dicts", "a list beside a dict")
    right: dict[str, Any] = {"arrays": 4.0, **dict.fromkeys(several, 40101.0), "vectors": 4.0}
    right["bytes"] = 4.0  # 2·200 for 398
    if trains:
        # 2·error·input: 2·2·1; 2·1·1, 2·10·10 and 2·200·100; (2·2·1 + 2·2·2)/2.
        moved = {"b": 2 - 2 * _RATE, "c": 3 - 200 * _RATE, "a": 5 - 40000 * _RATE}
        right["weights after arrays"] = {"y": 2 - 4 * _RATE}
        right["weights after vectors"] = {"y": 2 - 6 * _RATE}
        right["weights after bytes"] = {"y": 2 - 800 * _RATE}  # 2·2·200
        right |= {f"weights after {form}": moved for form in several}
    wrong = {
        "the order of both dicts decided": (_INPUTS, _TARGETS),
        "the order of the dict of inputs decided": (_INPUTS, _OUTPUTS),
        "the order of the dict of targets decided": (LISTED, _TARGETS),
        "the alphabet decided": (_SORTED_INPUTS, _SORTED_TARGETS),
        "the alphabet decided for inputs": (_SORTED_INPUTS, _OUTPUTS),
        "the alphabet decided for targets": (LISTED, _SORTED_TARGETS),
    }
    right = {form: value for form, value in right.items() if form in seen}
    expect(
        seen,
        equals=right,
        otherwise={
            words: right | _in_the_order_of(*names, trains=trains) for words, names in wrong.items()
        },
    )


def expect_each_form_of_inputs(
    build: Build, method: Callable[[Model], Method], **more: int
) -> None:
    """Claim that a method that predicts takes several inputs as a list or as a dict by name.

    Args:
        build: builds a model.
        method: gives the method of a model, such as `predict`.
        more: arguments of the call besides data.

    Raises:
        ExpectationFell: a form was taken in another way.
    """
    model, (inputs, _) = build(model_of_three()), data_by_name()
    model.compile(SGD(0.0), "mse")

    seen = {
        "list": numbers(method(model)([inputs[name] for name in LISTED], **more).value),
        "dict": numbers(method(model)(inputs, **more).value),
    }
    # As above.
    if takes_flat_vectors(build):
        one = build(linear(2.0))
        one.compile(SGD(0.0), "mse")
        seen["vector"] = numbers(method(one)(_FLAT, **more).value)

    # 2·1, 3·10 and 5·100, for two samples each; of the vector 2·1 and 2·2.
    several = [2.0, 2.0, 30.0, 30.0, 500.0, 500.0]
    right = {"list": several, "dict": several, "vector": [2.0, 4.0]}
    right = {form: values for form, values in right.items() if form in seen}
    wrong = {
        "the order of the dict decided": _INPUTS,
        "the alphabet decided": _SORTED_INPUTS,
    }
    expect(
        seen,
        equals=right,
        otherwise={
            words: {
                **right,
                "dict": [
                    factor * VALUES[name]
                    for factor, name in zip(_FACTORS.values(), names, strict=True)
                    for _ in range(2)
                ],
            }
            for words, names in wrong.items()
        },
    )


def _in_the_order_of(inputs: Sequence[str], targets: Sequence[str], *, trains: bool) -> Any:
    """Return what would be seen of dicts whose values are taken by position in another order."""
    loss, weights = 0.0, {}
    for (output, factor), entered, aimed in zip(_FACTORS.items(), inputs, targets, strict=True):
        error = factor * VALUES[entered] - VALUES[aimed]
        loss += error**2
        weights[output] = factor - _RATE * 2 * error * VALUES[entered]
    return {"dicts": loss, "weights after dicts": weights} if trains else {"dicts": loss}
