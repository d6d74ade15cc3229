"""`fit`: generators, and how they end."""

from __future__ import annotations

import numpy as np

from fitspec.conformance.arrangements.compiled import small_model
from fitspec.conformance.arrangements.numbered_batches import (
    numbered,
    of_rows,
    read,
    trained_until_the_end,
)
from fitspec.conformance.arrangements.ways_of_ending import trained
from fitspec.conformance.checks import Build, Generator, clause, expect, recognise
from fitspec.conformance.vocabulary.samples import column


@clause("fit.x.generator")
def test_x_may_be_a_generator(build: Build) -> None:
    """`fit` trains on the items of a generator, each a batch, in the order they come."""
    batches = [[0, 1], [2], [3, 4, 5]]

    seen = read(build, "fit", Generator(of_rows(batches)), steps_per_epoch=3, epochs=2)

    # Three items come again and again.
    expect(
        seen,
        equals=[batches] * 2,
        otherwise={"the first item was lost": [[*batches[1:], batches[0]]] * 2},
    )


@clause("fit.x.generator-ends-early")
def test_what_becomes_of_training_when_a_generator_ends_early(build: Build) -> None:
    """How `fit` ends when the generator ends in the middle of the second of three epochs."""
    source = Generator(numbered(4), repeats=False)

    seen = trained_until_the_end(build, "fit", source, steps_per_epoch=3, epochs=3)

    trained_on = {"trained": [[0, 1, 2], [3]]}
    cut = {"ended": "returned", **trained_on}
    recognise(
        seen,
        {
            "training breaks off with StopIteration": {"ended": "StopIteration", **trained_on},
            "training breaks off with a ValueError": {"ended": "ValueError", **trained_on},
            "a warning is given, the epoch counts as it is, and training is over": {
                **cut,
                "warned": True,
                "epochs in History": 2,
            },
            "training is over without a word": {**cut, "warned": False, "epochs in History": 2},
            "the first item is lost, a warning is given, and the later epochs are empty": {
                "ended": "returned",
                "trained": [[1, 2, 3], [], []],
                "warned": True,
                "epochs in History": 3,
            },
            "a warning is given, the epoch counts as it is, and the next one trains on the first "
            "two items again": {
                **cut,
                "trained": [[0, 1, 2], [3], [0, 1]],
                "warned": True,
                "epochs in History": 3,
            },
        },
    )


@clause("fit.x.generator-ends-on-time")
def test_what_becomes_of_training_when_a_generator_ends_on_time(build: Build) -> None:
    """How `fit` ends when the generator gives as many items as there are steps, and no more."""
    source = Generator(numbered(6), repeats=False)

    seen = trained_until_the_end(build, "fit", source, steps_per_epoch=3, epochs=2)

    trained_on = {"trained": [[0, 1, 2], [3, 4, 5]]}
    recognise(
        seen,
        {
            "all is trained on, and nothing is said": {
                "ended": "returned",
                **trained_on,
                "warned": False,
                "epochs in History": 2,
            },
            "all is trained on, and a warning is given": {
                "ended": "returned",
                **trained_on,
                "warned": True,
                "epochs in History": 2,
            },
            "the first item is lost, and a warning is given that one is missing": {
                "ended": "returned",
                "trained": [[1, 2, 3], [4, 5]],
                "warned": True,
                "epochs in History": 2,
            },
            "training breaks off with StopIteration": {"ended": "StopIteration", **trained_on},
        },
    )


@clause("fit.x.generator-ends-at-once")
def test_what_becomes_of_training_on_an_empty_generator(build: Build) -> None:
    """How `fit` ends when the generator gives nothing at all."""
    source = Generator([], repeats=False)

    seen = trained_until_the_end(build, "fit", source, steps_per_epoch=2, epochs=1)

    recognise(
        seen,
        {
            "a ValueError before training begins": {"ended": "ValueError", "trained": []},
            "a ValueError in the first epoch": {"ended": "ValueError", "trained": [[]]},
            "a StopIteration before training begins": {"ended": "StopIteration", "trained": []},
            "a StopIteration in the first epoch": {"ended": "StopIteration", "trained": [[]]},
            "it returns an epoch of no batches, with a warning": {
                "ended": "returned",
                "trained": [[]],
                "warned": True,
                "epochs in History": 1,
            },
            "it returns as if it had trained": {
                "ended": "returned",
                "trained": [[]],
                "warned": False,
                "epochs in History": 1,
            },
        },
    )


@clause("fit.x.generator-without-steps")
def test_what_an_epoch_is_on_a_finite_generator_without_steps(build: Build) -> None:
    """What `fit` does for two epochs on a generator of three items without a number of steps."""
    source = Generator(numbered(3), repeats=False)

    seen = trained_until_the_end(build, "fit", source, epochs=2)

    recognise(
        seen,
        {
            "it is refused with a ValueError": {"ended": "ValueError", "trained": []},
            "the first epoch takes all items, and training is over, with a warning": {
                "ended": "returned",
                "trained": [[0, 1, 2]],
                "warned": True,
                "epochs in History": 1,
            },
            "the first epoch takes all items, and the second none, without a word": {
                "ended": "returned",
                "trained": [[0, 1, 2], []],
                "warned": False,
                "epochs in History": 2,
            },
            "the first two items are lost, the first epoch takes the rest, and the second none": {
                "ended": "returned",
                "trained": [[2], []],
                "warned": False,
                "epochs in History": 2,
            },
            "the first epoch takes all items, and the second breaks off": {
                "ended": "ValueError",
                "trained": [[0, 1, 2], []],
            },
            "the first epoch takes all items, and the second the first two again, with a warning": {
                "ended": "returned",
                "trained": [[0, 1, 2], [0, 1]],
                "warned": True,
                "epochs in History": 2,
            },
        },
    )


@clause("fit.x.generator-of-lists")
def test_whether_a_generator_may_give_lists(build: Build) -> None:
    """Batches as lists, of inputs and targets, and of sample weights as well."""
    batch = [column(1, 1), column(0, 0)]

    seen = {
        name: trained(small_model(build), Generator([items]), steps_per_epoch=1)
        for name, items in {"pairs": batch, "triples": [*batch, np.full(2, 0.5)]}.items()
    }

    # Errors of 1, whose mean is 1; half of it with the weights.
    recognise(
        seen,
        {
            "they are taken": {"pairs": [1.0], "triples": [0.5]},
            **{
                f"they are refused with a {error}": dict.fromkeys(seen, error)
                for error in ("ValueError", "TypeError", "RuntimeError")
            },
        },
    )
