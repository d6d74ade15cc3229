"""`evaluate`: how the reading of a generator goes on and ends."""

from __future__ import annotations

from fitspec.conformance.arrangements.compiled import small_model
from fitspec.conformance.arrangements.producers import ARRIVALS, arrival
from fitspec.conformance.arrangements.stream_ends import (
    BEGINNINGS,
    begins_again_at,
    early_ends,
    end_before_the_last_step,
)
from fitspec.conformance.arrangements.streaming import EVALUATE, ITEM
from fitspec.conformance.checks import Build, Generator, clause, recognise


@clause("evaluate.generator.ends-early", seconds=30)
def test_evaluation_of_a_generator_that_ends_early(build: Build) -> None:
    """What `evaluate` makes of a generator that ends before the last step."""
    # Errors 1 and 3: (1 + 9)/2.
    recognise(end_before_the_last_step(build, EVALUATE), early_ends([5.0]))


@clause("evaluate.generator.exception", seconds=30)
def test_evaluation_of_a_generator_that_raises(build: Build) -> None:
    """How an exception that a generator raises reaches the caller of `evaluate`."""
    source = Generator([ITEM], raises_at=1)

    recognise(arrival(small_model(build), EVALUATE, source, 3), ARRIVALS)


@clause("evaluate.generator.second-call", seconds=30)
def test_where_a_second_evaluation_begins(build: Build) -> None:
    """Which item a second `evaluate` on the same generator begins with."""
    recognise(begins_again_at(build, EVALUATE), BEGINNINGS)
