"""`fit`: sample weights that are refused."""

from __future__ import annotations

import itertools

import numpy as np

from fitspec.conformance.arrangements.beside_streams import KINDS, ended_with_each
from fitspec.conformance.arrangements.compiled import frozen
from fitspec.conformance.arrangements.taken import tried
from fitspec.conformance.arrangements.two_errors import (
    WEIGHTS,
    X,
    Y,
    model_of_3,
)
from fitspec.conformance.checks import Build, clause, expect, outcome
from fitspec.conformance.vocabulary.models import linear, temporal


@clause("fit.sample_weight.temporal-needs-mode")
def test_sample_weights_of_another_rank_than_the_mode_says_are_refused(build: Build) -> None:
    """2D weights without temporal mode, and the mode without 2D weights, are a ValueError."""
    sequences = np.ones((2, 3, 1), np.float32)
    flat, by_step = np.ones(2, np.float32), np.ones((2, 3), np.float32)
    fitting = {
        "2D weights with the mode": (temporal(3.0), "temporal", sequences, by_step),
        "1D weights without the mode": (temporal(3.0), None, sequences, flat),
    }
    cases = {
        "2D weights without the mode": (temporal(3.0), None, sequences, by_step),
        "1D weights with the mode": (temporal(3.0), "temporal", sequences, flat),
        "the mode for targets without steps": (linear(3.0), "temporal", X, flat),
    }

    outcomes = {
        name: outcome(
            frozen(build, description, mode).fit, data, data, sample_weight=weights, epochs=1
        )
        for name, (description, mode, data, weights) in (fitting | cases).items()
    }

    expect(
        outcomes,
        equals={**dict.fromkeys(fitting, "returned"), **dict.fromkeys(cases, "ValueError")},
    )


@clause("fit.sample_weight.length-mismatch-ValueError")
def test_sample_weights_of_another_length_are_refused(build: Build) -> None:
    """There is one weight for each sample; fewer or more are a ValueError."""
    outcomes = {}
    for count, size in itertools.product((1, 2, 3, 4), (1, 2)):
        arguments = {"sample_weight": np.ones(count, np.float32), "batch_size": size, "epochs": 1}
        outcomes[f"{count} for 2 by {size}"] = outcome(model_of_3(build).fit, X, Y, **arguments)

    # Whether they may come with what is validated on is another clause.
    for count in (2, 1, 3):
        given = X, Y, np.ones(count, np.float32)
        ended = tried(outcome, model_of_3(build).fit, X, Y, epochs=1, validation_data=given)
        if count == 2 and ended != "returned":
            break
        if ended is not None:
            outcomes[f"{count} for 2 to validate on"] = ended

    # One could be repeated, and of four every second one left out. Whoever compares batches finds
    # in batches of 1 none that differs.
    right = {name: "returned" if name[0] == "2" else "ValueError" for name in outcomes}
    expect(outcomes, equals=right)


@clause("fit.sample_weight.not-with-generator")
def test_sample_weights_beside_a_generator_are_refused(build: Build) -> None:
    """`sample_weight` with a generator or Sequence is a ValueError."""
    outcomes = ended_with_each(build, outcome, sample_weight=WEIGHTS)

    expect(
        outcomes,
        equals=dict.fromkeys(KINDS, "ValueError"),
        otherwise={"they are ignored": dict.fromkeys(KINDS, "returned")},
    )
