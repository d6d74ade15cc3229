"""`fit`: the processes that make batches."""

from __future__ import annotations

from typing import Any

from fitspec.conformance.arrangements.numbered_batches import counting_model, trained_items
from fitspec.conformance.arrangements.producers import finished_out_of_order
from fitspec.conformance.arrangements.streaming import (
    FIT,
    FIT_VALIDATING,
    PROCESSES,
    places,
    where_generator_runs,
    where_sequence_is_read,
)
from fitspec.conformance.arrangements.taken import tried
from fitspec.conformance.checks import Build, Recorder, clause, expect


@clause("fit.use_multiprocessing.default-false")
def test_by_default_fit_starts_no_process(build: Build) -> None:
    """Without `use_multiprocessing`, as with False, batches are made where the model is."""
    where = {
        "Sequence, told not to": where_sequence_is_read(build, FIT, use_multiprocessing=False),
        "Sequence": where_sequence_is_read(build, FIT),
        "generator": where_generator_runs(build, FIT)[0],
    }
    # Whether it is validated on is another clause.
    if (validation := tried(where_sequence_is_read, build, FIT_VALIDATING)) is not None:
        where["Sequence to validate on"] = validation

    # On which thread is no matter, so long as the batches were made.
    same = {"another thread", "the main thread"}
    seen = {
        name: "in the same process" if places and same.issuperset(places) else places
        for name, places in where.items()
    }
    expect(seen, equals=dict.fromkeys(seen, "in the same process"))


@clause("fit.use_multiprocessing.true-child-process", seconds=60)
def test_with_processes_fit_has_a_sequence_read_by_others(build: Build) -> None:
    """`use_multiprocessing=True` has every batch made in a child process, and keeps the order."""
    source, recorder = finished_out_of_order(5), Recorder(weights=True)
    model = counting_model(build, 5)

    result = model.fit(source, callbacks=[recorder], shuffle=False, **PROCESSES)

    asked = result.events.by(source).of("get_item")
    seen = {
        "made in": places(asked, result.events.by(recorder)),
        "trained on": trained_items(result, recorder),
    }
    processes: dict[str, Any] = {"use_multiprocessing": True}
    others = {
        "of a generator": tried(lambda: where_generator_runs(build, FIT, **processes)[0]),
        "to validate on": tried(where_sequence_is_read, build, FIT_VALIDATING, **processes),
    }
    seen |= {name: where for name, where in others.items() if where is not None}

    right = {name: ["another process"] for name in seen} | {"trained on": [[0, 1, 2, 3, 4]]}
    same = ["another thread"]
    expect(
        seen,
        equals=right,
        otherwise={
            "they are made in the same process": {**right, "made in": same},
            "a generator runs in the same process": {**right, "of a generator": same},
            "those to validate on are made in the same process": {**right, "to validate on": same},
        },
    )
