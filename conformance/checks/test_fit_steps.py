"""`fit`: numbers of steps, for data in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.conformance.checks import (
    SGD,
    Build,
    Recorder,
    answer,
    clause,
    expect,
    recognise,
)
from fitspec.conformance.vocabulary.models import linear, tally
from fitspec.conformance.vocabulary.samples import (
    TALLY_RATE,
    ascending,
    constant,
    far_below,
    identity,
)
from fitspec.conformance.worker.answers import trained_batches

if TYPE_CHECKING:
    from fitspec.conformance.worker.remote import Result


def _batches(build: Build, samples: int, *, epochs: int = 1, **arguments: object) -> Any:
    """Train a tally; return which samples each step held, or how `fit` was refused."""
    model, recorder = build(tally(samples)), Recorder(weights=True)
    model.compile(SGD(TALLY_RATE), "mae")
    data = identity(samples), far_below(samples)
    answered = answer(
        model.fit, *data, shuffle=False, callbacks=[recorder], epochs=epochs, **arguments
    )
    return answered if isinstance(answered, str) else trained_batches(answered, recorder)


def _validated(build: Build, *, epochs: int = 1, **arguments: object) -> Result | str:
    """Train with the validation samples 1, 2, 3 and 4, whose squares are the loss."""
    model = build(linear(1.0))
    model.compile(SGD(0.0), "mse")
    data = ascending(4), constant(4, 0)
    return answer(model.fit, *data, validation_data=data, epochs=epochs, **arguments)


@clause("fit.steps_per_epoch.default-covers-data")
def test_an_epoch_has_the_batches_that_cover_the_data(build: Build) -> None:
    """Without `steps_per_epoch` an epoch has as many batches as the data fill, rounded up."""
    cases = {(70, 32): 3, (7, 3): 3, (6, 3): 2, (2, 5): 1}

    weights = {}
    for samples, size in cases:
        model = build(linear(1.0))
        model.compile(SGD(0.25), "mse")
        model.fit(constant(samples, 1), constant(samples, 0), batch_size=size, epochs=1)
        weights[f"{samples} in batches of {size}"] = model.weight("y")

    # Gradient 2·w at x = 1: each update halves w.
    expect(
        weights,
        equals=dict(zip(weights, (2.0**-steps for steps in cases.values()), strict=True)),
        otherwise={
            "the number is rounded down": dict(
                zip(weights, (2.0 ** -(n // size) for n, size in cases), strict=True)
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


@clause("fit.validation_steps.needs-steps_per_epoch")
def test_validation_steps_alone_do_not_shorten_validation(build: Build) -> None:
    """Without `steps_per_epoch`, validation arrays are used whole, or the call is refused."""
    answered = _validated(build, batch_size=2, validation_steps=1)

    # All: (1 + 4 + 9 + 16)/4; the first batch alone (1 + 4)/2.
    losses = [] if isinstance(answered, str) else answered.history.history.get("val_loss")
    expect(
        {"validated on a part": losses not in ([], [7.5])},
        equals={"validated on a part": False},
        otherwise={"validation stops after so many batches": {"validated on a part": True}},
    )


@clause("fit.validation_steps.required-with-steps_per_epoch")
def test_steps_without_validation_steps(build: Build) -> None:
    """What `fit` does with validation arrays when only the training steps are given."""
    answered = _validated(build, steps_per_epoch=2)

    history = {} if isinstance(answered, str) else answered.history.history
    # (1 + 4 + 9 + 16)/4
    recognise(
        history.get("val_loss", answered if isinstance(answered, str) else "none"),
        {
            "it is refused with a ValueError": "ValueError",
            "all of the validation data are used": [7.5],
            "there is no validation": "none",
        },
    )
