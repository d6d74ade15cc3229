"""`predict`: what is refused."""

from __future__ import annotations

import numpy as np

from fitspec.conformance.arrangements.compiled import frozen, small_model
from fitspec.conformance.arrangements.taken import takes_sequences
from fitspec.conformance.checks import Build, clause, expect, outcome
from fitspec.conformance.vocabulary.models import running_sum, two_in_two_out
from fitspec.conformance.vocabulary.probes import SequenceOf
from fitspec.conformance.vocabulary.samples import ascending, constant


@clause("predict.raises.mismatch-ValueError")
def test_inputs_that_do_not_fit_are_refused(build: Build) -> None:
    """Too few or too many inputs, or another number of features, are a ValueError."""
    x, wide = ascending(2), np.ones((2, 2), np.float32)
    cases = {
        "two arrays": [x, x],
        "one array": x,
        "three arrays": [x, x, x],
        "two features": [x, wide],
        "no name of an input": {"in1": x},
    }

    # Each on a model of its own: what an earlier refusal left behind is no matter here.
    outcomes = {
        name: outcome(frozen(build, two_in_two_out(1.0, 1.0)).predict, inputs)
        for name, inputs in cases.items()
    }

    if takes_sequences(build, "predict"):
        for features in (1, 2):
            item = np.ones((2, features), np.float32), constant(2, 0)
            ended = outcome(small_model(build).predict, SequenceOf([item]))
            outcomes[f"{features} in an item for one"] = ended

    good = dict.fromkeys(("two arrays", "1 in an item for one"), "returned")
    right = {name: good.get(name, "ValueError") for name in outcomes}
    expect(
        outcomes,
        equals=right,
        otherwise={"surplus arrays are ignored": {**right, "three arrays": "returned"}},
    )


@clause("predict.raises.stateful-not-multiple")
def test_a_stateful_model_takes_whole_batches_only(build: Build) -> None:
    """A stateful model refuses samples that do not fill its batches: ValueError."""
    outcomes = {
        f"{samples} samples": outcome(
            frozen(build, running_sum(2)).predict,
            np.ones((samples, 1, 1), np.float32),
            batch_size=2,
        )
        for samples in (1, 3, 4)
    }

    expect(
        outcomes,
        equals={"1 samples": "ValueError", "3 samples": "ValueError", "4 samples": "returned"},
    )
