"""`evaluate`: its arguments, and the forms of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fitspec.conformance.arrangements.data_forms import expect_each_form
from fitspec.conformance.arrangements.returned import loss_in
from fitspec.conformance.arrangements.signatures import defaults
from fitspec.conformance.arrangements.weighted_losses import expect_weighted_steps
from fitspec.conformance.checks import SGD, Build, clause, expect, outcome
from fitspec.conformance.vocabulary.models import fed_by_tensor, linear, two_in_two_out
from fitspec.conformance.vocabulary.probes import NativeTensor
from fitspec.conformance.vocabulary.samples import ascending, column, constant

if TYPE_CHECKING:
    from fitspec.conformance.vocabulary.probes import ModelOf
    from fitspec.conformance.worker.remote import Model

#: The parameters of `evaluate` in document 004 and their defaults.
DEFAULTS = {
    "x": None,
    "y": None,
    "batch_size": None,
    "verbose": 1,
    "sample_weight": None,
    "steps": None,
    "callbacks": None,
    "max_queue_size": 10,
    "workers": 1,
    "use_multiprocessing": False,
}


@clause("evaluate.signature.defaults")
def test_every_argument_of_evaluate_has_its_documented_default(build: Build) -> None:
    """Every argument of `evaluate` is optional and has the documented default."""
    expect(defaults(build(linear()).evaluate, DEFAULTS), equals=DEFAULTS)


@clause("evaluate.x.array-list-dict")
def test_data_are_evaluated_in_each_form(build: Build) -> None:
    """Inputs and targets may be an array, lists by position or dicts by name."""
    expect_each_form(build, lambda model: model.evaluate)


@clause("evaluate.x.none-with-tensors")
def test_a_model_on_tensors_is_evaluated_without_data(build: Build) -> None:
    """Where the framework's tensors hold the data, `steps` is needed and nothing else."""

    def compiled() -> Model:
        model = build(fed_by_tensor(NativeTensor(column(1, 2)), 2.0))
        model.compile(SGD(0.0), "mse", target_tensors=NativeTensor(column(1, 1)))
        return model

    seen = {
        "2 steps": loss_in(compiled().evaluate(None, None, steps=2).value),
        "no steps": outcome(compiled().evaluate, None, None),
    }

    # Outputs 2 and 4 for 1: (1 + 9)/2 in every step.
    expect(
        seen,
        equals={"2 steps": 5.0, "no steps": "ValueError"},
        otherwise={
            "the mean is divided by the number of steps again": {
                "2 steps": 2.5,
                "no steps": "ValueError",
            },
        },
    )


@clause("evaluate.sample_weight.temporal")
def test_2d_weights_weight_each_time_step_in_evaluation(build: Build) -> None:
    """In temporal mode a 2D array holds one factor for each step of each sample."""
    # Batch by batch: 15 and 1, unweighted 14/3 and 1.
    expect_weighted_steps(
        build,
        lambda model: model.evaluate,
        batch_size=1,
        otherwise={
            "each batch is divided by the sum of its weights": (45 / 7 + 1) / 2,
            "the weights of the first batch are used for every batch": (15 + 7 / 3) / 2,
        },
    )


def _refusal(build: Build, description: ModelOf, x: object, y: object) -> str:
    """Return how `evaluate` ends on a fresh model."""
    model = build(description)
    model.compile(SGD(0.0), "mse")
    return outcome(model.evaluate, x, y)


@clause("evaluate.raises.invalid-arguments-ValueError")
def test_data_that_do_not_fit_are_not_evaluated(build: Build) -> None:
    """Data of a wrong number, length, shape or name are a ValueError."""
    one, two = linear(), two_in_two_out(1.0, 1.0)
    x, y, wide = ascending(3), constant(3, 0), np.zeros((3, 2), np.float32)
    cases = {
        "1 input for 2": (two, [x], [y, y]),
        "3 inputs for 2": (two, [x, x, x], [y, y]),
        "1 target for 2": (two, [x, x], [y]),
        "3 inputs, 2 targets long": (one, x, constant(2, 0)),
        "2 features for 1": (one, wide, y),
        "2 target columns for 1": (one, x, wide),
        "no name of an input": (two, {"in1": x}, [y, y]),
    }

    outcomes = {name: _refusal(build, *case) for name, case in cases.items()}

    refused = dict.fromkeys(cases, "ValueError")
    expect(
        outcomes,
        equals=refused,
        otherwise={
            "targets of another shape are broadcast": {
                **refused,
                "2 target columns for 1": "returned",
            },
        },
    )
