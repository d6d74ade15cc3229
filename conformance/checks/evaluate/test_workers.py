"""`evaluate`: the threads that make batches."""

from __future__ import annotations

from fitspec.conformance.arrangements.stream_ends import left_behind, remains
from fitspec.conformance.arrangements.streaming import (
    EVALUATE,
    WITHIN,
    where_generator_runs,
    where_sequence_is_read,
)
from fitspec.conformance.checks import Build, clause, expect, recognise


@clause("evaluate.workers.zero-main-thread")
def test_without_workers_evaluation_draws_on_the_main_thread(build: Build) -> None:
    """`workers=0` runs the generator on the main thread; by default another thread runs it."""
    by_default, _ = where_generator_runs(build, EVALUATE)
    places, ahead = where_generator_runs(build, EVALUATE, workers=0)

    right = {
        "by default": ["another thread"],
        "workers=0": ["the main thread"],
        "drawn ahead": WITHIN,
        "of a Sequence, by default": ["another thread"],
        "of a Sequence, workers=0": ["the main thread"],
    }
    expect(
        {
            "by default": by_default,
            "workers=0": places,
            "drawn ahead": ahead,
            "of a Sequence, by default": where_sequence_is_read(build, EVALUATE),
            "of a Sequence, workers=0": where_sequence_is_read(build, EVALUATE, workers=0),
        },
        equals=right,
        otherwise={
            "nothing runs in the background": {
                **right,
                "by default": ["the main thread"],
                "of a Sequence, by default": ["the main thread"],
            },
        },
    )


@clause("evaluate.workers.left-behind", seconds=40)
def test_threads_left_behind_by_evaluation(build: Build) -> None:
    """Whether worker threads still run when `evaluate` has returned or raised."""
    seen = left_behind(build, EVALUATE)

    recognise(seen, remains(seen, "threads"))
