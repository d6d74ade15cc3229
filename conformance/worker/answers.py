"""What checks read off answers: which samples each batch held, and what came of an epoch."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.vocabulary.samples import TALLY_RATE
from fitspec.conformance.worker.remote import NotOffered

if TYPE_CHECKING:
    from fitspec.conformance.vocabulary.probes import Recorder
    from fitspec.conformance.worker.remote import Events, RemoteError, Result


def trained_batches(result: Result | RemoteError, recorder: Recorder) -> list[list[list[int]]]:
    """Return which samples each batch of a tally's training held: epoch, batch, sorted samples.

    Args:
        result: of `fit` on `models.tally`, loss ``mae``, SGD at `TALLY_RATE`; or how it broke off.
        recorder: a callback of that `fit` which logs weights.
    """
    # Gradient descent on the mean absolute error: weight i falls by rate·count_i/size.
    return [[members(fall / TALLY_RATE) for fall in epoch] for epoch in _falls(result, recorder)]


def led_batches(result: Result, recorder: Recorder) -> list[list[list[int]]]:
    """Return which samples each batch of a tally's training held, the first one first.

    For batches of two that is their order; in larger ones the others are sorted.

    Args:
        result: of `fit` on `models.tally` with the targets `ascending`, SGD at rate 1 and the loss
            ``prediction_times_first_target``.
        recorder: a callback of that `fit` which logs weights.
    """
    return [[led(fall) for fall in epoch] for epoch in _falls(result, recorder)]


def _falls(
    result: Result | RemoteError, recorder: Recorder
) -> list[list[np.ndarray[Any, np.dtype[np.float64]]]]:
    """Return how the weights of a tally, one a sample, fell with each batch of each epoch."""
    epochs: list[list[np.ndarray[Any, np.dtype[np.float64]]]] = []
    before = None
    events = result.events.by(recorder)
    hears_of_epochs(events)
    seen = [
        (event.kind, event.fields["weights"]["y"][0])
        for event in events
        if "weights" in event.fields
    ]
    is_trained = any(np.any(kernel != seen[0][1]) for _, kernel in seen)
    hears_of_batches(events, is_trained)
    within = [
        np.any(kernel != later)
        for (kind, kernel), (ended, later) in pairwise(seen)
        if (kind, ended) == ("train_batch_begin", "train_batch_end")
    ]
    if is_trained and within and not any(within):
        raise NotOffered("no hook after the update: `train_batch_end` is called before it")
    for event in events.of("train_begin", "epoch_begin", "train_batch_end"):
        weights = event.fields["weights"]["y"][0].ravel().astype(np.float64)
        if event.kind == "epoch_begin":
            epochs.append([])
        elif event.kind == "train_batch_end" and before is not None:
            epochs[-1].append(before - weights)
        before = weights
    return epochs


def hears_of_epochs(events: Events) -> None:
    """See that what a recorder saw of a training can be divided into epochs.

    Raises:
        NotOffered: epochs end that never began: the implementation has no hook for that, and which
            batches an epoch had is not to be seen.
    """
    if "epoch_end" in events.kinds and "epoch_begin" not in events.kinds:
        raise NotOffered("no hook `epoch_begin`: callbacks hear only of the end of an epoch")


def hears_of_batches(events: Events, is_trained: bool) -> None:
    """See that a recorder that heard of no batch did so because there was none.

    Args:
        events: what it saw of a training.
        is_trained: whether the weights moved in it.

    Raises:
        NotOffered: they did, unheard: the implementation calls no hook at the end of a batch.
    """
    if is_trained and "epoch_begin" in events.kinds and "train_batch_end" not in events.kinds:
        raise NotOffered("no hook `train_batch_end` is called: it trains, and no batch is heard of")


def members(shares: np.ndarray[Any, Any]) -> list[int]:
    """Return the samples of a batch, given the share of the batch that each makes up."""
    # Weights of this size carry roundings of about 1e-6 of a share; samples differ by 1/size.
    tolerance = 1e-3
    for size in range(1, 4 * len(shares)):
        counts = np.rint(shares * size)
        if counts.sum() == size and np.all(np.abs(shares * size - counts) < tolerance * size):
            return [sample for sample, count in enumerate(counts) for _ in range(int(count))]
    raise ValueError(f"no batch moves the weights by {shares.tolist()} times the rate")


def led(fall: np.ndarray[Any, Any]) -> list[int]:
    """Return the samples whose weights fell, and first the one whose number tells by how much."""
    # The loss is mean(first target·weight i) over the samples i of the batch, and the target of
    # sample i is i + 1: every weight in the batch falls by (first + 1)/size.
    found = np.flatnonzero(fall).tolist()
    first = round(float((fall * len(found)).max(initial=0.0))) - 1
    return [first, *(sample for sample in found if sample != first)]


def loss_of(answered: Result | str) -> Any:
    """Return the loss of each epoch, or how `fit` was refused: what `answer` brought."""
    return answered if isinstance(answered, str) else answered.history.history["loss"]


def skips_validation(result: Result) -> bool:
    """Return whether callbacks hear of no validation, and History, if there is one, has none."""
    recorded = getattr(result.value, "history", None)
    told = recorded is None or "val_loss" in recorded
    return not (told or result.events.of("test_batch_end"))


def validated_epochs(events: Events) -> list[int | None]:
    """Return the epochs after which batches were validated on, before or after their end is told.

    Some validate before the first epoch as well, to try it out: that is none of these.

    Args:
        events: what a recorder saw of a training.
    """
    found: list[int | None] = []
    epoch = None
    for event in events.of("epoch_begin", "test_batch_end"):
        if event.kind == "epoch_begin":
            epoch = event.index
        elif epoch is not None and epoch not in found:
            found.append(epoch)
    return found
