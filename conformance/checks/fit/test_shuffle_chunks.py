"""`fit`: shuffling in chunks of the size of a batch, and of files."""

from __future__ import annotations

from itertools import pairwise

from fitspec.conformance.arrangements.compiled import learning_model
from fitspec.conformance.arrangements.numbered_batches import (
    batches_of,
    counting_model,
)
from fitspec.conformance.arrangements.orders_of_samples import led
from fitspec.conformance.arrangements.taken import tried
from fitspec.conformance.arrangements.ways_of_ending import refused, trained
from fitspec.conformance.checks import (
    Build,
    Recorder,
    clause,
    expect,
    recognise,
)
from fitspec.conformance.vocabulary.probes import HDF5
from fitspec.conformance.vocabulary.samples import (
    ascending,
    constant,
    far_below,
    identity,
)
from fitspec.conformance.worker.answers import trained_batches

#: Twelve samples in chunks of two.
CHUNKS = [[0, 1], [2, 3], [4, 5], [6, 7], [8, 9], [10, 11]]


@clause("fit.shuffle.batch-chunks")
def test_chunks_of_the_size_of_a_batch_are_shuffled(build: Build) -> None:
    """`shuffle="batch"` moves chunks of the size of a batch and keeps the order inside each."""
    epochs = led(build, 24, batch_size=2, epochs=8, shuffle="batch")

    # 96 chunks of two all keep their order by accident once in 2^96 times. Of twelve, one is in
    # one place in all of eight epochs once in 12^8/12² = 3 million times, and one behind one and
    # the same as often; two of eight orders are the same once in 12!/28 = 17 million times.
    chunks = [[sample, sample + 1] for sample in range(0, 24, 2)]
    batches = [batch for epoch in epochs for batch in epoch]
    places = [[sorted(batch) for batch in epoch] for epoch in epochs]
    kept = set.intersection(*({*enumerate(map(tuple, epoch))} for epoch in places))
    together = set.intersection(*({*pairwise(map(tuple, epoch))} for epoch in places))
    seen = {
        "batches are chunks of the data": all(sorted(epoch) == chunks for epoch in places),
        "the order inside is kept": all(batch == sorted(batch) for batch in batches),
        "every chunk changes its place": not kept,
        "whatever comes before it": not together,
        "anew in each epoch": len({f"{epoch}" for epoch in places}) == len(places),
    }
    # Whether samples can be set apart is another clause.
    beside = {"batch_size": 2, "shuffle": "batch", "validation_split": 0.5}
    if (apart := tried(batches_of, build, 48, **beside)) is not None:
        seen["beside samples set apart, too"] = sorted(apart[0]) == chunks != apart[0]
    expect(
        seen,
        equals=dict.fromkeys(seen, True),
        otherwise={
            words: dict(zip(seen, (*found, found[0] and found[2]), strict=False))
            for words, found in {
                "samples are mixed inside batches that stay in place": (True, *[False] * 4),
                "single samples are shuffled": (False, False, True, True, True),
                "nothing is shuffled": (True, True, *[False] * 3),
                "one order serves all epochs": (True, True, *[False] * 3),
                "some chunks stay in their places": (True, True, False, True, True),
                "some chunks stay together": (True, True, True, False, True),
                "only the first epoch is shuffled": (True, True, True, True, False),
            }.items()
        },
    )


@clause("fit.shuffle.batch-partial-chunk-last")
def test_where_a_chunk_comes_that_is_not_full(build: Build) -> None:
    """Whether `shuffle="batch"` leaves the samples that fill no chunk at the end."""
    epochs = led(build, 11, batch_size=2, epochs=8, shuffle="batch")

    # It would be the last of six chunks in eight epochs by accident once in 6^8 times.
    recognise(
        {"always last": all(batches[-1] == [10] for batches in epochs)},
        {
            "it stays at the end": {"always last": True},
            "it moves as full chunks do": {"always last": False},
        },
    )


@clause("fit.shuffle.hdf5-purpose")
def test_hdf5_data_can_be_shuffled_in_chunks(build: Build) -> None:
    """`shuffle="batch"` trains on HDF5 data sets, every chunk of rows once an epoch."""
    model, recorder = counting_model(build, 12), Recorder(weights=True)
    x, y = HDF5(identity(12)), HDF5(far_below(12))

    result = model.fit(x, y, batch_size=2, epochs=3, shuffle="batch", callbacks=[recorder])

    # Whether they change places is a clause of its own.
    epochs = trained_batches(result, recorder)
    expect(
        [sorted(batches) for batches in epochs],
        equals=[CHUNKS] * 3,
    )


@clause("fit.shuffle.hdf5")
def test_shuffling_what_can_only_be_read_in_order(build: Build) -> None:
    """What `fit` does by default, with `shuffle=True`, on data sets in an HDF5 file."""
    # Eight rows: chance leaves them in order, in which they could be read, once in 40 320 times.
    rows = HDF5(ascending(8)), HDF5(constant(8, 0))

    # 204/8: the mean of the squares of 1 to 8.
    recognise(
        trained(learning_model(build), *rows, shuffle=True),
        {
            **refused("TypeError", "ValueError", "InvalidArgumentError"),
            "it trains on all rows": [25.5],
        },
    )
