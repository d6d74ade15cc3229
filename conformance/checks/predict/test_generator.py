"""`predict`: how the reading of a generator goes on and ends."""

from __future__ import annotations

from fitspec.conformance.arrangements.compiled import small_model
from fitspec.conformance.arrangements.producers import ARRIVALS, arrival
from fitspec.conformance.arrangements.stream_ends import (
    BEGINNINGS,
    begins_again_at,
    early_ends,
    end_before_the_last_step,
)
from fitspec.conformance.arrangements.streaming import ITEM, PREDICT
from fitspec.conformance.checks import Build, Generator, clause, recognise


@clause("predict.generator.ends-early", seconds=30)
def test_prediction_of_a_generator_that_ends_early(build: Build) -> None:
    """What `predict` makes of a generator that ends before the last step."""
    recognise(end_before_the_last_step(build, PREDICT), early_ends([1.0, 3.0]))


@clause("predict.generator.exception", seconds=30)
def test_prediction_of_a_generator_that_raises(build: Build) -> None:
    """How an exception that a generator raises reaches the caller of `predict`."""
    source = Generator([ITEM], raises_at=1)

    recognise(arrival(small_model(build), PREDICT, source, 3), ARRIVALS)


@clause("predict.generator.second-call", seconds=30)
def test_where_a_second_prediction_begins(build: Build) -> None:
    """Which item a second `predict` on the same generator begins with."""
    recognise(begins_again_at(build, PREDICT), BEGINNINGS)
