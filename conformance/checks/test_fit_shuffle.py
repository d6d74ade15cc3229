"""`fit`: shuffling."""

from __future__ import annotations

import numpy as np

from fitspec.conformance.checks import SGD, Build, Recorder, clause, expect
from fitspec.conformance.models import linear, tally
from fitspec.conformance.samples import (
    TALLY_RATE,
    ascending,
    far_below,
    identity,
    trained_batches,
)


def _batches(build: Build, samples: int, **arguments: object) -> list[list[list[int]]]:
    """Train a tally and return which samples each batch held: epoch, batch, sorted samples."""
    model, recorder = build(tally(samples)), Recorder(weights=True)
    model.compile(SGD(TALLY_RATE), "mae")
    data = identity(samples), far_below(samples)
    result = model.fit(*data, callbacks=[recorder], **arguments)
    return trained_batches(result, recorder)


def _orders(build: Build, samples: int, **arguments: object) -> list[list[int]]:
    """Return the order of the samples in each epoch, seen through batches of one."""
    epochs = _batches(build, samples, batch_size=1, **arguments)
    return [[sample for batch in batches for sample in batch] for batches in epochs]


@clause("fit.shuffle.default-true")
def test_samples_are_shuffled_by_default(build: Build) -> None:
    """Without `shuffle` the samples are not used in the order given."""
    (order,) = _orders(build, 12)

    # A permutation is the identity by accident once in 12! times.
    in_order = order == [*range(12)]
    expect({"in the order given": in_order}, equals={"in the order given": False})


@clause("fit.shuffle.true-permutes-samples")
def test_shuffling_mixes_samples_across_batches(build: Build) -> None:
    """`shuffle=True` moves single samples, so that batches are made up anew."""
    (batches,) = _batches(build, 16, batch_size=4, shuffle=True)

    # Every batch is a block of the data by accident in 4!·4!⁴ of 16! permutations, 1 in 2.6
    # million.
    blocks = [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11], [12, 13, 14, 15]]
    unmixed = all(batch in blocks for batch in batches)
    expect(
        {"only whole batches changed places": unmixed},
        equals={"only whole batches changed places": False},
    )


@clause("fit.shuffle.each-epoch")
def test_samples_are_shuffled_anew_in_each_epoch(build: Build) -> None:
    """Each epoch has an order of its own."""
    orders = _orders(build, 16, epochs=3, shuffle=True)

    distinct = len({tuple(order) for order in orders})
    expect(distinct, equals=3, otherwise={"one order serves all epochs": 1})


@clause("fit.shuffle.false-keeps-order")
def test_without_shuffling_the_order_is_kept(build: Build) -> None:
    """`shuffle=False` uses the samples in the order given, in every epoch."""
    epochs = _batches(build, 7, batch_size=3, epochs=2, shuffle=False)

    expect(epochs, equals=[[[0, 1, 2], [3, 4, 5], [6]]] * 2)


@clause("fit.shuffle.keeps-x-y-weights-aligned")
def test_shuffling_keeps_a_sample_together(build: Build) -> None:
    """Inputs, targets and sample weights of a sample stay together when shuffled."""
    model = build(linear(1.0))
    model.compile(SGD(0.0), "mse")
    x, y, weights = ascending(16), ascending(16), np.ones(16, np.float32)
    # Three targets are absurd and weigh nothing. A batch of four cannot hold nothing else, so no
    # way of averaging divides 0 by 0.
    y[[3, 7, 12]], weights[[3, 7, 12]] = 1e6, 0.0

    result = model.fit(x, y, sample_weight=weights, batch_size=4, epochs=3, shuffle=True)

    # Prediction 1·x = y for every sample that counts: the loss is 0 if and only if all three
    # arrays went through the same permutation.
    expect(result.history.history["loss"], equals=[0.0, 0.0, 0.0])
