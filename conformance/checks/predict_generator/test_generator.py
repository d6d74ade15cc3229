"""`predict_generator`: how the reading of a generator goes on and ends."""

from __future__ import annotations

from fitspec.conformance.arrangements.compiled import small_model
from fitspec.conformance.arrangements.producers import ARRIVALS, arrival
from fitspec.conformance.arrangements.stream_ends import early_ends, end_before_the_last_step
from fitspec.conformance.arrangements.streaming import ITEM, PREDICT_GENERATOR
from fitspec.conformance.checks import Build, Generator, clause, recognise


@clause("predict_generator.generator.ends-early", seconds=30)
def test_prediction_by_its_own_method_of_a_generator_that_ends_early(build: Build) -> None:
    """What `predict_generator` makes of a generator that ends before the last step."""
    recognise(end_before_the_last_step(build, PREDICT_GENERATOR), early_ends([1.0, 3.0]))


@clause("predict_generator.generator.exception", seconds=30)
def test_prediction_by_its_own_method_of_a_generator_that_raises(build: Build) -> None:
    """How an exception that a generator raises reaches the caller of `predict_generator`."""
    source = Generator([ITEM], raises_at=1)

    recognise(arrival(small_model(build), PREDICT_GENERATOR, source, 3), ARRIVALS)
