"""`fit`: where epochs are counted from."""

from __future__ import annotations

from fitspec.conformance.arrangements.compiled import small_model
from fitspec.conformance.checks import SGD, Build, Recorder, answer, clause, expect, recognise
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.samples import ascending, column, constant

DATA = ascending(4), constant(4, 0)


@clause("fit.initial_epoch.default-0")
def test_epochs_are_counted_from_0(build: Build) -> None:
    """The first epoch has the index 0."""
    model, recorder = build(linear()), Recorder()
    model.compile(SGD(0.0), "mse")

    result = model.fit(ascending(2), constant(2, 0), batch_size=2, epochs=2, callbacks=[recorder])

    expect(
        result.events.of("epoch_begin", "epoch_end").indices,
        equals=[0, 0, 1, 1],
        otherwise={"epochs are counted from 1": [1, 1, 2, 2]},
    )


@clause("fit.initial_epoch.hook-index")
def test_callbacks_see_the_absolute_index_of_an_epoch(build: Build) -> None:
    """With `initial_epoch` the hooks of an epoch are called with its absolute index."""
    model, recorder = build(linear()), Recorder()
    model.compile(SGD(0.0), "mse")

    result = model.fit(
        *(ascending(2), constant(2, 0)),
        batch_size=2,
        initial_epoch=2,
        epochs=4,
        callbacks=[recorder],
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
    for model in (whole, parts):
        model.compile(SGD(0.125, momentum=0.5), "mae")
    data = column(1, 1), column(-8, -8)

    whole.fit(*data, batch_size=1, epochs=4)
    parts.fit(*data, batch_size=1, epochs=2)
    halfway = parts.weight("y")
    parts.fit(*data, batch_size=1, initial_epoch=2, epochs=4)

    # The gradient is 1 in each of two batches, so that the k-th update is -(1/8)·(2 - 2^(1-k)),
    # and n of them add up to -(1/8)·(2n - 2 + 2^(1-n)); with a new velocity the last four add up
    # to as much as the first four.
    four, eight = (6 + 2**-3) / 8, (14 + 2**-7) / 8
    expect(
        {"at once": whole.weight("y"), "first part": halfway, "resumed": parts.weight("y")},
        equals={"at once": 1 - eight, "first part": 1 - four, "resumed": 1 - eight},
        otherwise={
            "the second part begins with a new state of the optimizer": {
                "at once": 1 - eight,
                "first part": 1 - four,
                "resumed": 1 - 2 * four,
            },
        },
    )


@clause("fit.initial_epoch.negative")
def test_a_negative_initial_epoch(build: Build) -> None:
    """What `fit` does with -1 as `initial_epoch`."""
    trained = answer(small_model(build).fit, *DATA, batch_size=2, initial_epoch=-1, epochs=1)

    recognise(
        trained if isinstance(trained, str) else trained.history.epoch,
        {
            "it raises a ValueError": "ValueError",
            "it trains an epoch -1 before the epoch 0": [-1, 0],
            "it begins with the epoch 0": [0],
        },
    )
