"""`fit`: what the documents leave open about odd class weights and sample weights."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.arrangements.ways_of_ending import RATE, refused, trained
from fitspec.conformance.checks import SGD, Build, clause, recognise
from fitspec.conformance.vocabulary.models import linear, temporal, two_in_two_out
from fitspec.conformance.vocabulary.samples import column, constant

if TYPE_CHECKING:
    from fitspec.conformance.vocabulary.probes import ModelOf
    from fitspec.conformance.worker.remote import Model

ONES = constant(2, 1)
#: Predicted as 3, they have the losses 9 and 4.
TARGETS = column(0, 1)
TWICE = np.asarray([2, 2], np.float32)


def _compiled(build: Build, description: ModelOf) -> Model:
    model = build(description)
    model.compile(SGD(RATE), "mse")
    return model


@clause("fit.class_weight.odd-entries")
def test_class_weights_with_entries_of_wrong_types(build: Build) -> None:
    """What becomes of classes named by texts, of a factor in a text, and of no factor."""
    weights: dict[str, Any] = {
        "classes as texts": {"0": 1.0, "1": 10.0},
        "factors as texts": {0: "1", 1: "10"},
        "no factor": {0: 1.0, 1: None},
    }

    seen = {
        name: trained(_compiled(build, linear(3.0)), ONES, TARGETS, class_weight=value)
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


@clause("fit.class_weight.missing-class")
def test_a_class_without_a_weight(build: Build) -> None:
    """What becomes of samples of a class that `class_weight` leaves out."""
    # (9·2 + 4·f)/2 with the factor f of the class that is left out.
    recognise(
        trained(_compiled(build, linear(3.0)), ONES, TARGETS, class_weight={0: 2.0}),
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
        trained(_compiled(build, temporal(3.0)), steps, targets, class_weight={0: 1.0, 1: 10.0}),
        {
            **refused("ValueError", "TypeError"),
            "it weights every step by its own class": [24.5],
            "it has no effect": [6.5],
        },
    )


def _of_two_outputs(build: Build, sample_weight: Any) -> Any:
    """Return the loss of two outputs that are 6.5 each without weights."""
    model = _compiled(build, two_in_two_out(3.0, 3.0))
    return trained(model, [ONES, ONES], [TARGETS, TARGETS], sample_weight=sample_weight)


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
    seen = {
        "one": _of_two_outputs(build, [TWICE]),
        "three": _of_two_outputs(build, [TWICE, TWICE, TWICE]),
    }

    # Both outputs weighted: 2·(6.5 + 6.5).
    recognise(
        seen,
        {
            "both are refused with a ValueError": dict.fromkeys(seen, "ValueError"),
            "too few are a ValueError; too many go unnoticed": {
                "one": "ValueError",
                "three": [26.0],
            },
            "too few have no effect; too many go unnoticed": {"one": [13.0], "three": [26.0]},
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
        name: trained(_compiled(build, linear(3.0)), ONES, TARGETS, sample_weight=value)
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
