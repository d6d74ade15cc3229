"""`fit`: where epochs are counted from."""

from __future__ import annotations

from fitspec.conformance.arrangements.compiled import small_model
from fitspec.conformance.checks import SGD, Build, Recorder, answer, clause, expect, recognise
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.samples import ascending, constant

DATA = ascending(4), constant(4, 0)


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


@clause("fit.initial_epoch.negative")
def test_a_negative_initial_epoch(build: Build) -> None:
    """What `fit` does with -1 as `initial_epoch`."""
    trained = answer(small_model(build).fit, *DATA, initial_epoch=-1, epochs=1)

    recognise(
        trained if isinstance(trained, str) else trained.history.epoch,
        {
            "it raises a ValueError": "ValueError",
            "it trains an epoch -1 before the epoch 0": [-1, 0],
            "it begins with the epoch 0": [0],
        },
    )
