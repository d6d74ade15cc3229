"""`fit_generator`: how the reading of a generator goes on and ends."""

from __future__ import annotations

from typing import Any

from fitspec.conformance.arrangements.compiled import small_model
from fitspec.conformance.arrangements.fit_generator_calls import (
    FALLING,
    batches,
    counted_batches,
)
from fitspec.conformance.arrangements.numbered_batches import numbered, trained_on
from fitspec.conformance.arrangements.producers import arrival, arrivals_alike
from fitspec.conformance.arrangements.streaming import (
    FIT_GENERATOR,
    ITEM,
    PATIENCE,
    UNTOLD,
    on_each_thread,
    read,
)
from fitspec.conformance.arrangements.taken import taken
from fitspec.conformance.arrangements.ways_of_ending import called
from fitspec.conformance.checks import SGD, Build, Generator, Recorder, clause, expect, recognise
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import until
from fitspec.conformance.vocabulary.samples import column


@clause("fit_generator.generator.loops-forever", seconds=20)
def test_a_generator_need_not_end(build: Build) -> None:
    """Training ends with its last epoch while the generator could go on for ever."""
    counts = {
        where: counted_batches(
            build, Generator([FALLING]), steps_per_epoch=2, epochs=3, **arguments
        )
        for where, arguments in on_each_thread(build).items()
    }

    expect(counts, equals=dict.fromkeys(counts, batches(2, 2, 2)))


@clause("fit_generator.generator.exception", seconds=20)
def test_an_exception_in_a_generator(build: Build) -> None:
    """How an exception that a generator raises reaches the caller of `fit_generator`."""
    seen = {
        where: arrival(
            small_model(build), FIT_GENERATOR, Generator([ITEM], raises_at=1), 3, **arguments
        )
        for where, arguments in on_each_thread(build).items()
    }

    recognise(seen, arrivals_alike(seen))


@clause("fit_generator.generator.exception-after-items", seconds=20)
def test_what_becomes_of_items_drawn_before_an_exception(build: Build) -> None:
    """Whether items that wait in the queue are trained on when the generator has failed."""
    source = Generator([ITEM], raises_at=3)
    failed = until("pull", 4, of=source, within=PATIENCE, quiet=0.1)
    slow = Recorder(waits={("train_batch_begin", 0): failed})

    seen, _ = read(FIT_GENERATOR, small_model(build), source, 6, callbacks=[slow])
    events = seen.by(slow)

    # Items 0, 1 and 2 were given before; item 0 is in training when item 3 fails.
    recognise(
        len(events.of("train_batch_end")) if "came" in events.kinds else UNTOLD,
        {
            "they are trained on before it is raised": 3,
            "they are lost: it is raised after the batch in training": 1,
            "they are lost: it is raised before the batch in training": 0,
        },
    )


@clause("fit_generator.generator.continues-across-epochs")
def test_the_next_epoch_goes_on_with_the_next_item(build: Build) -> None:
    """No item is lost or repeated between two epochs, whoever draws them."""
    ways: dict[str, dict[str, Any]] = on_each_thread(build)
    # Whether a generator is trained on beside arrays to validate on is another clause.
    validated = {"steps_per_epoch": 1, "epochs": 1, "validation_data": ITEM}
    if taken(small_model(build).fit_generator, Generator([ITEM]), **validated):
        ways["with a validation between"] = {"validation_data": numbered(10)[0]}

    seen = {
        where: trained_on(
            build,
            "fit_generator",
            Generator(numbered(10)),
            steps_per_epoch=3,
            epochs=3,
            **arguments,
        )
        for where, arguments in ways.items()
    }

    expect(
        seen,
        equals=dict.fromkeys(seen, [[0, 1, 2], [3, 4, 5], [6, 7, 8]]),
        otherwise={
            "each epoch begins anew": dict.fromkeys(seen, [[0, 1, 2]] * 3),
            "an item is lost between epochs": dict.fromkeys(
                seen, [[0, 1, 2], [4, 5, 6], [8, 9, 0]]
            ),
        },
    )


@clause("fit_generator.generator.arrays")
def test_arrays_in_place_of_a_generator(build: Build) -> None:
    """What `fit_generator` does with an array, and with a tuple of inputs and targets."""
    item = column(3), column(0)
    data = {"an array": column(3), "inputs and targets": item, "a generator": Generator([item])}

    seen = {}
    for name, value in data.items():
        model = build(linear())
        model.compile(SGD(0.25), "mse")
        seen[name] = called(model, model.fit_generator, value, steps_per_epoch=1, epochs=1)

    # The generator is trained on: (3 - 0)².
    recognise(
        seen,
        {
            f"both are refused with a {error}": {**dict.fromkeys(data, error), "a generator": [9.0]}
            for error in ("ValueError", "TypeError")
        },
    )
