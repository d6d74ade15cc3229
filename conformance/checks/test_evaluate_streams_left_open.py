"""`evaluate` and `evaluate_generator`: what the documents leave open about reading streams."""

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
from fitspec.conformance.arrangements.streaming import (
    EVALUATE,
    EVALUATE_GENERATOR,
    ITEM,
    small_model,
)
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


@clause("evaluate.workers.left-behind", seconds=40)
def test_threads_left_behind_by_evaluation(build: Build) -> None:
    """Whether worker threads still run when `evaluate` has returned or raised."""
    seen = left_behind(build, EVALUATE)

    recognise(seen, remains(seen, "threads"))


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


@clause("evaluate_generator.workers.left-behind", seconds=40)
def test_threads_left_behind_by_evaluation_by_its_own_method(build: Build) -> None:
    """Whether worker threads still run when `evaluate_generator` has returned or raised."""
    seen = left_behind(build, EVALUATE_GENERATOR)

    recognise(seen, remains(seen, "threads"))


@clause("evaluate_generator.use_multiprocessing.left-behind", seconds=40)
def test_processes_left_behind_by_evaluation_by_its_own_method(build: Build) -> None:
    """Whether worker processes still run when `evaluate_generator` has returned or raised."""
    seen = left_behind(build, EVALUATE_GENERATOR, use_multiprocessing=True)

    recognise(seen, remains(seen, "processes", "processes and threads"))
