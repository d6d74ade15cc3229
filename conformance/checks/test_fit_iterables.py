"""`fit`: what the documents leave open about objects that can be iterated again and again."""

from __future__ import annotations

from typing import Any

from fitspec.conformance.arrangements.ways_of_ending import RATE, refused, trained
from fitspec.conformance.checks import SGD, Build, Recorder, answer, clause, recognise
from fitspec.conformance.vocabulary.models import linear, tally
from fitspec.conformance.vocabulary.probes import IterableOf
from fitspec.conformance.vocabulary.samples import TALLY_RATE, column, far_below, identity
from fitspec.conformance.worker.answers import loss_of, trained_batches

#: Three batches of one sample each.
ITEMS = [(identity(3)[[place]], far_below(3)[[place]]) for place in range(3)]
ONE_PASS = [[0], [1], [2]]


def _trained(build: Build, source: IterableOf, **arguments: Any) -> Any:
    """Return which samples each batch of each epoch held, or how `fit` was refused."""
    model, recorder = build(tally(3)), Recorder(weights=True)
    model.compile(SGD(TALLY_RATE), "mae")
    answered = answer(model.fit, source, callbacks=[recorder], **arguments)
    return answered if isinstance(answered, str) else trained_batches(answered, recorder)


@clause("fit.x.iterable")
def test_an_object_that_can_be_iterated_again(build: Build) -> None:
    """What `fit` makes of an iterable of batches, with a length and without, in two epochs."""
    seen = {
        name: _trained(build, IterableOf(ITEMS, sized), epochs=2)
        for name, sized in {"with a length": True, "without": False}.items()
    }

    recognise(
        seen,
        {
            "every epoch is a new iteration": dict.fromkeys(seen, [ONE_PASS, ONE_PASS]),
            "it is refused with a ValueError": dict.fromkeys(seen, "ValueError"),
            "it is refused with an AttributeError": dict.fromkeys(seen, "AttributeError"),
        },
    )


@clause("fit.steps_per_epoch.iterable")
def test_an_iterable_and_a_number_of_steps(build: Build) -> None:
    """Where each epoch of two steps begins in an iterable of three batches."""
    recognise(
        _trained(build, IterableOf(ITEMS), steps_per_epoch=2, epochs=3),
        {
            "where the epoch before it ended": [[[0], [1]], [[2], [0]], [[1], [2]]],
            "at the first batch": [[[0], [1]]] * 3,
            "it is refused with a ValueError": "ValueError",
            "it is refused with an AttributeError": "AttributeError",
        },
    )


@clause("fit.validation_steps.iterable")
def test_an_iterable_to_validate_on(build: Build) -> None:
    """Where each validation of two steps begins in an iterable of three batches."""
    model = build(linear(1.0))
    model.compile(SGD(0.0), "mse")
    source = IterableOf([(column(value), column(0)) for value in (1, 2, 3)])

    answered = answer(
        model.fit, column(1), column(0), validation_data=source, validation_steps=2, epochs=2
    )

    # Losses 1, 4 and 9.
    recognise(
        loss_of(answered) if isinstance(answered, str) else answered.history.history["val_loss"],
        {
            "at the first batch": [2.5, 2.5],
            "where the validation before it ended": [2.5, 5.0],
            "it is refused with a ValueError": "ValueError",
            "it is refused with an AttributeError": "AttributeError",
        },
    )


@clause("fit.x.empty-iterable")
def test_an_iterable_without_batches(build: Build) -> None:
    """What `fit` does with an object whose iterations give nothing."""
    model = build(linear(1.0))
    model.compile(SGD(RATE), "mse")

    recognise(
        trained(model, IterableOf([])),
        refused("ValueError", "TypeError", "AttributeError", "StopIteration", "UnboundLocalError"),
    )
