"""`evaluate`: the forms of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fitspec.conformance.arrangements.compiled import frozen, small_model
from fitspec.conformance.arrangements.data_forms import (
    data_by_name,
    expect_each_form,
    model_of_three,
)
from fitspec.conformance.arrangements.returned import loss_in
from fitspec.conformance.arrangements.taken import taken
from fitspec.conformance.checks import SGD, Build, Generator, clause, expect, outcome
from fitspec.conformance.vocabulary.models import fed_by_tensor, linear
from fitspec.conformance.vocabulary.probes import NativeTensor, SequenceOf
from fitspec.conformance.vocabulary.samples import column, constant

if TYPE_CHECKING:
    from fitspec.conformance.worker.remote import Model


@clause("evaluate.x.array-list-dict")
def test_data_are_evaluated_in_each_form(build: Build) -> None:
    """Inputs and targets may be an array, lists by position or dicts by name."""
    expect_each_form(build, lambda model: model.evaluate, batch_size=1)


@clause("evaluate.x.generator-or-sequence")
def test_batches_of_generators_and_sequences_are_evaluated(build: Build) -> None:
    """`x` may be a generator or a Sequence of pairs or triples, and then there is no `y`."""
    model = build(linear(3.0))
    model.compile(SGD(0.0), "mse")
    pairs = [(constant(2, 1), y) for y in (column(0, 1), column(0, 2))]
    triples = [
        (*pair, np.asarray(weights, np.float32))
        for pair, weights in zip(pairs, ([1, 3], [0.5, 1.5]), strict=True)
    ]
    y = column(0, 1)

    seen = {
        "generator of pairs": loss_in(model.evaluate(Generator(pairs), steps=2).value),
        "generator of triples": loss_in(model.evaluate(Generator(triples), steps=2).value),
        "Sequence of pairs": loss_in(model.evaluate(SequenceOf(pairs)).value),
        "Sequence of triples": loss_in(model.evaluate(SequenceOf(triples)).value),
        "generator and y": outcome(small_model(build).evaluate, Generator(pairs), y, steps=2),
        "Sequence and y": outcome(small_model(build).evaluate, SequenceOf(pairs), y),
    }

    # Whether there may be several outputs, in dicts, is another clause.
    several = frozen(build, model_of_three())
    if taken(several.evaluate, *data_by_name()):
        of_dicts = several.evaluate(SequenceOf([data_by_name()])).value
        seen["Sequence of dicts"] = loss_in(of_dicts)

    # Errors 3 and 2, then 3 and 1: (9 + 4 + 9 + 1)/4, and with the weights
    # (1·9 + 3·4 + 0.5·9 + 1.5·1)/4. The second batch alone has 5 and 3. Of the dicts 2·1, 3·10
    # and 5·100 for 1, 20 and 300.
    right = {
        "generator of pairs": 5.75,
        "generator of triples": 6.75,
        "Sequence of pairs": 5.75,
        "Sequence of triples": 6.75,
        "generator and y": "ValueError",
        "Sequence and y": "ValueError",
        **({"Sequence of dicts": 40101.0} if "Sequence of dicts" in seen else {}),
    }
    unweighted = {"generator of triples": 5.75, "Sequence of triples": 5.75}
    pair_alone = {"generator of pairs": 5.0, "Sequence of pairs": 5.0}
    triple_alone = {"generator of triples": 3.0, "Sequence of triples": 3.0}
    expect(
        seen,
        equals=right,
        otherwise={
            "the weights in the items had no effect": {**right, **unweighted},
            "the loss is that of the last batch": {**right, **pair_alone, **triple_alone},
            "a `y` is ignored": {
                **right,
                "generator and y": "returned",
                "Sequence and y": "returned",
            },
        },
    )


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
