"""Tests of `fitspec.conformance.arrangements.ways_of_ending`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from fitspec.conformance.arrangements import ways_of_ending
from fitspec.conformance.repro.conversation import converse
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import SGD, Generator
from fitspec.conformance.vocabulary.samples import column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fitspec.conformance.worker.remote import Model

ONE, ZERO = column(1), column(0)


@pytest.fixture
def model() -> Iterator[Model]:
    """Return 3·x, as the reference builds it, not yet compiled."""
    with converse("reference") as talk:
        yield talk.build(linear(3.0))


def test_training_brings_its_losses(model: Model) -> None:
    """What was taken is told by the loss of each epoch."""
    assert ways_of_ending.compiled_and_trained(model, ONE, ZERO) == [9.0]


def test_compile_is_told_from_fit(model: Model) -> None:
    """A refusal says which of the two refused."""
    in_compile = ways_of_ending.compiled_and_trained(model, ONE, ZERO, loss_weights=2.0)
    in_fit = ways_of_ending.compiled_and_trained(model, ONE, np.zeros((2, 1)))

    assert (in_compile, in_fit) == ("ValueError in compile", "ValueError in fit")


def test_a_late_refusal_is_told_from_an_early_one(model: Model) -> None:
    """A call that fails once weights have changed is told as such."""
    model.compile(SGD(0.25), "mse")
    ends_early = Generator([(ONE, ZERO)], repeats=False)

    early = ways_of_ending.trained(model, ends_early)
    late = ways_of_ending.trained(model, ends_early, steps_per_epoch=2)

    assert (early, late) == ("ValueError", "ValueError after an update")


def test_refusals_are_put_into_words() -> None:
    """Every class of exceptions makes a behaviour, by whichever method it is raised."""
    known = ways_of_ending.refused("ValueError", "AttributeError")
    in_fit = ways_of_ending.refused("TypeError", where="fit")

    assert known == {
        "it raises a ValueError": "ValueError",
        "it raises an AttributeError": "AttributeError",
    }
    assert in_fit == {"fit raises a TypeError": "TypeError in fit"}
