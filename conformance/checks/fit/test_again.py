"""`fit`: a second call."""

from __future__ import annotations

from typing import Any

import numpy as np

from fitspec.conformance.arrangements.compiled import learning_model
from fitspec.conformance.arrangements.streaming import in_halves
from fitspec.conformance.arrangements.taken import takes_sequences
from fitspec.conformance.checks import (
    SGD,
    Build,
    Recorder,
    answer,
    clause,
    expect,
    outcome,
    recognise,
)
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.samples import column, constant
from fitspec.conformance.worker.answers import loss_of

#: Two features, where the model has one.
WIDE = np.ones((2, 2), np.float32)
#: What can be seen of a good call after a bad one.
AFTERWARDS = {
    "the model works as if nothing had happened": {"refused": True, "works": True},
    "the model does not work any more": {"refused": True, "works": False},
    "nothing was refused, and the model works": {"refused": False, "works": True},
    "nothing was refused, and the model does not work any more": {"refused": False, "works": False},
}
ONE, ZERO = column(1), column(0)


def _halvings(first: float, last: float) -> int | None:
    """Return how many times a weight was halved."""
    return next((count for count in range(20) if last == first / 2**count), None)


def _later(after_epoch: int, after_batch: int, *, of_sequence: bool) -> dict[str, object]:
    """Return what is seen of the updates of a call after one that was stopped."""
    later = {"an epoch": after_epoch, "a batch": after_batch, "the beginning of an epoch": 6}
    if of_sequence:
        later["an epoch of a Sequence"] = after_epoch
    return {
        "a call was stopped": True,
        "updates of the later call, by the end of what the earlier one was stopped at": later,
    }


@clause("fit.again.continues")
def test_what_a_second_call_starts_from(build: Build) -> None:
    """Whether weights and the state of the optimizer go from one `fit` to the next."""
    model = build(linear(1.0))
    model.compile(SGD(0.125, momentum=0.5), "mae")
    for _ in range(2):
        model.fit(ONE, column(-8), batch_size=1, epochs=1)

    # The gradient is 1. The first update is -1/8; the second -1/8 too without momentum, and
    # -1/8 - 1/16 with it.
    recognise(
        model.weight("y"),
        {
            "from the weights and the optimizer's state of the first": 1 - 2 / 8 - 1 / 16,
            "from the weights of the first and a new optimizer's state": 1 - 2 / 8,
            "from the model as it was before the first": 1 - 1 / 8,
        },
    )


@clause("fit.again.epoch-numbers")
def test_how_a_second_call_numbers_its_epochs(build: Build) -> None:
    """Whether a second `fit` counts its epochs from 0 or goes on."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")
    model.fit(ONE, ZERO, batch_size=1, epochs=2)

    recognise(
        model.fit(ONE, ZERO, batch_size=1, epochs=2).history.epoch,
        {
            "from 0 again": [0, 1],
            "it goes on counting": [2, 3],
            "it goes on in the record of the first": [0, 1, 2, 3],
            "it trains no epoch, as two have been trained": [],
        },
    )


@clause("fit.again.history")
def test_which_history_a_second_call_returns(build: Build) -> None:
    """Whether a second `fit` returns a History of its own."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")

    first, second = (model.fit(ONE, ZERO, batch_size=1, epochs=2).history for _ in range(2))

    recognise(
        {"same object": first == second, "epochs in the second": len(second.history["loss"])},
        {
            "a new one, of its own epochs": {"same object": False, "epochs in the second": 2},
            "the first one, started anew": {"same object": True, "epochs in the second": 2},
            "the first one, continued": {"same object": True, "epochs in the second": 4},
        },
    )


@clause("fit.again.after-stop")
def test_a_stop_of_an_earlier_call(build: Build) -> None:
    """A `fit` makes all its epochs, after one that a callback stopped as well."""
    stopped, later = {}, {}
    data = constant(8, 1), constant(8, 0)
    arrays: tuple[tuple[Any, ...], dict[str, int]] = data, {"batch_size": 4}
    hooks = {
        "an epoch": ("epoch_end", arrays),
        "a batch": ("train_batch_end", arrays),
        "the beginning of an epoch": ("epoch_begin", arrays),
    }
    # Whether Sequences are taken is another clause.
    of_sequence = takes_sequences(build)
    if of_sequence:
        hooks["an epoch of a Sequence"] = ("epoch_end", ((in_halves(*data),), {}))
    for words, (hook, (given, arguments)) in hooks.items():
        model = learning_model(build, 0.25)
        model.fit(*given, epochs=3, callbacks=[Recorder(stops_at=(hook, 1))], **arguments)
        then = model.weight("y")
        model.fit(*given, epochs=3, **arguments)
        stopped[words] = _halvings(1.0, then)
        later[words] = _halvings(then, model.weight("y"))

    # The gradient is 2·w: each update halves w. An epoch has two. What each stop still lets pass,
    # if anything comes of it, is the matter of other clauses.
    seen = {
        "a call was stopped": any(updates != 6 for updates in stopped.values()),
        "updates of the later call, by the end of what the earlier one was stopped at": later,
    }

    def made(after_epoch: int, after_batch: int) -> dict[str, object]:
        return _later(after_epoch, after_batch, of_sequence=of_sequence)

    expect(
        seen,
        equals=made(6, 6),
        otherwise={
            "the later call stops where the earlier one did": made(4, 2),
            "the later call stops after its first epoch": made(2, 2),
            "the later call makes one update": made(1, 1),
            "the later call trains nothing": made(0, 0),
            "no stop has an effect": {**made(6, 6), "a call was stopped": False},
        },
    )


@clause("fit.again.after-refusal")
def test_training_after_a_call_that_was_refused(build: Build) -> None:
    """Whether a model can be trained as if data that did not fit had never been offered."""
    model = build(linear(1.0))
    model.compile(SGD(0.25), "mse")

    refused = outcome(model.fit, WIDE, constant(2, 0), epochs=1) != "returned"
    loss = loss_of(answer(model.fit, column(1), column(0), batch_size=1, epochs=1))

    # The gradient is 2·w: w is halved, by one update.
    works = loss == [1.0] and model.weight("y") == 0.5
    recognise({"refused": refused, "works": works}, AFTERWARDS)
