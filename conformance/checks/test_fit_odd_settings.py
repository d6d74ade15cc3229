"""`fit`: what the documents leave open about odd settings, and about validation in steps."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from fitspec.conformance.arrangements.ways_of_ending import RATE, refused, trained
from fitspec.conformance.checks import (
    SGD,
    Build,
    Generator,
    Recorder,
    answer,
    clause,
    outcome,
    recognise,
)
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import UserFunction
from fitspec.conformance.vocabulary.samples import ascending, column, constant

if TYPE_CHECKING:
    from fitspec.conformance.worker.remote import Model

DATA = ascending(8), constant(8, 0)


def _compiled(build: Build, rate: float = RATE) -> Model:
    model = build(linear(1.0))
    model.compile(SGD(rate), "mse")
    return model


@clause("fit.verbose.other-values")
def test_other_values_of_verbose(build: Build) -> None:
    """What `fit` does with 3, -1, "auto", `True` and `None` as `verbose`."""
    values = (3, -1, "auto", True, None)

    seen = {
        str(value): outcome(_compiled(build).fit, *DATA, verbose=value, epochs=1)
        for value in values
    }

    recognise(
        seen,
        {
            "True is taken; the others are a ValueError": {
                **dict.fromkeys(seen, "ValueError"),
                "True": "returned",
            },
            'True and "auto" are taken; the others are a ValueError': {
                **dict.fromkeys(seen, "ValueError"),
                "True": "returned",
                "auto": "returned",
            },
            "all are taken": dict.fromkeys(seen, "returned"),
        },
    )


@clause("fit.steps_per_epoch.not-finite")
def test_a_number_of_steps_that_is_not_finite(build: Build) -> None:
    """What `fit` does with infinity and NaN as `steps_per_epoch` of a generator."""
    seen: dict[str, Any] = {}
    for name, steps in {"infinity": math.inf, "NaN": math.nan}.items():
        source = Generator([(column(1), column(0))] * 3, repeats=False)
        answered = answer(
            _compiled(build, 0.0).fit,
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


@clause("fit.validation_split.none")
def test_no_validation_split(build: Build) -> None:
    """What `None` is taken for as a `validation_split`."""
    answered = answer(_compiled(build).fit, *DATA, validation_split=None, epochs=1)

    recognise(
        answered if isinstance(answered, str) else sorted(answered.history.history),
        {
            "no validation": ["loss"],
            **refused("ValueError", "TypeError"),
        },
    )


@clause("fit.validation_steps.with-arrays")
def test_what_a_step_of_validation_arrays_is(build: Build) -> None:
    """Which samples each of two steps validates on, if the data are arrays of 40."""
    model = build(linear(1.0))
    # Of a batch in which all predictions are 1 the loss is its first target.
    model.compile(SGD(0.0), UserFunction("prediction_times_first_target"))

    answered = answer(
        model.fit,
        column(1),
        column(1),
        steps_per_epoch=1,
        validation_data=(constant(40, 1), ascending(40)),
        validation_steps=2,
        epochs=1,
    )

    recognise(
        answered if isinstance(answered, str) else answered.history.history["val_loss"],
        {
            "every step validates on all samples": [1.0],
            "every step validates on all samples; of the losses the last is divided by the steps": [
                1 / 2
            ],
            "the samples are cut into as many batches": [(1 + 21) / 2],
            "a step validates on 32 samples, the last on those left": [(32 * 1 + 8 * 33) / 40],
            **refused("ValueError"),
        },
        ulps=2,
    )


@clause("fit.callbacks.no-callback")
def test_what_is_no_callback_among_callbacks(build: Build) -> None:
    """What `fit` does with a text in place of a callback."""
    recognise(
        trained(_compiled(build), column(3), column(0), callbacks=["EarlyStopping"]),
        {
            **refused("TypeError", "AttributeError", "ValueError"),
            "it fails with an AttributeError once it has trained": "AttributeError after an update",
            "it goes unnoticed": [9.0],
        },
    )
