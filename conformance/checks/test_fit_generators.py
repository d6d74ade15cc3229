"""`fit` on generators: where batches are made."""

from __future__ import annotations

from fitspec.conformance.arrangements.ways_of_ending import called
from fitspec.conformance.checks import SGD, Build, Generator, clause, expect, recognise
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.samples import column


@clause("fit.workers.zero-main-thread")
def test_without_workers_the_generator_runs_on_the_main_thread(build: Build) -> None:
    """`workers=0` draws every batch on the main thread, and none ahead of training."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")
    source = Generator([(column(1), column(0)), (column(2), column(0))])

    result = model.fit(source, steps_per_epoch=3, workers=0)

    pulls = result.events.by(source).of("pull")
    seen = {
        "drawn on the main thread": all(event.main_thread for event in pulls),
        "drawn": len(pulls),
    }
    expect(
        seen,
        equals={"drawn on the main thread": True, "drawn": 3},
        otherwise={
            "one batch was drawn ahead": {"drawn on the main thread": True, "drawn": 4},
            "another thread drew them": {"drawn on the main thread": False, "drawn": 3},
        },
    )


@clause("fit_generator.generator.arrays")
def test_arrays_in_place_of_a_generator(build: Build) -> None:
    """What `fit_generator` does with an array, and with a tuple of inputs and targets."""
    data = {"an array": column(3), "inputs and targets": (column(3), column(0))}

    seen = {}
    for name, value in data.items():
        model = build(linear())
        model.compile(SGD(0.25), "mse")
        seen[name] = called(model, model.fit_generator, value, steps_per_epoch=1, epochs=1)

    recognise(
        seen,
        {
            "both are refused with a ValueError": dict.fromkeys(data, "ValueError"),
            "both are refused with a TypeError": dict.fromkeys(data, "TypeError"),
        },
    )
