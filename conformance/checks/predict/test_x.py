"""`predict`: the forms of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fitspec.conformance.arrangements.compiled import frozen
from fitspec.conformance.arrangements.data_forms import expect_each_form_of_inputs
from fitspec.conformance.arrangements.returned import numbers
from fitspec.conformance.arrangements.taken import taken
from fitspec.conformance.checks import Build, Generator, clause, expect, outcome
from fitspec.conformance.vocabulary.models import (
    fed_by_tensor,
    linear,
    three_in_three_out,
    two_in_two_out,
)
from fitspec.conformance.vocabulary.probes import NativeTensor, SequenceOf
from fitspec.conformance.vocabulary.samples import column

if TYPE_CHECKING:
    from fitspec.conformance.worker.remote import Model

#: No number: who uses it gets no number.
NAN = float("nan")


@clause("predict.x.list-and-dict")
def test_inputs_are_predicted_in_each_form(build: Build) -> None:
    """Inputs may be a list by position or a dict by name."""
    expect_each_form_of_inputs(build, lambda model: model.predict, batch_size=1)


@clause("predict.x.generator-or-sequence")
def test_of_the_items_only_the_inputs_are_predicted(build: Build) -> None:
    """A generator or Sequence may give targets, and weights, beside the inputs."""
    model = frozen(build, linear(2.0))
    pairs = [(column(value), column(NAN)) for value in (1, 2, 3)]
    triples = [(*pair, np.asarray([NAN], np.float32)) for pair in pairs]

    values = {
        "generator of pairs": model.predict(Generator(pairs), steps=3).value,
        "generator of triples": model.predict(Generator(triples), steps=3).value,
        "Sequence of pairs": model.predict(SequenceOf(pairs)).value,
        "Sequence of triples": model.predict(SequenceOf(triples)).value,
    }

    seen = {source: numbers(value) for source, value in values.items()}
    several = frozen(build, three_in_three_out(2.0, 3.0, 5.0))
    inputs = {"in3": column(1), "in2": column(2), "in1": column(3)}
    if taken(several.predict, inputs):
        items = [(inputs, {name: column(NAN) for name in "cba"})]
        seen["Sequence of dicts"] = numbers(several.predict(SequenceOf(items)).value)
        seen["generator of dicts"] = numbers(several.predict(Generator(items), steps=1).value)
    two = frozen(build, two_in_two_out(2.0, 3.0))
    listed = [column(2), column(1)], [column(NAN)] * 2
    # Whether lists are taken is another clause.
    if taken(two.predict, listed[0]):
        seen["Sequence of lists"] = numbers(two.predict(SequenceOf([listed])).value)
        seen["generator of lists"] = numbers(two.predict(Generator([listed]), steps=1).value)

    # Of the dicts 2·2, 3·1 and 5·3, in the order of the outputs; of the lists 2·2 and 3·1.
    of_several = {"dicts": [4.0, 3.0, 15.0], "lists": [4.0, 3.0]}
    expect(seen, equals={name: of_several.get(name.split()[-1], [2.0, 4.0, 6.0]) for name in seen})


@clause("predict.x.none-with-tensors")
def test_a_model_on_tensors_predicts_without_data(build: Build) -> None:
    """Where the framework's tensors hold the inputs, `steps` is needed and nothing else."""

    def fed() -> Model:
        return build(fed_by_tensor(NativeTensor(column(1, 2)), 2.0))

    seen = {
        "2 steps": numbers(fed().predict(None, steps=2).value),
        "no steps": outcome(fed().predict, None),
    }

    # Every step gives the two rows again.
    expect(seen, equals={"2 steps": [2.0, 4.0] * 2, "no steps": "ValueError"})
