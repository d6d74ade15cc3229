"""`predict` and `predict_generator`: what the documents leave open about reading streams."""

from __future__ import annotations

from fitspec.conformance.arrangements.producers import ARRIVALS, arrival
from fitspec.conformance.arrangements.stream_ends import (
    BEGINNINGS,
    begins_again_at,
    early_ends,
    end_before_the_last_step,
    left_behind,
    remains,
)
from fitspec.conformance.arrangements.streaming import ITEM, PREDICT, PREDICT_GENERATOR, small_model
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


@clause("predict.workers.left-behind", seconds=40)
def test_threads_left_behind_by_prediction(build: Build) -> None:
    """Whether worker threads still run when `predict` has returned or raised."""
    seen = left_behind(build, PREDICT)

    recognise(seen, remains(seen, "threads"))


@clause("predict_generator.generator.ends-early", seconds=30)
def test_prediction_by_its_own_method_of_a_generator_that_ends_early(build: Build) -> None:
    """What `predict_generator` makes of a generator that ends before the last step."""
    recognise(end_before_the_last_step(build, PREDICT_GENERATOR), early_ends([1.0, 3.0]))


@clause("predict_generator.generator.exception", seconds=30)
def test_prediction_by_its_own_method_of_a_generator_that_raises(build: Build) -> None:
    """How an exception that a generator raises reaches the caller of `predict_generator`."""
    source = Generator([ITEM], raises_at=1)

    recognise(arrival(small_model(build), PREDICT_GENERATOR, source, 3), ARRIVALS)


@clause("predict_generator.workers.left-behind", seconds=40)
def test_threads_left_behind_by_prediction_by_its_own_method(build: Build) -> None:
    """Whether worker threads still run when `predict_generator` has returned or raised."""
    seen = left_behind(build, PREDICT_GENERATOR)

    recognise(seen, remains(seen, "threads"))


@clause("predict_generator.use_multiprocessing.left-behind", seconds=40)
def test_processes_left_behind_by_prediction_by_its_own_method(build: Build) -> None:
    """Whether worker processes still run when `predict_generator` has returned or raised."""
    seen = left_behind(build, PREDICT_GENERATOR, use_multiprocessing=True)

    recognise(seen, remains(seen, "processes", "processes and threads"))
