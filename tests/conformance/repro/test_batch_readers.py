"""Tests of `fitspec.conformance.repro.batch_readers`: what is told of the batches of a training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from fitspec.conformance.arrangements import numbered_batches
from fitspec.conformance.repro import keras_probes
from fitspec.conformance.repro.batch_readers import (
    PROPERTIES,
    READERS,
    Tap,
    all_alike,
    are_chunks,
    are_sorted,
    dealt_samples,
    in_order,
    kept,
    moved_batches,
)
from fitspec.conformance.vocabulary import samples
from fitspec.conformance.vocabulary.probes import Recorder
from fitspec.conformance.worker import answers
from fitspec.conformance.worker.remote import Event, Events, Result

if TYPE_CHECKING:
    from fitspec.conformance.repro.batch_readers import Epochs

KEPT = [[[0, 1], [2, 3], [4]]] * 2
MIXED_INSIDE = [[[1, 0], [2, 3], [4]], [[0, 1], [3, 2], [4]]]
MOVED = [[[2, 3], [4], [0, 1]]]
MIXED = [[[4, 0], [1, 3], [2]]]


@pytest.mark.parametrize(
    ("epochs", "told"),
    [
        (KEPT, (True, True, True, True)),
        (MIXED_INSIDE, (False, True, False, False)),
        (MOVED, (False, True, True, True)),
        (MOVED + KEPT, (False, True, True, False)),
        (MIXED, (False, False, False, True)),
    ],
)
def test_ways_of_shuffling_are_told_apart(epochs: Epochs, told: tuple[bool, ...]) -> None:
    """By the order as a whole, what batches are made of, the order inside, and other epochs."""
    assert tuple(item(epochs) for item in (in_order, are_chunks, are_sorted, all_alike)) == told


def test_a_script_tells_the_same() -> None:
    """The code that stands in a script finds what the checks find, and tells the same of it."""
    for epochs in (KEPT, MIXED_INSIDE, MOVED, MIXED):
        for reader in READERS:
            names: dict[str, Any] = {"np": np, "seen": _told(reader, epochs)}
            for name in (
                *keras_probes.READERS[reader],
                *(item.__name__ for item in PROPERTIES[reader]),
            ):
                exec(keras_probes.text(name), names)  # noqa: S102  it is our own code, as text

            found = names[reader]("recorder")

            wanted = [[sorted(batch) for batch in epoch] for epoch in epochs]
            assert [[sorted(batch) for batch in epoch] for epoch in found] == wanted
            assert found == getattr(answers, reader)(_result(reader, epochs), RECORDER)
            for item in PROPERTIES[reader]:
                assert names[item.__name__](found) is item(found)


RECORDER = Recorder(weights=True)


def _weights(reader: str, epochs: Epochs) -> list[tuple[str, Any]]:
    """Return the events of training a tally on these batches, with the weights at each."""
    weights = np.zeros((5, 1), np.float32)
    events: list[tuple[str, Any]] = [("train_begin", weights.copy())]
    for epoch in epochs:
        events.append(("epoch_begin", weights.copy()))
        for batch in epoch:
            # As in `answers`: by the rate, or by the number of the first sample, over the size.
            fall = samples.TALLY_RATE if reader == "trained_batches" else batch[0] + 1
            weights[batch] -= np.float32(fall / len(batch))
            events.append(("train_batch_end", weights.copy()))
    return events


def _told(reader: str, epochs: Epochs) -> list[tuple[str, str, Any]]:
    return [
        ("recorder", kind, {"weights": {"y": [weights]}})
        for kind, weights in _weights(reader, epochs)
    ]


def _result(reader: str, epochs: Epochs) -> Result:
    events = (
        Event(kind, RECORDER.key, 1, 1, True, 0.0, {"weights": {"y": [weights]}})
        for kind, weights in _weights(reader, epochs)
    )
    return Result(None, Events(tuple(events)), "", "", (), 0.0)


def test_other_batches_could_have_been_found() -> None:
    """Nothing shuffled, samples moved, whole batches moved; the sizes stay."""
    assert kept(MIXED) == [[[0, 1], [2, 3], [4]]]
    assert dealt_samples(MIXED) == [[[4, 1], [3, 0], [2]]]
    assert moved_batches(MIXED * 2) == [[[2, 3], [4], [0, 1]], [[4], [0, 1], [2, 3]]]


def test_looks_at_batches_are_heard_and_answered() -> None:
    """Wherever the function was imported to; afterwards all is as before."""
    before = vars(numbered_batches)["trained_batches"]
    tap = Tap({1: MOVED})
    result = _result("trained_batches", MIXED)

    with tap.listening({"p0": RECORDER.key}):
        first = vars(numbered_batches)["trained_batches"](result, RECORDER)
        second = answers.trained_batches(result, RECORDER)

    assert [[sorted(batch) for batch in epoch] for epoch in first] == [[[0, 4], [1, 3], [2]]]
    assert second == MOVED
    assert [(look.reader, look.probe) for look in tap.looks] == [("trained_batches", "p0")] * 2
    assert vars(numbered_batches)["trained_batches"] is before
