"""`fit`: batches and epochs."""

from __future__ import annotations

from hypothesis.strategies import booleans, integers

from fitspec.conformance.checks import SGD, Build, ForAll, Recorder, Sides, clause, expect
from fitspec.conformance.vocabulary.models import linear, tally
from fitspec.conformance.vocabulary.samples import (
    TALLY_RATE,
    ascending,
    constant,
    far_below,
    identity,
)
from fitspec.conformance.worker.answers import trained_batches


def _batches(
    build: Build, samples: int, *, epochs: int = 1, **arguments: object
) -> list[list[list[int]]]:
    """Train a tally and return which samples each batch held: epoch, batch, sorted samples."""
    model, recorder = build(tally(samples)), Recorder(weights=True)
    model.compile(SGD(TALLY_RATE), "mae")
    x, y = identity(samples), far_below(samples)
    result = model.fit(x, y, callbacks=[recorder], epochs=epochs, **arguments)
    return trained_batches(result, recorder)


@clause("fit.batch_size.default-32")
def test_a_batch_has_32_samples_by_default(build: Build) -> None:
    """Without a batch size, 32 samples make one update."""
    (batches,) = _batches(build, 70)

    # 70 = 32 + 32 + 6
    expect(
        [len(batch) for batch in batches],
        equals=[32, 32, 6],
        otherwise={"all samples were one batch": [70], "the rest was dropped": [32, 32]},
    )


@clause("fit.batch_size.one-update-per-batch")
def test_each_batch_makes_one_update(build: Build) -> None:
    """As many updates are made as there are batches of the given size."""
    model = build(linear(1.0))
    model.compile(SGD(0.25), "mse")

    model.fit(constant(2, 1), constant(2, 0), batch_size=1, epochs=1)

    # Gradient 2·w at x = 1: each update halves w, and two were due.
    expect(
        model.weight("y"),
        equals=0.25,
        otherwise={"one update was made for all samples": 0.5, "no update was made": 1.0},
    )


@clause("fit.batch_size.last-batch-smaller")
def test_the_last_batch_has_the_remaining_samples(build: Build, for_all: ForAll) -> None:
    """When the batch size does not divide the data, the last batch is the rest, in every epoch."""

    def law(samples: int, batch_size: int, shuffle: bool) -> Sides:
        epochs = _batches(build, samples, batch_size=batch_size, epochs=2, shuffle=shuffle)
        whole, rest = divmod(samples, batch_size)
        full, last = [batch_size] * whole, [rest] * (rest > 0)
        return Sides(
            [[len(batch) for batch in batches] for batches in epochs],
            equals=[full + last] * 2,
            otherwise={
                "the rest was dropped": [full] * 2,
                "the last batch was filled up": [full + [batch_size] * (rest > 0)] * 2,
            },
        )

    # 7 = 3 + 3 + 1. A batch size above the number of samples is a clause of its own.
    for_all(
        law,
        samples=integers(6, 16),
        batch_size=integers(1, 6),
        shuffle=booleans(),
        examples=[(7, 3, False), (7, 3, True)],
    )


@clause("fit.batch_size.larger-than-n")
def test_a_batch_size_above_the_number_of_samples_makes_one_batch(build: Build) -> None:
    """A batch size larger than the data gives one batch of all samples."""
    batches = _batches(build, 5, batch_size=100)

    expect(batches, equals=[[[0, 1, 2, 3, 4]]])


@clause("fit.epochs.default-1")
def test_one_epoch_is_trained_by_default(build: Build) -> None:
    """Without a number of epochs, one is trained."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")

    result = model.fit(ascending(4), constant(4, 0))

    expect(result.history.epoch, equals=[0], otherwise={"ten epochs were trained": [*range(10)]})


@clause("fit.epochs.whole-data-once")
def test_an_epoch_uses_every_sample_once(build: Build, for_all: ForAll) -> None:
    """Each epoch trains on every sample exactly once."""

    def law(samples: int, batch_size: int) -> Sides:
        epochs = _batches(build, samples, batch_size=batch_size, epochs=3)
        # Sorted, with repetitions: a sample drawn twice in place of another shows.
        used = [sorted(sample for batch in batches for sample in batch) for batches in epochs]
        return Sides(used, equals=[[*range(samples)]] * 3)

    for_all(law, samples=integers(6, 16), batch_size=integers(1, 6), examples=[(10, 4)])


@clause("fit.epochs.final-epoch")
def test_epochs_is_the_index_of_the_final_epoch(build: Build, for_all: ForAll) -> None:
    """With `initial_epoch`, `epochs` is where training stops, not how many epochs are run."""

    def law(initial_epoch: int, epochs: int) -> Sides:
        # A new one each time: how a second `fit` counts is a clause of its own.
        model = build(linear())
        model.compile(SGD(0.0), "mse")
        result = model.fit(ascending(4), constant(4, 0), initial_epoch=initial_epoch, epochs=epochs)
        return Sides(
            result.history.epoch,
            equals=[*range(initial_epoch, epochs)],
            otherwise={
                "`epochs` more epochs were trained": [
                    *range(initial_epoch, initial_epoch + epochs)
                ],
                "`initial_epoch` had no effect": [*range(epochs)],
                "the final epoch was counted in": [*range(initial_epoch, epochs + 1)],
            },
        )

    # What comes of fewer than `initial_epoch` is a clause of its own.
    for_all(law, initial_epoch=integers(0, 5), epochs=integers(6, 9), examples=[(2, 5)])


@clause("fit.epochs.not-greater-than-initial")
def test_nothing_is_trained_when_the_final_epoch_is_reached_already(build: Build) -> None:
    """With `epochs` no greater than `initial_epoch` no epoch is trained."""
    model = build(linear(1.0))
    model.compile(SGD(0.25), "mse")
    x, y = constant(2, 1), constant(2, 0)

    at_end = model.fit(x, y, initial_epoch=2, epochs=2).history
    beyond = model.fit(x, y, initial_epoch=5, epochs=2).history

    seen = {"epochs": [at_end.epoch, beyond.epoch], "weight": model.weight("y")}
    expect(seen, equals={"epochs": [[], []], "weight": 1.0})


@clause("fit.initial_epoch.default-0")
def test_epochs_are_counted_from_0(build: Build) -> None:
    """The first epoch has the index 0."""
    model, recorder = build(linear()), Recorder()
    model.compile(SGD(0.0), "mse")

    result = model.fit(ascending(2), constant(2, 0), epochs=2, callbacks=[recorder])

    expect(
        result.events.of("epoch_begin").indices,
        equals=[0, 1],
        otherwise={"epochs are counted from 1": [1, 2]},
    )


@clause("fit.initial_epoch.hook-index")
def test_callbacks_see_the_absolute_index_of_an_epoch(build: Build) -> None:
    """With `initial_epoch` the hooks of an epoch are called with its absolute index."""
    model, recorder = build(linear()), Recorder()
    model.compile(SGD(0.0), "mse")

    result = model.fit(
        ascending(2), constant(2, 0), initial_epoch=2, epochs=4, callbacks=[recorder]
    )

    expect(
        result.events.of("epoch_begin", "epoch_end").indices,
        equals=[2, 2, 3, 3],
        otherwise={"they are counted from 0": [0, 0, 1, 1]},
    )


@clause("fit.initial_epoch.resume-equivalence")
def test_training_can_be_resumed(build: Build) -> None:
    """Epochs 0 to 2 and then 2 to 4 train as epochs 0 to 4 do, momentum included."""
    whole, parts = build(linear(1.0)), build(linear(1.0))
    data = {"x": ascending(4), "y": constant(4, 0), "batch_size": 2, "shuffle": False}
    whole.compile(SGD(0.01, momentum=0.5), "mse")
    parts.compile(SGD(0.01, momentum=0.5), "mse")

    at_once = whole.fit(**data, epochs=4).history
    first = parts.fit(**data, epochs=2).history
    second = parts.fit(**data, initial_epoch=2, epochs=4).history

    resumed = [*first.history["loss"], *second.history["loss"], parts.weight("y")]
    expect(resumed, equals=[*at_once.history["loss"], whole.weight("y")])
