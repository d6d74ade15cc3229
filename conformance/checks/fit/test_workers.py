"""`fit`: the threads that make batches."""

from __future__ import annotations

from fitspec.conformance.arrangements.compiled import learning_model
from fitspec.conformance.arrangements.streaming import FIT, ITEM, places
from fitspec.conformance.checks import Build, Generator, Recorder, clause, expect


@clause("fit.workers.default-1-background")
def test_by_default_fit_runs_a_generator_in_the_background(build: Build) -> None:
    """Without `workers`, `fit` runs a generator on one thread that is not the main one."""
    source, recorder, model = Generator([ITEM]), Recorder(), learning_model(build)

    events = FIT(model, source, 3, callbacks=[recorder]).events

    pulls = events.by(source).of("pull")
    seen = {
        "runs on": places(pulls, events.by(recorder)),
        "threads": len({(event.pid, event.thread) for event in pulls}),
        "weight": model.weight("y"),
    }
    # Each of three updates halves w, from 1.
    expect(
        seen,
        equals={"runs on": ["another thread"], "threads": 1, "weight": 1 / 8},
        otherwise={
            "it runs on the main thread": {
                "runs on": ["the main thread"],
                "threads": 1,
                "weight": 1 / 8,
            },
            "the first item is drawn on the main thread": {
                "runs on": ["another thread", "the main thread"],
                "threads": 2,
                "weight": 1 / 8,
            },
            "several threads draw": {"runs on": ["another thread"], "threads": 2, "weight": 1 / 8},
        },
    )


@clause("fit.workers.zero-main-thread")
def test_without_workers_the_generator_runs_on_the_main_thread(build: Build) -> None:
    """`workers=0` draws every batch on the main thread, and none ahead of training."""
    model, source = learning_model(build), Generator([ITEM])

    result = model.fit(source, steps_per_epoch=3, workers=0)

    pulls = result.events.by(source).of("pull")
    seen = {
        "drawn on the main thread": all(event.main_thread for event in pulls),
        "drawn": len(pulls),
        "weight": model.weight("y"),
    }
    # Each of three updates halves w, from 1.
    trained = {"drawn on the main thread": True, "drawn": 3, "weight": 1 / 8}
    expect(
        seen,
        equals=trained,
        otherwise={
            "one batch was drawn ahead": {**trained, "drawn": 4},
            "another thread drew them": {**trained, "drawn on the main thread": False},
        },
    )
