"""`fit`: how many epochs are run."""

from __future__ import annotations

from typing import Any

from hypothesis.strategies import booleans, integers

from fitspec.conformance.arrangements.compiled import START, halving_model
from fitspec.conformance.arrangements.numbered_batches import batches_of
from fitspec.conformance.arrangements.odd_numbers import trained_with_each
from fitspec.conformance.arrangements.taken import taken, takes_sequences, tried
from fitspec.conformance.checks import (
    Build,
    ForAll,
    Generator,
    Recorder,
    Sides,
    clause,
    expect,
    recognise,
)
from fitspec.conformance.vocabulary.probes import SequenceOf
from fitspec.conformance.vocabulary.samples import constant

ONES, ZEROS = constant(2, 1), constant(2, 0)


def _after(epochs: int) -> float:
    """Return the weight after epochs of two updates, each of which halves it."""
    return START * 4.0**-epochs


@clause("fit.epochs.default-1")
def test_one_epoch_is_trained_by_default(build: Build) -> None:
    """Without a number of epochs, one is trained."""
    item = ONES[:1], ZEROS[:1]
    data: dict[str, tuple[tuple[Any, ...], dict[str, int]]] = {
        "arrays": ((ONES, ZEROS), {"batch_size": 1}),
        "a generator": ((Generator([item]),), {"steps_per_epoch": 2}),
        "a Sequence": ((SequenceOf([item] * 2),), {}),
    }
    # Whether arrays may be validated on is another clause.
    beside: dict[str, Any] = {"batch_size": 1, "validation_data": (ONES, ZEROS)}
    seen = {}
    for name, (given, arguments) in data.items():
        model = halving_model(build)
        # Whether `fit` takes generators and Sequences is another clause.
        if name == "arrays":
            model.fit(*given, **arguments)
        elif not taken(model.fit, *given, **arguments):
            continue
        seen[name] = model.weight("y") / START
    validated = halving_model(build)
    if taken(validated.fit, ONES, ZEROS, **beside):
        seen["beside validation data"] = validated.weight("y") / START

    # Each update halves w, and an epoch makes two.
    expect(
        seen,
        equals=dict.fromkeys(seen, 1 / 4),
        otherwise={"ten epochs were trained": dict.fromkeys(seen, 4.0**-10)},
    )


@clause("fit.epochs.whole-data-once")
def test_an_epoch_uses_every_sample_once(build: Build, for_all: ForAll) -> None:
    """Each epoch trains on every sample exactly once."""
    # Whether samples can be set apart is another clause.
    splits = tried(batches_of, build, 2, batch_size=1, validation_split=0.5) is not None

    def law(samples: int, batch_size: int, shuffle: bool) -> Sides:
        arguments: dict[str, Any] = {"batch_size": batch_size, "epochs": 3, "shuffle": shuffle}
        given = samples
        if splits and samples % 2 == 0:
            given, arguments["validation_split"] = 2 * samples, 0.5
        epochs = batches_of(build, given, **arguments)
        # Sorted, with repetitions: a sample drawn twice in place of another shows.
        used = [sorted(sample for batch in batches for sample in batch) for batches in epochs]
        return Sides(used, equals=[[*range(samples)]] * 3)

    for_all(
        law,
        samples=integers(6, 16),
        batch_size=integers(1, 6),
        shuffle=booleans(),
        examples=[(10, 4, True), (10, 4, False), (9, 4, True)],
    )


@clause("fit.epochs.final-epoch")
def test_epochs_is_the_index_of_the_final_epoch(build: Build, for_all: ForAll) -> None:
    """With `initial_epoch`, `epochs` is where training stops, not how many epochs are run."""
    # Whether there may be data to validate on is another clause.
    validation = {"validation_data": (ONES, ZEROS)}
    may_validate = taken(halving_model(build).fit, ONES, ZEROS, epochs=1, **validation)

    def law(initial_epoch: int, epochs: int, validates: bool) -> Sides:
        # A new one each time: how a second `fit` counts is a clause of its own.
        model, more = halving_model(build), validation if validates and may_validate else {}
        model.fit(ONES, ZEROS, batch_size=1, initial_epoch=initial_epoch, epochs=epochs, **more)
        # Which epochs callbacks hear of is another one.
        return Sides(
            model.weight("y"),
            equals=_after(epochs - initial_epoch),
            otherwise={
                "`epochs` more epochs were trained": _after(epochs),
                "the final epoch was counted in": _after(epochs - initial_epoch + 1),
            },
        )

    # What comes of fewer than `initial_epoch` is a clause of its own.
    for_all(
        law,
        initial_epoch=integers(0, 5),
        epochs=integers(6, 9),
        validates=booleans(),
        examples=[(2, 5, False), (2, 5, True)],
    )


@clause("fit.epochs.not-greater-than-initial")
def test_nothing_is_trained_when_the_final_epoch_is_reached_already(build: Build) -> None:
    """With `epochs` no greater than `initial_epoch` no epoch is trained."""
    seen = {}
    for name, initial_epoch in (("equal", 2), ("beyond", 5)):
        model, recorder = halving_model(build), Recorder()
        result = model.fit(
            *(ONES, ZEROS),
            batch_size=1,
            initial_epoch=initial_epoch,
            epochs=2,
            callbacks=[recorder],
        )
        begun = result.events.of("train_batch_begin").kinds
        seen[name] = {"batches begun": len(begun), "weight": model.weight("y")}
    if takes_sequences(build):
        source, other = SequenceOf([(ONES, ZEROS)]), halving_model(build)
        result = other.fit(source, initial_epoch=2, epochs=2, callbacks=[Recorder()])
        begun = result.events.of("train_batch_begin").kinds
        seen["equal, of a Sequence"] = {"batches begun": len(begun), "weight": other.weight("y")}
    # The same call with an epoch to train, for which the weight does move.
    model.fit(ONES, ZEROS, batch_size=1, initial_epoch=1, epochs=2)
    trains = model.weight("y") != seen["beyond"]["weight"]

    nothing = {"batches begun": 0, "weight": START}
    expect(
        {**seen, "trains when `epochs` is greater": trains},
        equals={**dict.fromkeys(seen, nothing), "trains when `epochs` is greater": True},
    )


@clause("fit.epochs.number-types")
def test_a_number_of_epochs_that_is_no_plain_integer(build: Build) -> None:
    """What `fit` does with NumPy's 2, with 2.0 and with `True` as `epochs`."""
    # Two batches in each epoch.
    recognise(
        trained_with_each(build, "epochs"),
        {
            "NumPy's integer and True, as 1, are taken; a float is a TypeError": {
                "numpy": 4,
                "float": "TypeError",
                "true": 2,
            },
            "all are taken: NumPy's integer, a float, and True as 1": {
                "numpy": 4,
                "float": 4,
                "true": 2,
            },
            "NumPy's integer is taken; a float and True are a TypeError": {
                "numpy": 4,
                "float": "TypeError",
                "true": "TypeError",
            },
        },
    )
