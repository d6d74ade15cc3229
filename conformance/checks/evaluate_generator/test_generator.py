"""`evaluate_generator`: how the reading of a generator goes on and ends."""

from __future__ import annotations

from fitspec.conformance.arrangements.compiled import small_model
from fitspec.conformance.arrangements.producers import ARRIVALS, arrival
from fitspec.conformance.arrangements.stream_ends import early_ends, end_before_the_last_step
from fitspec.conformance.arrangements.streaming import EVALUATE_GENERATOR, ITEM
from fitspec.conformance.checks import Build, Generator, clause, recognise


@clause("evaluate_generator.generator.ends-early", seconds=30)
def test_evaluation_by_its_own_method_of_a_generator_that_ends_early(build: Build) -> None:
    """What `evaluate_generator` makes of a generator that ends before the last step."""
    # Errors 1 and 3: (1 + 9)/2.
    recognise(end_before_the_last_step(build, EVALUATE_GENERATOR), early_ends([5.0]))


@clause("evaluate_generator.generator.exception", seconds=30)
def test_evaluation_by_its_own_method_of_a_generator_that_raises(build: Build) -> None:
    """How an exception that a generator raises reaches the caller of `evaluate_generator`."""
    source = Generator([ITEM], raises_at=1)

    recognise(arrival(small_model(build), EVALUATE_GENERATOR, source, 3), ARRIVALS)
