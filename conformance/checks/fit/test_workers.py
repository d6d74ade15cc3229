"""`fit`: the threads that make batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.conformance.arrangements.compiled import learning_model
from fitspec.conformance.arrangements.streaming import (
    FIT,
    FIT_VALIDATING,
    ITEM,
    WITHIN,
    beyond,
    places,
    where_generator_runs,
)
from fitspec.conformance.arrangements.taken import takes_sequences, tried
from fitspec.conformance.checks import Build, Generator, Recorder, clause, expect
from fitspec.conformance.vocabulary.probes import SequenceOf

if TYPE_CHECKING:
    from fitspec.conformance.vocabulary.probes import Source


@clause("fit.workers.default-1-background")
def test_by_default_fit_runs_a_generator_in_the_background(build: Build) -> None:
    """Without `workers`, `fit` runs a generator on one thread that is not the main one."""
    source, recorder, model = Generator([ITEM]), Recorder(), learning_model(build)

    events = FIT(model, source, 3, callbacks=[recorder]).events

    pulls = events.by(source).of("pull")
    seen: dict[str, Any] = {
        "runs on": places(pulls, events.by(recorder)),
        "threads": len({(event.pid, event.thread) for event in pulls}),
        "weight": model.weight("y"),
    }
    # Each of three updates halves w, from 1.
    right: dict[str, Any] = {"runs on": ["another thread"], "threads": 1, "weight": 1 / 8}
    validation = tried(where_generator_runs, build, FIT_VALIDATING)
    if validation is not None:
        seen["of validation"], right["of validation"] = validation[0], ["another thread"]
    main = "the main thread"
    expect(
        seen,
        equals=right,
        otherwise={
            "it runs on the main thread": {**right, "runs on": [main]},
            "what is validated on runs on the main thread": {**right, "of validation": [main]},
            "the first item is drawn on the main thread": {
                **right,
                "runs on": ["another thread", main],
                "threads": 2,
            },
            "several threads draw": {**right, "threads": 2},
        },
    )


@clause("fit.workers.zero-main-thread")
def test_without_workers_the_generator_runs_on_the_main_thread(build: Build) -> None:
    """`workers=0` draws every batch on the main thread, and no more ahead than the queue holds."""
    seen: dict[str, Any] = {}
    sources: dict[str, Source] = {"a generator": Generator([ITEM])}
    # Whether Sequences are taken is another clause.
    if takes_sequences(build):
        sources["a Sequence"] = SequenceOf([ITEM] * 3)
    for name, source in sources.items():
        model = learning_model(build)
        result = model.fit(source, steps_per_epoch=3, workers=0)
        drawn = result.events.by(source).of("pull", "get_item")
        seen[name] = {
            "drawn on the main thread": all(event.main_thread for event in drawn),
            "weight": model.weight("y"),
        }
        # A Sequence may be looked at beforehand, to learn what it has.
        if name == "a generator":
            seen[name]["drawn ahead"] = beyond(3, len(drawn))

    # Each of three updates halves w, from 1.
    trained: dict[str, Any] = {"drawn on the main thread": True, "weight": 1 / 8}
    right: dict[str, Any] = dict.fromkeys(seen, trained)
    right["a generator"] = {**trained, "drawn ahead": WITHIN}
    away = {"drawn on the main thread": False}
    if (validation := tried(where_generator_runs, build, FIT_VALIDATING, workers=0)) is not None:
        on_main = validation[0] == ["the main thread"]
        seen["of validation"] = {"drawn on the main thread": on_main}
        right["of validation"] = {"drawn on the main thread": True}
    # Whether there may be processes is another clause.
    beside = tried(where_generator_runs, build, FIT, workers=0, use_multiprocessing=True)
    if beside is not None:
        on_main = beside[0] == ["the main thread"]
        seen["beside `use_multiprocessing`"] = {"drawn on the main thread": on_main}
        right["beside `use_multiprocessing`"] = {"drawn on the main thread": True}
    expect(
        seen,
        equals=right,
        otherwise={
            "another thread drew them": {name: {**item, **away} for name, item in right.items()},
        },
    )
