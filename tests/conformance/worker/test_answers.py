"""Tests of `worker.answers`: which samples were used, read off the weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fitspec.conformance.vocabulary import samples
from fitspec.conformance.vocabulary.probes import Recorder
from fitspec.conformance.worker import answers
from fitspec.conformance.worker.remote import Event, Events, NotOffered, RemoteObject, Result


def event(kind: str, recorder: Recorder, **fields: Any) -> Event:
    """Return an event that `recorder` saw."""
    return Event(kind, recorder.key, 1, 1, True, 0.0, fields)


def training(
    recorder: Recorder, *epochs: list[list[int]], samples_in_all: int, led: bool = False
) -> Result:
    """Return what a training on these batches would show, by gradient descent as documented.

    With `led` the loss is that of `led_batches`.
    """
    weights = np.zeros((samples_in_all, 1), np.float32)

    def snapshot(kind: str, index: int | None) -> Event:
        return event(kind, recorder, index=index, logs={}, weights={"y": [weights.copy()]})

    events = [snapshot("train_begin", None)]
    for number, batches in enumerate(epochs):
        events.append(snapshot("epoch_begin", number))
        for index, batch in enumerate(batches):
            slope = batch[0] + 1 if led else samples.TALLY_RATE
            share = np.float32(slope) / np.float32(len(batch))
            for sample in batch:
                weights[sample] -= share
            events.append(snapshot("train_batch_end", index))
    return Result(None, Events(tuple(events)), "", "", (), 0.0)


@pytest.mark.parametrize(
    "epochs",
    [
        [[[0, 1], [2, 3], [4]]],
        [[[3, 0, 4]], [[1, 2, 3]]],
        [[[0]], [[0]], [[0]]],
        [[[1, 1, 2]]],
        [[[0, 1, 2, 3, 4]] * 40],
        [[]],
    ],
    ids=["in order", "two epochs", "one again and again", "twice in a batch", "long", "empty"],
)
def test_batches_are_read_off_the_weights(epochs: list[list[list[int]]]) -> None:
    """Which samples each batch held is seen, with how often, in float32, over many updates."""
    recorder = Recorder(weights=True)

    result = training(recorder, *epochs, samples_in_all=5)

    assert answers.trained_batches(result, recorder) == [
        [sorted(batch) for batch in batches] for batches in epochs
    ]


def test_weights_that_no_batch_explains_are_refused() -> None:
    """A movement that is no mean over samples is told, not rounded to one."""
    recorder = Recorder(weights=True)
    result = training(recorder, [[0, 1]], samples_in_all=3)
    weights = result.events.of("train_batch_end").events[0].fields["weights"]
    weights["y"][0][2] = 0.3

    with pytest.raises(ValueError, match="no batch moves the weights"):
        answers.trained_batches(result, recorder)


@pytest.mark.parametrize(
    ("batches", "seen"),
    [
        ([[1, 0], [2, 3], [4]], [[1, 0], [2, 3], [4]]),
        ([[3, 4, 0]], [[3, 0, 4]]),
        ([[4, 3, 2, 1, 0]] * 40, [[4, 0, 1, 2, 3]] * 40),
        ([], []),
    ],
    ids=["of two", "of three", "long", "empty"],
)
def test_the_first_sample_of_a_batch_is_read_off_the_weights(
    batches: list[list[int]], seen: list[list[int]]
) -> None:
    """The sample that a batch began with comes first, and the others follow in ascending order."""
    recorder = Recorder(weights=True)

    result = training(recorder, batches, samples_in_all=5, led=True)

    assert answers.led_batches(result, recorder) == [seen]


def test_a_refusal_stands_for_the_loss_that_is_not_there() -> None:
    """The loss of a call that was refused is the refusal."""
    assert answers.loss_of("ValueError") == "ValueError"


def test_another_recorders_events_are_left_out() -> None:
    """Only what the given recorder saw counts."""
    recorder = Recorder(weights=True)
    result = training(recorder, [[0]], samples_in_all=1)

    assert answers.trained_batches(result, Recorder(weights=True)) == []


def test_validated_epochs_are_those_with_batches_that_were_tested() -> None:
    """It is no matter whether the end of an epoch is told before its validation or after."""
    recorder = Recorder()
    events = Events(
        (
            event("test_batch_end", recorder, index=0),
            event("epoch_begin", recorder, index=3),
            event("epoch_end", recorder, index=3),
            event("epoch_begin", recorder, index=4),
            event("test_batch_end", recorder, index=0),
            event("test_batch_end", recorder, index=1),
            event("epoch_end", recorder, index=4),
            event("epoch_begin", recorder, index=5),
            event("epoch_end", recorder, index=5),
            event("test_batch_end", recorder, index=0),
        )
    )

    assert answers.validated_epochs(events) == [4, 5]


def test_validation_is_skipped_where_neither_callbacks_nor_history_tell_of_any() -> None:
    """Either is enough, and where there is no History nothing speaks against it."""
    recorder = Recorder()
    heard = Events((event("test_batch_end", recorder, index=0),))
    history = RemoteObject("o1", ("History",), {"history": {"val_loss": [1.0]}}, "")
    silent = RemoteObject("o2", ("History",), {"history": {"loss": [1.0]}}, "")
    state = RemoteObject("o3", ("State",), {}, "")

    assert answers.skips_validation(Result(silent, Events(), "", "", (), 0.0))
    assert not answers.skips_validation(Result(silent, heard, "", "", (), 0.0))
    assert not answers.skips_validation(Result(history, Events(), "", "", (), 0.0))
    assert not answers.skips_validation(Result(state, Events(), "", "", (), 0.0))


def test_batches_are_not_seen_without_a_hook_where_an_epoch_begins() -> None:
    """Of a library whose callbacks hear only of ends, nothing is claimed of its batches."""
    recorder = Recorder(weights=True)
    ends = Events((event("train_begin", recorder), event("epoch_end", recorder)))

    with pytest.raises(NotOffered, match="no hook `epoch_begin`"):
        answers.hears_of_epochs(ends)
    with pytest.raises(NotOffered, match="no hook `epoch_begin`"):
        answers.trained_batches(Result(None, ends, "", "", (), 0.0), recorder)

    answers.hears_of_epochs(Events((event("train_begin", recorder),)))


@pytest.mark.parametrize("moved", [True, False])
def test_batches_are_not_seen_without_a_hook_where_they_end(moved: bool) -> None:
    """Of a library that trains unheard nothing is claimed of its batches; else there were none."""
    recorder = Recorder(weights=True)
    result = training(recorder, [[0, 1]] if moved else [], samples_in_all=2)
    kept = [each for each in result.events if each.kind != "train_batch_end"]
    after = result.events.events[-1].fields
    unheard = Events((*kept, event("epoch_end", recorder, **{**after, "index": 0})))
    result = Result(None, unheard, "", "", (), 0.0)

    if moved:
        with pytest.raises(NotOffered, match="no hook `train_batch_end`"):
            answers.trained_batches(result, recorder)
    else:
        assert answers.trained_batches(result, recorder) == [[]]


@pytest.mark.parametrize("late", [True, False])
def test_batches_are_not_seen_where_they_end_before_the_update(late: bool) -> None:
    """Of a library that updates after the last hook of a batch, nothing is claimed of it."""
    recorder = Recorder(weights=True)
    before, after = {"y": [np.zeros((2, 1))]}, {"y": [np.full((2, 1), -samples.TALLY_RATE / 2)]}
    kinds = ("train_begin", "epoch_begin", "train_batch_begin", "train_batch_end", "epoch_end")
    states = [before, before, before, before if late else after, after]
    seen = [
        event(kind, recorder, weights=weights) for kind, weights in zip(kinds, states, strict=True)
    ]
    result = Result(None, Events(tuple(seen)), "", "", (), 0.0)

    if late:
        with pytest.raises(NotOffered, match="no hook after the update"):
            answers.trained_batches(result, recorder)
    else:
        assert answers.trained_batches(result, recorder) == [[[0, 1]]]
