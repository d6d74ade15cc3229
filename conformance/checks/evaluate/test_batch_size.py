"""`evaluate`: the size of a batch."""

from __future__ import annotations

import numpy as np
from hypothesis.strategies import integers, lists

from fitspec.conformance.arrangements.compiled import small_model
from fitspec.conformance.arrangements.returned import loss_in
from fitspec.conformance.arrangements.stateful import recognise_remainder
from fitspec.conformance.arrangements.streaming import ITEM
from fitspec.conformance.arrangements.taken import taken, takes_lists, tried
from fitspec.conformance.checks import SGD, Build, ForAll, Generator, Sides, clause, expect, outcome
from fitspec.conformance.vocabulary.models import linear, times_first, two_in_two_out
from fitspec.conformance.vocabulary.probes import SequenceOf
from fitspec.conformance.vocabulary.samples import ascending, column, constant


@clause("evaluate.batch_size.default-32")
def test_32_samples_are_evaluated_at_a_time_by_default(build: Build) -> None:
    """Without `batch_size` a batch has 32 samples."""
    model = build(times_first())
    model.compile(SGD(0.0), "mae")

    x, y = ascending(96), constant(96, 0)
    seen = {"arrays": loss_in(model.evaluate(x, y).value)}
    # Whether arrays may come in lists is another clause.
    if (of_lists := tried(model.evaluate, [x], [y])) is not None:
        seen["lists"] = loss_in(of_lists.value)
    # So is what these do with the size.
    if taken(model.fit, x, y, batch_size=16, epochs=1):
        seen["after a fit of 16 at a time"] = loss_in(model.evaluate(x, y).value)
    if taken(model.evaluate, x, y, batch_size=48):
        seen["after 48 at a time"] = loss_in(model.evaluate(x, y).value)

    # Three batches: 1·16.5, the mean of 1..32, 33·48.5, that of 33..64, and 65·80.5. The sum of
    # the 96 products is a multiple of 16; a third of it is rounded.
    expect(
        seen,
        equals=dict.fromkeys(seen, (16.5 + 33 * 48.5 + 65 * 80.5) / 3),
        ulps=2,
        otherwise={
            words: dict.fromkeys(seen, loss)
            for words, loss in {
                "all samples are one batch": 48.5,
                "16 at a time": sum((16 * k + 1) * (16 * k + 8.5) for k in range(6)) / 6,
                "48 at a time": (24.5 + 49 * 72.5) / 2,
                "64 at a time": (64 * 32.5 + 32 * 65 * 80.5) / 96,
            }.items()
        },
    )


@clause("evaluate.batch_size.invariance")
def test_the_batch_size_does_not_change_the_loss(build: Build, for_all: ForAll) -> None:
    """The loss is the mean over all samples, whatever the batch size."""
    model = build(linear())
    model.compile(SGD(0.0), "mae")
    # What the total of two outputs is, and whether there may be several, is another clause.
    two = build(two_in_two_out(1.0, 1.0)) if takes_lists(build) else None
    if two is not None:
        two.compile(SGD(0.0), "mae")

    def law(errors: list[int], batch_size: int) -> Sides:
        # 60 is divided by every size up to 6: all sums and means are whole numbers, and two
        # roundings are left to those who multiply by the inverse of a size.
        losses = [60 * error for error in errors]
        starts = range(0, len(losses), batch_size)
        means = [np.mean(losses[start : start + batch_size]) for start in starts]
        data = column(*losses), constant(len(losses), 0)
        seen = [loss_in(model.evaluate(*data, batch_size=batch_size).value)]
        if two is not None:
            doubled = [[one] * 2 for one in data]
            total, of_one_batch = (
                loss_in(two.evaluate(*doubled, batch_size=size).value)
                for size in (batch_size, len(losses))
            )
            seen.append(total / of_one_batch if of_one_batch else 0.0)
        mean = sum(losses) / len(losses)
        right, unweighted, last = ([one, one / mean] for one in (mean, np.mean(means), means[-1]))
        return Sides(
            seen,
            equals=right[: len(seen)],
            # Either total is rounded as the loss is, and their quotient once more.
            ulps=4,
            otherwise={
                "the last batch is not weighted by its size": unweighted[: len(seen)],
                "the loss of the last batch": last[: len(seen)],
            },
        )

    # 60·(1 + 2 + 3 + 4 + 5)/5 = 180. In batches of 2: 90, 210 and 300, whose plain mean is 200.
    for_all(
        law,
        errors=lists(integers(1, 9), min_size=2, max_size=6),
        batch_size=integers(1, 6),
        examples=[([1, 2, 3, 4, 5], size) for size in (1, 2, 5)],
    )


@clause("evaluate.batch_size.stateful-remainder")
def test_a_stateful_model_and_samples_that_fill_no_batch(build: Build) -> None:
    """What `evaluate` does with a remainder that a stateful model cannot take."""
    recognise_remainder(build, lambda model: model.evaluate)


@clause("evaluate.batch_size.not-with-generator")
def test_a_batch_size_is_refused_where_batches_come_ready(build: Build) -> None:
    """`batch_size` with a generator or a Sequence is a ValueError."""

    def outcomes(**batch_size: int) -> dict[str, str]:
        return {
            "generator": outcome(
                small_model(build).evaluate, Generator([ITEM]), steps=1, **batch_size
            ),
            "Sequence": outcome(small_model(build).evaluate, SequenceOf([ITEM]), **batch_size),
        }

    taken = dict.fromkeys(("generator", "Sequence"), "returned")
    expect(
        {
            "without": outcomes(),
            "2": outcomes(batch_size=2),
            # That of arrays by default.
            "32": outcomes(batch_size=32),
        },
        equals={"without": taken, **dict.fromkeys(("2", "32"), dict.fromkeys(taken, "ValueError"))},
        otherwise={"it is ignored": dict.fromkeys(("without", "2", "32"), taken)},
    )
