"""`fit`: shuffling."""

from __future__ import annotations

from itertools import chain, pairwise
from typing import Any

import numpy as np
from hypothesis.strategies import integers

from fitspec.conformance.arrangements.compiled import frozen, small_model
from fitspec.conformance.arrangements.numbered_batches import (
    batches_of,
    numbered,
    trained_on,
)
from fitspec.conformance.arrangements.orders_of_samples import are_neighbours, led, orders_of
from fitspec.conformance.arrangements.taken import takes_lists, tried
from fitspec.conformance.arrangements.weighted_losses import takes_two_weights
from fitspec.conformance.checks import (
    Build,
    ForAll,
    Sides,
    clause,
    expect,
    outcome,
    recognise,
)
from fitspec.conformance.vocabulary.models import linear, two_in_two_out
from fitspec.conformance.vocabulary.probes import NumPySeed, SequenceOf
from fitspec.conformance.vocabulary.samples import (
    ascending,
    constant,
    far_below,
    identity,
)

DATA = ascending(4), constant(4, 0)
TWO = two_in_two_out(1.0, 1.0)
#: Twelve samples in chunks of two.
CHUNKS = [[0, 1], [2, 3], [4, 5], [6, 7], [8, 9], [10, 11]]


@clause("fit.shuffle.default-true")
def test_samples_are_shuffled_by_default(build: Build) -> None:
    """Without `shuffle` the samples are not used in the order given."""
    epochs = batches_of(build, 12, batch_size=2, epochs=2)
    (of_many,) = batches_of(build, 96)

    # Batches of sorted pairs are in order by accident once in 12!/2⁶ = 7 million times, and six of
    # them are neighbours in the data once in 11·9·7·5·3 = 10 395 times. Whether all samples are
    # trained on is a clause of its own.
    orders = [[*chain(*epoch)] for epoch in epochs]
    seen = {
        "eight or more, none twice": [len(order) == len({*order}) >= 8 for order in orders],
        "in the order given": [order == sorted(order) for order in orders],
        "in whole batches": all(batch in CHUNKS for epoch in epochs for batch in epoch),
        "many in the order given": of_many[0] == [*range(32)],
    }
    right = {
        "eight or more, none twice": [True, True],
        "in the order given": [False, False],
        "in whole batches": False,
        "many in the order given": False,
    }
    unchanged = {
        "in the order given": [True, True],
        "in whole batches": True,
        "many in the order given": True,
    }
    expect(
        seen,
        equals=right,
        otherwise={
            "nothing is shuffled": {**right, **unchanged},
            "the first epoch is not shuffled": {**right, "in the order given": [True, False]},
            "only whole batches changed places": {**right, "in whole batches": True},
        },
    )


@clause("fit.shuffle.true-permutes-samples")
def test_shuffling_mixes_samples_across_batches(build: Build) -> None:
    """`shuffle=True` moves single samples, so that batches are made up anew."""
    epochs = batches_of(build, 16, batch_size=4, epochs=3, shuffle=True)
    # The last two of ten are the rest in each of four epochs by accident once in 45⁴ = 4 million
    # times. Whether there is a rest at all is another clause.
    with_rest = batches_of(build, 10, batch_size=4, epochs=4, shuffle=True)
    # Whether these are taken is the matter of other clauses. Four full batches of each are in order
    # by accident never.
    ways: dict[str, dict[str, Any]] = {
        "beside samples set apart": {"validation_split": 0.5},
        "beside validation data": {"validation_data": (identity(32), far_below(32))},
        "with sample weights": {"sample_weight": np.ones(32, np.float32)},
        "with class weights": {"class_weight": {-(2**place): 1.0 for place in range(32)}},
        "in lists": {"listed": True},
        "from a later epoch on": {"initial_epoch": 2, "epochs": 3},
    }
    others = {
        way: tried(batches_of, build, 32, batch_size=4, shuffle=True, **arguments)
        for way, arguments in ways.items()
    }
    in_order = [[*range(start, start + 4)] for start in range(0, 32, 4)]
    kept = {
        f"in the order given, {way}": epochs[0] == in_order[: len(epochs[0])]
        for way, epochs in others.items()
        if epochs
    }

    # Of 16 samples in batches of 4, there are 16!/4!⁴ = 63 million choices. All batches are
    # neighbours, the first beside the last, in 4·4! of them, and the first eight samples are
    # together in two batches in 6·70² of them: by accident in three epochs never.
    samples = [[*chain(*epoch)] for epoch in epochs]
    seen = {
        "eight or more, none twice": all(len(each) == len({*each}) >= 8 for each in samples),
        "only neighbours in every batch": all(
            are_neighbours(batch, 16) for epoch in epochs for batch in epoch
        ),
        "samples stay in their half": all(
            len({sample < 8 for sample in batch}) == 1 for epoch in epochs for batch in epoch
        ),
    }
    rest = {"the rest stays the rest": all({*epoch[-1]} == {8, 9} for epoch in with_rest)}
    seen |= rest | kept
    expect(
        seen,
        equals={**dict.fromkeys(seen, False), "eight or more, none twice": True},
        otherwise={
            "only whole batches changed places": {**dict.fromkeys(seen, True), **rest, **kept},
            "samples are mixed with those nearby alone": {
                **dict.fromkeys(seen, True),
                "only neighbours in every batch": False,
                **rest,
                **kept,
            },
            "the rest at the end stays there": {
                **dict.fromkeys(seen, False),
                "eight or more, none twice": True,
                "the rest stays the rest": True,
            },
        },
    )


@clause("fit.shuffle.each-epoch")
def test_samples_are_shuffled_anew_in_each_epoch(build: Build) -> None:
    """Each epoch has an order of its own."""
    orders = orders_of(build, 16, epochs=3, shuffle=True)
    # Four batches of sixteen samples, in order, are one of 63 million choices.
    batches = batches_of(build, 16, batch_size=4, epochs=3, shuffle=True)

    distinct = {
        "in batches of one": len({tuple(order) for order in orders}),
        "in batches of four": len({f"{epoch}" for epoch in batches}),
    }
    # Whether samples can be set apart is another clause.
    if apart := tried(orders_of, build, 20, epochs=3, shuffle=True, validation_split=0.2):
        distinct["beside samples set apart"] = len({tuple(order) for order in apart})
    expect(
        distinct,
        equals=dict.fromkeys(distinct, 3),
        otherwise={"one order serves all epochs": dict.fromkeys(distinct, 1)},
    )


@clause("fit.shuffle.false-keeps-order")
def test_without_shuffling_the_order_is_kept(build: Build, for_all: ForAll) -> None:
    """`shuffle=False` uses the samples in the order given, in every epoch."""
    # Whether weights are taken is another clause.
    ones = np.ones(2, np.float32)
    weights = tried(batches_of, build, 2, batch_size=1, sample_weight=ones) is not None
    # So is whether samples can be set apart.
    splits = tried(batches_of, build, 2, batch_size=1, validation_split=0.5) is not None

    def law(batches: int, batch_size: int) -> Sides:
        samples = batches * batch_size
        arguments: dict[str, Any] = {"batch_size": batch_size, "epochs": 2, "shuffle": False}
        if weights and samples % 2 == 0:
            arguments["sample_weight"] = np.ones(samples, np.float32)
        given = 2 * samples if splits and samples % 2 else samples
        if given != samples:
            arguments["validation_split"] = 0.5
        before = {"batch_size": batch_size, "shuffle": True}
        epochs = batches_of(build, given, before=before, **arguments)
        # Where samples are set apart, and how many, are other clauses.
        first, trained = 0, samples
        if given != samples:
            rows = [*chain(*chain(*epochs))]
            first, trained = min(rows), max(rows) - min(rows) + 1
        starts = range(first, first + trained, batch_size)
        blocks = [[*range(start, min(start + batch_size, first + trained))] for start in starts]
        return Sides(epochs, equals=[blocks] * 2)

    # [0, 1, 2], [3, 4, 5] and [6, 7, 8]. What becomes of a rest is a clause of its own.
    for_all(law, batches=integers(2, 5), batch_size=integers(1, 6), examples=[(3, 3), (3, 2)])


@clause("fit.shuffle.keeps-x-y-weights-aligned")
def test_shuffling_keeps_a_sample_together(build: Build) -> None:
    """Inputs, targets and sample weights of a sample stay together however it is shuffled."""
    x, y, weights = ascending(16), ascending(16), np.ones(16, np.float32)
    # Three targets are absurd and weigh nothing. A batch of four cannot hold nothing else, so no
    # way of averaging divides 0 by 0.
    y[[3, 7, 12]], weights[[3, 7, 12]] = 1e6, 0.0

    losses = {}
    for mode in (True, "batch"):
        arguments = {"batch_size": 4, "epochs": 3, "shuffle": mode}
        model = small_model(build)
        result = model.fit(x, y, sample_weight=weights, **arguments)
        losses[f"{mode}"] = result.history.history["loss"]
        # All samples count, and the prediction of each is 1 too small.
        result = model.fit(x, ascending(16) + 1, **arguments)
        losses[f"{mode}, all too small"] = result.history.history["loss"]

        if takes_lists(build):
            second = ascending(16)[::-1]
            result = frozen(build, TWO).fit([x, second], [x, second + 1], **arguments)
            losses[f"{mode}, all too small at an output"] = result.history.history["loss"]
            named = {"in2": second, "in1": x}, {"b": second + 1, "a": x}
            if (of_dicts := tried(frozen(build, TWO).fit, *named, **arguments)) is not None:
                losses[f"{mode}, all too small in dicts"] = of_dicts.history.history["loss"]
        if takes_two_weights(build, weights[:4]):
            absurd, both = [x, y], [np.ones(16, np.float32), weights]
            result = frozen(build, TWO).fit([x, x], absurd, sample_weight=both, **arguments)
            losses[f"{mode}, weights at the second output"] = result.history.history["loss"]

    # Prediction 1·x = y for every sample that counts: the loss is 0, or 1, if and only if all
    # arrays went through the same permutation.
    expect(
        losses,
        equals={name: [1.0 if "too small" in name else 0.0] * 3 for name in losses},
    )


@clause("fit.shuffle.no-effect-with-steps")
def test_steps_of_an_epoch_are_not_shuffled(build: Build) -> None:
    """With `steps_per_epoch` the samples are used in the order given."""
    kept = {}
    for steps in (1, 2):
        epochs = led(build, 16, steps_per_epoch=steps, epochs=5, shuffle=True)
        # Whatever a step is, the samples of each begin with the first of them, and those of the
        # first step with the first of all. Five shuffled epochs do once in 16^5 times.
        kept[f"{steps} in an epoch"] = all(
            batches[0][0] == 0 and all(batch[0] == min(batch) for batch in batches)
            for batches in epochs
        )

    # Whether a Sequence is taken with both, and where a later epoch begins, are other clauses.
    # Twelve batches are in order by accident once in 12! times, and five once in 95 040.
    for steps in (12, 5):
        orders = tried(
            *(trained_on, build, "fit", SequenceOf(numbered(12))),
            steps_per_epoch=steps,
            epochs=2,
            shuffle=True,
        )
        if orders is not None:
            kept[f"{steps} of a Sequence"] = all(
                (before + 1) % 12 == after for order in orders for before, after in pairwise(order)
            )

    # What is missing in the second of two steps, or in a later epoch, is another clause.
    expect(
        kept,
        equals=dict.fromkeys(kept, True),
        otherwise={
            "the samples are shuffled all the same": dict.fromkeys(kept, False),
            "the batches of a Sequence are shuffled all the same": {
                name: "Sequence" not in name for name in kept
            },
        },
    )


@clause("fit.shuffle.sequence")
def test_in_what_order_a_sequence_is_read(build: Build) -> None:
    """Whether `fit` shuffles the batches of a Sequence, by default and when told to or not to."""
    seen = {}
    for name, arguments in (
        ("default", {}),
        ("on", {"shuffle": True}),
        ("off", {"shuffle": False}),
    ):
        orders = trained_on(build, "fit", SequenceOf(numbered(12)), epochs=2, **arguments)
        in_order = [order == [*range(12)] for order in orders]
        seen[name] = "in order" if all(in_order) else "shuffled" if not any(in_order) else "mixed"

    # Twelve shuffled batches are in order by accident once in 12! times.
    recognise(
        seen,
        {
            "shuffled, unless told not to": {
                "default": "shuffled",
                "on": "shuffled",
                "off": "in order",
            },
            "never shuffled": dict.fromkeys(seen, "in order"),
            "shuffled only when told to": {
                "default": "in order",
                "on": "shuffled",
                "off": "in order",
            },
        },
    )


@clause("fit.shuffle.other-values")
def test_other_values_of_shuffle(build: Build) -> None:
    """What `fit` does with "other", 2 and `None` as `shuffle`."""
    seen = {
        str(value): outcome(small_model(build).fit, *DATA, shuffle=value, epochs=1)
        for value in ("other", 2, None)
    }

    recognise(
        seen,
        {
            "2 and None are taken; another word is a ValueError": {
                "other": "ValueError",
                "2": "returned",
                "None": "returned",
            },
            "all are taken, a misspelt word too": dict.fromkeys(seen, "returned"),
            "all are a ValueError": dict.fromkeys(seen, "ValueError"),
        },
    )


@clause("fit.shuffle.random-source")
def test_whether_a_seed_of_numpy_repeats_the_order(build: Build) -> None:
    """Whether the order of samples is drawn from NumPy's global generator."""
    orders = []
    for seed in (1, 1, 2):
        build(linear()).held(NumPySeed(seed))
        orders.append(orders_of(build, 12, shuffle=True))
    first, again, other = orders

    # Two orders of 12 samples are the same by accident once in 12! = 479 001 600 times.
    recognise(
        {"same seed": again == first, "other seed": other == first},
        {
            "with numpy.random.seed it can be repeated": {"same seed": True, "other seed": False},
            "numpy.random.seed has no effect; it differs from run to run": {
                "same seed": False,
                "other seed": False,
            },
            "it is the same in every run": {"same seed": True, "other seed": True},
        },
    )
