"""`compile`: what the documents leave open about odd values of its arguments."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fitspec.conformance.arrangements.ways_of_ending import compiled_and_trained, refused
from fitspec.conformance.checks import Build, clause, recognise
from fitspec.conformance.vocabulary.models import linear, shared_weight, temporal_and_plain
from fitspec.conformance.vocabulary.probes import NativeTensor
from fitspec.conformance.vocabulary.samples import ascending, column, constant

ONE, ZERO = column(1), column(0)


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


@clause("compile.metrics.output-without-loss")
def test_metrics_for_an_output_without_a_loss(build: Build) -> None:
    """What becomes of metrics in a dict for an output that the dict of losses leaves out."""
    # One weight makes both outputs: none is without a gradient, which is a matter of its own.
    ended = compiled_and_trained(
        build(shared_weight(3.0)), ONE, {"a": ZERO}, loss={"a": "mse"}, metrics={"b": ["mae"]}
    )

    recognise(
        ended,
        {
            **refused("ValueError", where="compile"),
            "they are passed over": [9.0],
            **refused("ValueError", "KeyError", where="fit"),
        },
    )


@clause("compile.metrics.none-in-dict")
def test_no_metric_for_an_output_in_a_dict(build: Build) -> None:
    """What `None` is taken for as the metrics of an output."""
    recognise(
        compiled_and_trained(build(linear(3.0)), ONE, ZERO, metrics={"y": None}),
        {
            "the output has no metrics": [9.0],
            **refused("ValueError", "TypeError", where="compile"),
            **refused("ValueError", "TypeError", where="fit"),
        },
    )


@clause("compile.sample_weight_mode.output-left-out")
def test_a_mode_for_one_of_two_outputs(build: Build) -> None:
    """What becomes of an output for which a dict of modes has no entry."""
    steps = np.ones((2, 3, 1), np.float32)
    data = [steps, constant(2, 1)], [np.zeros_like(steps), constant(2, 0)]

    # A loss of 1 for each output.
    recognise(
        compiled_and_trained(
            build(temporal_and_plain(1.0)), *data, sample_weight_mode={"a": "temporal"}
        ),
        {
            **refused("ValueError", where="compile"),
            "it has one weight for each sample, as without a mode": [2.0],
        },
    )


@clause("compile.target_tensors.array")
def test_an_array_in_place_of_a_target_tensor(build: Build) -> None:
    """What an array of NumPy is taken for in `target_tensors`."""
    # (3 - 1)² = 4.
    recognise(
        compiled_and_trained(build(linear(3.0)), ONE, target_tensors=[ONE]),
        {
            **refused("TypeError", "ValueError", where="compile"),
            "it is taken as a tensor": [4.0],
            **refused("TypeError", "ValueError", where="fit"),
        },
    )


@clause("compile.target_tensors.other-number-of-samples")
def test_a_target_tensor_of_another_number_of_samples(build: Build) -> None:
    """What becomes of a target tensor of two samples for three, and of one sample for two."""
    seen: dict[str, Any] = {}
    for name, targets, samples in (("two for three", 2, 3), ("one for two", 1, 2)):
        tensor = NativeTensor(constant(targets, 0))
        seen[name] = compiled_and_trained(
            build(linear(1.0)), ascending(samples), target_tensors=[tensor]
        )

    # (1 + 4)/2, if the only target is that of both samples.
    recognise(
        seen,
        {
            "fit raises a ValueError": dict.fromkeys(seen, "ValueError in fit"),
            "compile raises a ValueError": dict.fromkeys(seen, "ValueError in compile"),
            "for two, fit raises a ValueError; one target serves all samples": {
                "two for three": "ValueError in fit",
                "one for two": [2.5],
            },
            "fit fails with InvalidArgumentError; one target serves all samples": {
                "two for three": "InvalidArgumentError in fit",
                "one for two": [2.5],
            },
        },
    )


@clause("compile.loss.none-and-no-targets")
def test_training_without_a_loss_and_without_targets(build: Build) -> None:
    """What `fit` does when neither a loss nor targets are given."""
    recognise(
        compiled_and_trained(build(linear(3.0)), ONE, loss=None),
        {
            **refused("ValueError", "RuntimeError", "TypeError", where="fit"),
            "it trains on a loss of 0": [0.0],
            **refused("ValueError", where="compile"),
        },
    )
