"""`fit`: where epochs are counted from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.conformance.arrangements.compiled import small_model
from fitspec.conformance.arrangements.taken import taken, takes_sequences, tried
from fitspec.conformance.checks import (
    SGD,
    Build,
    Generator,
    Recorder,
    answer,
    clause,
    expect,
    recognise,
)
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import SequenceOf
from fitspec.conformance.vocabulary.samples import ascending, column, constant

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = ascending(4), constant(4, 0)
#: What is looked at of a training that is resumed.
PARTS = "at once", "first part", "resumed"


@clause("fit.initial_epoch.default-0")
def test_epochs_are_counted_from_0(build: Build) -> None:
    """The first epoch has the index 0."""
    pair = ascending(2), constant(2, 0)
    sources: dict[str, tuple[tuple[Any, ...], dict[str, int]]] = {
        "arrays": (pair, {"batch_size": 2})
    }
    if takes_sequences(build):
        sources["a Sequence"] = ((SequenceOf([pair]),), {})
    if taken(small_model(build).fit, Generator([pair]), steps_per_epoch=1, epochs=1):
        sources["a generator"] = ((Generator([pair]),), {"steps_per_epoch": 1})

    seen = {}
    for name, (data, arguments) in sources.items():
        result = small_model(build).fit(*data, epochs=2, callbacks=[Recorder()], **arguments)
        seen[name] = result.events.of("epoch_begin", "epoch_end").indices

    expect(
        seen,
        equals=dict.fromkeys(seen, [0, 0, 1, 1]),
        otherwise={"epochs are counted from 1": dict.fromkeys(seen, [1, 1, 2, 2])},
    )


@clause("fit.initial_epoch.hook-index")
def test_callbacks_see_the_absolute_index_of_an_epoch(build: Build) -> None:
    """With `initial_epoch` the hooks of an epoch are called with its absolute index."""
    pair = ascending(2), constant(2, 0)
    sources: dict[str, tuple[tuple[Any, ...], dict[str, int]]] = {
        "arrays": (pair, {"batch_size": 2})
    }
    if takes_sequences(build):
        sources["a Sequence"] = ((SequenceOf([pair]),), {})
    if taken(small_model(build).fit, Generator([pair]), steps_per_epoch=1, epochs=1):
        sources["a generator"] = ((Generator([pair]),), {"steps_per_epoch": 1})

    seen = {}
    for name, (data, arguments) in sources.items():
        result = small_model(build).fit(
            *data, initial_epoch=2, epochs=4, callbacks=[Recorder()], **arguments
        )
        seen[name] = result.events.of("epoch_begin", "epoch_end").indices

    expect(
        seen,
        equals=dict.fromkeys(seen, [2, 2, 3, 3]),
        otherwise={
            "they are counted from 0": dict.fromkeys(seen, [0, 0, 1, 1]),
            "as many epochs of a Sequence are trained as `epochs` says": {
                **dict.fromkeys(seen, [2, 2, 3, 3]),
                "a Sequence": [2, 2, 3, 3, 4, 4, 5, 5],
            },
        },
    )


@clause("fit.initial_epoch.resume-equivalence")
def test_training_can_be_resumed(build: Build) -> None:
    """Epochs 0 to 2 and then 2 to 4 train as epochs 0 to 4 do, with the state of the optimizer."""
    data = column(1, 1), column(-8, -8)

    def weights(optimizer: Callable[[], object]) -> tuple[float, float, float]:
        whole, parts = build(linear(1.0)), build(linear(1.0))
        for model in (whole, parts):
            # One for each, as it has a state.
            model.compile(optimizer(), "mae")
        whole.fit(*data, batch_size=1, epochs=4)
        parts.fit(*data, batch_size=1, epochs=2)
        halfway = parts.weight("y")
        parts.fit(*data, batch_size=1, initial_epoch=2, epochs=4)
        return whole.weight("y"), halfway, parts.weight("y")

    seen = dict(zip(PARTS, weights(lambda: SGD(0.125, momentum=0.5)), strict=True))
    # Its steps depend on how many there were. Whether one may be named is another clause.
    by_adam = tried(weights, lambda: "adam")

    # The gradient is 1 in each of two batches, so that the k-th update is -(1/8)·(2 - 2^(1-k)),
    # and n of them add up to -(1/8)·(2n - 2 + 2^(1-n)); with a new velocity the last four add up
    # to as much as the first four.
    four, eight = (6 + 2**-3) / 8, (14 + 2**-7) / 8
    right = {"at once": 1 - eight, "first part": 1 - four, "resumed": 1 - eight}
    anew = {**right, "resumed": 1 - 2 * four}
    if by_adam is not None:
        at_once, halfway, resumed = by_adam
        seen |= {"by Adam, resumed": resumed, "by Adam, moved": halfway > at_once}
        right |= {"by Adam, resumed": at_once, "by Adam, moved": True}
        anew |= {"by Adam, resumed": resumed, "by Adam, moved": True}
    expect(
        seen,
        equals=right,
        otherwise={"the second part begins with a new state of the optimizer": anew},
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
