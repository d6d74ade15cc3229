"""`fit`: how many batches make an epoch."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from fitspec.conformance.arrangements.compiled import (
    START,
    halving_model,
    learning_model,
    small_model,
)
from fitspec.conformance.arrangements.fractional_steps import readings_of_steps, seen_of_steps
from fitspec.conformance.arrangements.iterables import ITEMS, trained_from
from fitspec.conformance.arrangements.numbered_batches import (
    batches_of_epochs,
    counting_model,
)
from fitspec.conformance.checks import (
    Build,
    Generator,
    Recorder,
    answer,
    clause,
    expect,
    recognise,
)
from fitspec.conformance.vocabulary.probes import IterableOf, SequenceOf
from fitspec.conformance.vocabulary.samples import (
    ascending,
    column,
    constant,
    far_below,
    identity,
)
from fitspec.conformance.worker.answers import hears_of_batches, trained_batches
from fitspec.conformance.worker.remote import NotOffered, RemoteError

if TYPE_CHECKING:
    from collections.abc import Iterable

DATA = ascending(4), constant(4, 0)


def _batches(build: Build, samples: int, *, epochs: int = 1, **arguments: object) -> Any:
    """Train a tally; return which samples each step held, or how `fit` was refused."""
    model, recorder = counting_model(build, samples), Recorder(weights=True)
    data = identity(samples), far_below(samples)
    answered = answer(
        model.fit, *data, shuffle=False, callbacks=[recorder], epochs=epochs, **arguments
    )
    return answered if isinstance(answered, str) else trained_batches(answered, recorder)


def _ending_with_it(
    batches: Iterable[str], weights: Iterable[str], short: list[int], weight: float
) -> dict[str, Any]:
    """Return what is seen where a Sequence of one batch gives no more than that."""
    return {
        "batches": {name: short if "shorter" in name else [2, 2, 2] for name in batches},
        "weights": {
            **{name: weight if "shorter" in name else 2.0**-6 for name in weights},
            "then 3 steps": 2.0**-5,
        },
    }


@clause("fit.steps_per_epoch.ends-epoch")
def test_an_epoch_ends_after_its_steps(build: Build) -> None:
    """The model sees `steps_per_epoch` batches in each epoch."""
    # What a step of arrays is is open: these are enough for six batches of 32, too, and the mean
    # of any batch is exact.
    arrays, item = (constant(256, 1), constant(256, 0)), (column(1), column(0))

    batches, weights = {}, {}
    for name, data in {
        "arrays": arrays,
        "generator": (Generator([item]),),
        "Sequence": (SequenceOf([item] * 6),),
        "shorter Sequence": (SequenceOf([item]),),
    }.items():
        model, recorder = halving_model(build), Recorder()
        arguments = {"steps_per_epoch": 2, "epochs": 3, "callbacks": [recorder]}
        # Whether `fit` takes generators and Sequences at all is a clause of its own.
        sure = name == "arrays" or (name == "shorter Sequence" and "Sequence" in weights)
        with suppress(*(() if sure else (RemoteError, NotOffered))):
            result = model.fit(*data, **arguments)
            weights[name] = model.weight("y") / START
            # Whether callbacks hear of batches is a clause of its own, too.
            with suppress(NotOffered):
                events = result.events.by(recorder)
                hears_of_batches(events, weights[name] != 1)
                batches[name] = batches_of_epochs(events)

    model = halving_model(build)
    for steps in (2, 3):
        model.fit(*arrays, steps_per_epoch=steps, epochs=1)
    then = {"then 3 steps": model.weight("y") / START}

    # Gradient 2·w at x = 1: each of the 2·3 updates halves w, and each of the 2 + 3.
    expect(
        {"batches": batches, "weights": weights | then},
        equals={
            "batches": dict.fromkeys(batches, [2, 2, 2]),
            "weights": {**dict.fromkeys(["arrays", *weights], 2.0**-6), "then 3 steps": 2.0**-5},
        },
        otherwise={
            "an epoch has an update more": {
                "batches": dict.fromkeys(batches, [3, 3, 3]),
                "weights": {**dict.fromkeys(weights, 2.0**-9), "then 3 steps": 2.0**-7},
            },
            "training ends with a Sequence": _ending_with_it(batches, weights, [1], 2.0**-1),
            "an epoch ends with a Sequence": _ending_with_it(batches, weights, [1] * 3, 2.0**-3),
        },
    )


@clause("fit.steps_per_epoch.default-covers-data")
def test_an_epoch_has_the_batches_that_cover_the_data(build: Build) -> None:
    """Without `steps_per_epoch` an epoch has as many batches as the data fill, rounded up."""
    cases = {(70, 32): 3, (7, 3): 3, (6, 3): 2, (2, 5): 1}

    weights = {}
    for samples, size in cases:
        model = halving_model(build)
        model.fit(constant(samples, 1), constant(samples, 0), batch_size=size, epochs=2)
        weights[f"{samples} in batches of {size}"] = model.weight("y") / START

    # Gradient 2·w at x = 1: each update, of two epochs, halves w.
    expect(
        weights,
        equals=dict(zip(weights, (4.0**-steps for steps in cases.values()), strict=True)),
        otherwise={
            "the number is rounded down": dict(
                zip(weights, (4.0 ** -(n // size) for n, size in cases), strict=True)
            ),
        },
    )


@clause("fit.steps_per_epoch.with-arrays")
def test_what_a_step_of_arrays_is(build: Build) -> None:
    """Which samples each of a given number of steps trains on, if the data are arrays."""
    seen = _batches(build, 5, steps_per_epoch=2)

    recognise(
        seen,
        {
            "every step trains on all samples": [[[0, 1, 2, 3, 4], [0, 1, 2, 3, 4]]],
            "the data are cut into as many batches": [[[0, 1, 2], [3, 4]]],
            "the steps have no effect": [[[0, 1, 2, 3, 4]]],
        },
    )


@clause("fit.steps_per_epoch.excludes-batch_size")
def test_steps_and_a_batch_size_together(build: Build) -> None:
    """What `fit` does on arrays when given both a number of steps and a batch size."""
    seen = _batches(build, 5, steps_per_epoch=2, batch_size=2)

    recognise(
        seen,
        {
            "the two are refused together, with a ValueError": "ValueError",
            "so many batches of that size are trained on": [[[0, 1], [2, 3]]],
            "the steps have no effect": [[[0, 1], [2, 3], [4]]],
            "the batch size has no effect": [[[0, 1, 2, 3, 4], [0, 1, 2, 3, 4]]],
        },
    )


@clause("fit.steps_per_epoch.zero")
def test_an_epoch_of_no_steps(build: Build) -> None:
    """What `fit` on arrays does with 0 as `steps_per_epoch`."""
    trained = answer(
        small_model(build).fit, *DATA, steps_per_epoch=0, callbacks=[Recorder()], epochs=1
    )

    # 32 samples make a batch where no number of steps is given: one for these four.
    recognise(
        trained if isinstance(trained, str) else len(trained.events.of("train_batch_end")),
        {
            "it raises a ValueError": "ValueError",
            "it trains on no batch": 0,
            "it takes it for none given": 1,
            "it fails in its loop, with an AttributeError": "AttributeError",
        },
    )


@clause("fit.steps_per_epoch.fractional")
def test_a_number_of_steps_that_is_no_integer(build: Build) -> None:
    """What `fit` makes of 2.5, 2.25 and 2.0 steps of a generator, twice."""

    def updates(steps: float) -> float:
        model, source = halving_model(build), Generator([(column(1), column(0))] * 3)
        model.fit(source, steps_per_epoch=steps, epochs=2)
        # Gradient 2·w at x = 1: each update halves w.
        return math.log2(START / model.weight("y"))

    together = {"2.5": 5, "2.25": 5, "2.0": 4, "2": 4}
    recognise(
        seen_of_steps(updates),
        readings_of_steps(two=4, three=6) | {"both epochs together are rounded up": together},
    )


@clause("fit.steps_per_epoch.not-finite")
def test_a_number_of_steps_that_is_not_finite(build: Build) -> None:
    """What `fit` does with infinity and NaN as `steps_per_epoch` of a generator."""
    seen: dict[str, Any] = {}
    for name, steps in {"infinity": math.inf, "NaN": math.nan}.items():
        source = Generator([(column(1), column(0))] * 3, repeats=False)
        answered = answer(
            learning_model(build, 0.0).fit,
            source,
            steps_per_epoch=steps,
            epochs=1,
            callbacks=[Recorder()],
        )
        seen[name] = (
            answered if isinstance(answered, str) else len(answered.events.of("train_batch_end"))
        )

    recognise(
        seen,
        {
            "both are refused with a ValueError": dict.fromkeys(seen, "ValueError"),
            "both fail: infinity with an OverflowError, NaN with an AttributeError": {
                "infinity": "OverflowError",
                "NaN": "AttributeError",
            },
            "infinity fails with an OverflowError; NaN is a ValueError": {
                "infinity": "OverflowError",
                "NaN": "ValueError",
            },
            "both fail: infinity with a TypeError, NaN with a ValueError": {
                "infinity": "TypeError",
                "NaN": "ValueError",
            },
            "both fail with an AttributeError": dict.fromkeys(seen, "AttributeError"),
            "both fail with a TypeError": dict.fromkeys(seen, "TypeError"),
            "to infinity, all that there is; to NaN, nothing": {"infinity": 3, "NaN": 0},
        },
    )


@clause("fit.steps_per_epoch.iterable")
def test_an_iterable_and_a_number_of_steps(build: Build) -> None:
    """Where each epoch of two steps begins in an iterable of three batches."""
    recognise(
        trained_from(build, IterableOf(ITEMS), steps_per_epoch=2, epochs=3),
        {
            "where the epoch before it ended": [[[0], [1]], [[2], [0]], [[1], [2]]],
            "at the first batch": [[[0], [1]]] * 3,
            "it is refused with a ValueError": "ValueError",
            "it is refused with an AttributeError": "AttributeError",
        },
    )
