"""`fit`: what callbacks are told about a batch."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from fitspec.conformance.arrangements.compiled import small_model
from fitspec.conformance.arrangements.taken import taken, takes_sequences, tried
from fitspec.conformance.checks import (
    SGD,
    Build,
    Generator,
    Recorder,
    clause,
    expect,
    recognise,
)
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import SequenceOf
from fitspec.conformance.vocabulary.samples import ascending, column, constant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fitspec.conformance.worker.remote import Events

BATCH = ["train_batch_begin", "train_batch_end"]
DATA = ascending(4), constant(4, 0)
#: A batch of one sample.
ITEM = column(1), column(0)
#: What else is in the logs of a batch.
BESIDE_METRICS = {"loss", "batch", "size", "time"}


@clause("fit.callbacks.batch-index-resets")
def test_batches_are_counted_from_0_in_each_epoch(build: Build) -> None:
    """The index of a batch starts at 0 in each epoch."""
    # Three batches, also of the 7 samples that are left where a library keeps a fifth.
    given: dict[str, tuple[tuple[Any, ...], dict[str, int]]] = {
        "": ((ascending(9), constant(9, 0)), {"batch_size": 3})
    }
    if takes_sequences(build):
        given[" of a Sequence"] = ((SequenceOf([ITEM] * 3),), {})
    if taken(small_model(build).fit, Generator([ITEM]), steps_per_epoch=3, epochs=1):
        given[" of a generator"] = ((Generator([ITEM]),), {"steps_per_epoch": 3})

    seen: dict[str, list[int | None]] = {}
    for source, (data, size) in given.items():
        events = small_model(build).fit(*data, epochs=3, callbacks=[Recorder()], **size).events
        seen |= {f"{hook}{source}": events.of(hook).indices for hook in BATCH}
    right = dict.fromkeys(seen, [0, 1, 2] * 3)
    through = dict.fromkeys(seen, [*range(9)])
    from_1 = dict.fromkeys(seen, [1, 2, 3] * 3)
    data, size = given[""]
    arguments = {**size, "validation_data": data, "callbacks": [Recorder()]}
    # Whether there may be data to validate on is another clause.
    if (validated := tried(small_model(build).fit, *data, epochs=3, **arguments)) is not None:
        epochs = list(_validated(validated.events))
        begun = [index for epoch in epochs for index in epoch]
        # So is whether hooks are called in each validation, and where its indices begin.
        if begun and begun[0] is not None:
            seen["in validation"] = [None if i is None else i - begun[0] for i in begun]
            right["in validation"] = from_1["in validation"] = [0, 1, 2] * len(epochs)
            through["in validation"] = [*range(3 * len(epochs))]

    expect(
        seen,
        equals=right,
        otherwise={"they are counted through": through, "from 1": from_1},
    )


def _validated(events: Events) -> Iterator[list[int | None]]:
    """Yield the indices of the batches of each epoch whose validation callbacks hear of.

    Some batches may be validated on before training begins, to see whether that works.
    """
    heard = events.of("epoch_begin", "test_batch_begin")
    training = itertools.dropwhile(lambda event: event.kind == "test_batch_begin", heard)
    for is_validation, group in itertools.groupby(
        training, lambda event: event.kind == "test_batch_begin"
    ):
        if is_validation:
            yield [event.index for event in group]


@clause("fit.callbacks.batch-logs-loss")
def test_which_loss_a_callback_gets_after_a_batch(build: Build) -> None:
    """Whether the loss in the logs is that of the batch or a mean over the epoch so far."""
    recorder = Recorder()

    result = small_model(build).fit(
        column(1, 1, 3),
        column(0, 0, 0),
        batch_size=2,
        shuffle=False,
        callbacks=[recorder],
        epochs=1,
    )

    # Losses (1 + 1)/2 and 9, of two samples and of one: together 5, or 11/3 over the samples.
    ends = result.events.of("train_batch_end")
    recognise(
        [event.fields["logs"].get("loss") for event in ends],
        {
            "that of the batch": [1.0, 9.0],
            "the mean over the samples of the epoch so far": [1.0, 11 / 3],
            "the mean over the batches of the epoch so far": [1.0, 5.0],
            "none": [None, None],
        },
        ulps=2,
    )


@clause("fit.callbacks.batch-logs-metrics")
def test_which_metric_a_callback_gets_after_a_batch(build: Build) -> None:
    """Whether a metric in the logs is that of the batch or the one of the epoch so far."""
    model, recorder = build(linear()), Recorder()
    model.compile(SGD(0.0), "mae", metrics=["mse", "mae"])
    data = column(1, 1, 4), column(0, 0, 0)

    result = model.fit(*data, batch_size=2, shuffle=False, callbacks=[recorder], epochs=1)

    # Squares 1 and 1, then 16: together 18/3 over the samples, 17/2 over the batches. Absolute
    # values 1 and 1, then 4: together 6/3, or 5/2. The metrics' names, and order, are open.
    seen = [
        sorted(of for name, of in event.fields["logs"].items() if name not in BESIDE_METRICS)
        for event in result.events.of("train_batch_end")
    ]
    recognise(
        seen,
        {
            "that of the batch": [[1.0, 1.0], [4.0, 16.0]],
            "the one of the samples of the epoch so far": [[1.0, 1.0], [2.0, 6.0]],
            "the one of the batches of the epoch so far": [[1.0, 1.0], [2.5, 8.5]],
            "none": [[], []],
        },
        ulps=2,
    )


@clause("fit.callbacks.batch-logs-size")
def test_whether_the_logs_tell_the_batch_and_its_size(build: Build) -> None:
    """The entries ``batch`` and ``size`` in the logs at the beginning and end of a batch."""
    data = ascending(5), constant(5, 0)

    events = small_model(build).fit(*data, batch_size=2, callbacks=[Recorder()], epochs=1).events

    seen = {
        hook: [
            [event.fields["logs"].get("batch"), event.fields["logs"].get("size")]
            for event in events.of(hook)
        ]
        for hook in ("train_batch_begin", "train_batch_end")
    }
    both, neither = [[0, 2], [1, 2], [2, 1]], [[None, None]] * 3
    recognise(
        seen,
        {
            "at the beginning and at the end": dict.fromkeys(seen, both),
            "at the end only": {"train_batch_begin": neither, "train_batch_end": both},
            "at the beginning only": {"train_batch_begin": both, "train_batch_end": neither},
            "not at all": dict.fromkeys(seen, neither),
        },
    )
