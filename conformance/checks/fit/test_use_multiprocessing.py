"""`fit`: the processes that make batches."""

from __future__ import annotations

from fitspec.conformance.arrangements.numbered_batches import counting_model, trained_items
from fitspec.conformance.arrangements.producers import finished_out_of_order
from fitspec.conformance.arrangements.streaming import (
    FIT,
    PROCESSES,
    places,
    where_generator_runs,
    where_sequence_is_read,
)
from fitspec.conformance.checks import Build, Recorder, clause, expect


@clause("fit.use_multiprocessing.default-false")
def test_by_default_fit_starts_no_process(build: Build) -> None:
    """Without `use_multiprocessing`, as with False, batches are made where the model is."""
    where = {
        "Sequence, told not to": where_sequence_is_read(build, FIT, use_multiprocessing=False),
        "Sequence": where_sequence_is_read(build, FIT),
        "generator": where_generator_runs(build, FIT)[0],
    }

    # On which thread is no matter, so long as the batches were made.
    same = {"another thread", "the main thread"}
    seen = {
        name: "in the same process" if places and same.issuperset(places) else places
        for name, places in where.items()
    }
    expect(seen, equals=dict.fromkeys(seen, "in the same process"))


@clause("fit.use_multiprocessing.true-child-process", seconds=30)
def test_with_processes_fit_has_a_sequence_read_by_others(build: Build) -> None:
    """`use_multiprocessing=True` has every batch made in a child process, and keeps the order."""
    source, recorder = finished_out_of_order(5), Recorder(weights=True)
    model = counting_model(build, 5)

    result = model.fit(source, callbacks=[recorder], shuffle=False, **PROCESSES)

    asked = result.events.by(source).of("get_item")
    expect(
        {
            "made in": places(asked, result.events.by(recorder)),
            "trained on": trained_items(result, recorder),
        },
        equals={"made in": ["another process"], "trained on": [[0, 1, 2, 3, 4]]},
        otherwise={
            "they are made in the same process": {
                "made in": ["another thread"],
                "trained on": [[0, 1, 2, 3, 4]],
            },
        },
    )
