"""`fit`: the size of a batch."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis.strategies import booleans, integers

from fitspec.conformance.arrangements.beside_streams import ended_with_both
from fitspec.conformance.arrangements.compiled import START, halving_model
from fitspec.conformance.arrangements.numbered_batches import batches_of
from fitspec.conformance.arrangements.odd_numbers import NUMBERS, trained_with_each
from fitspec.conformance.arrangements.stateful import recognise_remainder
from fitspec.conformance.arrangements.taken import taken, tried
from fitspec.conformance.arrangements.ways_of_ending import RATE, trained
from fitspec.conformance.checks import (
    SGD,
    Build,
    ForAll,
    Sides,
    answer,
    clause,
    expect,
    recognise,
    refusal,
)
from fitspec.conformance.vocabulary.models import (
    of_fixed_batches,
    of_two_batch_sizes,
    two_in_two_out,
)
from fitspec.conformance.vocabulary.samples import column, constant
from fitspec.conformance.worker.answers import loss_of
from fitspec.conformance.worker.remote import RemoteError

ONE_AND_THREE, ZEROS = column(1, 3), constant(2, 0)


@clause("fit.batch_size.default-32")
def test_a_batch_has_32_samples_by_default(build: Build) -> None:
    """Without a batch size, 32 samples make one update."""
    seen = {}
    ways: dict[str, dict[str, Any]] = {
        "without": {},
        "None": {"batch_size": None},
        "in order": {"shuffle": False},
    }
    for name, given in ways.items():
        (batches,) = batches_of(build, 96, epochs=1, **given)
        seen[name] = [len(batch) for batch in batches]
    # Whether arrays may come in lists is another clause.
    if (of_lists := tried(batches_of, build, 96, listed=True)) is not None:
        seen["of lists"] = [len(batch) for batch in of_lists[0]]
    # So are weights.
    ones = np.ones(96, np.float32)
    if (weighted := tried(batches_of, build, 96, sample_weight=ones)) is not None:
        seen["with weights"] = [len(batch) for batch in weighted[0]]
    right, whole = dict.fromkeys(seen, [32, 32, 32]), dict.fromkeys(seen, [96])
    # And a split: four fifths of 80 are 64.
    if (apart := tried(batches_of, build, 80, validation_split=0.2)) is not None:
        beside = "beside samples set apart"
        seen[beside], right[beside] = [len(batch) for batch in apart[0]], [32, 32]
        whole[beside] = [64]

    # 96 = 32 + 32 + 32: what becomes of a rest is a clause of its own.
    expect(seen, equals=right, otherwise={"all samples were one batch": whole})


@clause("fit.batch_size.one-update-per-batch")
def test_each_batch_makes_one_update(build: Build) -> None:
    """As many updates are made as there are batches of the given size."""
    weights = {}
    for size in (1, 2, 3, 6):
        model = halving_model(build)
        model.fit(constant(6, 1), constant(6, 0), batch_size=size, epochs=2)
        weights[size] = model.weight("y") / START
    several = build(two_in_two_out(START, START))
    several.compile(SGD(0.25), "mse")
    # Whether lists are taken is another clause.
    lists = [constant(6, 1)] * 2, [constant(6, 0)] * 2
    of_lists = {"a of two": 2.0**-4, "b of two": 2.0**-4}
    if not taken(several.fit, *lists, batch_size=3, epochs=2):
        of_lists = {}

    # Gradient 2·w at x = 1: each update halves w, and 6/size in each of two epochs were due.
    right = {size: 2.0 ** (-2 * 6 // size) for size in weights}
    expect(
        {**weights, **{name: several.weight(name[0]) / START for name in of_lists}},
        equals={**right, **of_lists},
        otherwise={
            "a list of arrays makes an update more for each output": {
                **right,
                **dict.fromkeys(of_lists, 2.0**-8),
            },
            "one update an epoch was made for all samples": dict.fromkeys(
                (*weights, *of_lists), 0.25
            ),
            "one update was made for all samples": dict.fromkeys((*weights, *of_lists), 0.5),
            "no update was made": dict.fromkeys((*weights, *of_lists), 1.0),
            "an epoch has an update more": {
                **{size: 2.0 ** (-2 * (6 // size + 1)) for size in weights},
                **dict.fromkeys(of_lists, 2.0**-6),
            },
        },
    )


@clause("fit.batch_size.last-batch-smaller")
def test_the_last_batch_has_the_remaining_samples(build: Build, for_all: ForAll) -> None:
    """When the batch size does not divide the data, the last batch is the rest, in every epoch."""
    # Whether arrays may come in lists is another clause.
    lists = tried(batches_of, build, 2, listed=True, batch_size=1) is not None
    ones = np.ones(2, np.float32)
    weights = tried(batches_of, build, 2, batch_size=1, sample_weight=ones) is not None
    classes = tried(batches_of, build, 2, batch_size=1, class_weight={-1: 1, -2: 1}) is not None
    splits = tried(batches_of, build, 2, batch_size=1, validation_split=0.5) is not None

    def law(samples: int, batch_size: int, shuffle: bool) -> Sides:
        arguments: dict[str, Any] = {"batch_size": batch_size, "epochs": 2, "shuffle": shuffle}
        # Every other number of samples, as the examples have 7 and 8.
        listed, given = lists and samples % 2 == 0, samples
        if weights and samples % 3 == 0:
            arguments["sample_weight"] = np.ones(samples, np.float32)
        elif classes and samples % 5 == 0:
            listed, arguments["class_weight"] = False, {-(2**place): 1 for place in range(samples)}
        elif splits and samples % 4 == 3:
            given, arguments["validation_split"] = 2 * samples, 0.5
        epochs = batches_of(build, given, listed=listed, **arguments)
        whole, rest = divmod(samples, batch_size)
        full, last = [batch_size] * whole, [rest] * (rest > 0)
        return Sides(
            [[len(batch) for batch in batches] for batches in epochs],
            equals=[full + last] * 2,
            otherwise={
                "the rest was dropped": [full] * 2,
                "the last batch was filled up": [full + [batch_size] * (rest > 0)] * 2,
            },
        )

    # 7 = 3 + 3 + 1. A batch size above the number of samples is a clause of its own.
    for_all(
        law,
        samples=integers(6, 16),
        batch_size=integers(1, 6),
        shuffle=booleans(),
        examples=[(7, 3, False), (7, 3, True), (8, 3, False), (9, 2, True), (10, 3, False)],
    )


@clause("fit.batch_size.larger-than-n")
def test_a_batch_size_above_the_number_of_samples_makes_one_batch(build: Build) -> None:
    """A batch size larger than the data gives one batch of all samples."""
    seen = {"arrays": batches_of(build, 5, batch_size=100, epochs=2)}
    # Whether arrays may come in lists is another clause.
    listed = tried(batches_of, build, 5, listed=True, batch_size=100, epochs=2)
    if listed is not None:
        seen["lists"] = listed

    expect(seen, equals=dict.fromkeys(seen, [[[0, 1, 2, 3, 4]]] * 2))


@clause("fit.batch_size.not-with-generator")
def test_a_batch_size_beside_a_generator_is_refused(build: Build) -> None:
    """`batch_size` with a generator or Sequence is refused."""
    # The default is no other: whoever leaves it out gives none.
    outcomes = ended_with_both(build, refusal, "batch_size", {"1": 1, "2": 2, "32": 32})

    expect(
        outcomes,
        equals=dict.fromkeys(outcomes, "refused"),
        otherwise={"it is ignored": dict.fromkeys(outcomes, "returned")},
    )


@clause("fit.batch_size.number-types")
def test_a_batch_size_that_is_no_plain_integer(build: Build) -> None:
    """What `fit` does with NumPy's 2, with 2.0 and with `True` as a `batch_size`."""
    # Four samples: two batches of 2, four of 1.
    recognise(
        trained_with_each(build, "batch_size"),
        {
            "all are refused with a ValueError": dict.fromkeys(NUMBERS, "ValueError"),
            "NumPy's integer and True, as 1, are taken; a float is a TypeError": {
                "numpy": 2,
                "float": "TypeError",
                "true": 4,
            },
            "all are taken: NumPy's integer, a float, and True as 1": {
                "numpy": 2,
                "float": 2,
                "true": 4,
            },
            "NumPy's integer is taken; a float and True are a TypeError": {
                "numpy": 2,
                "float": "TypeError",
                "true": "TypeError",
            },
        },
    )


@clause("fit.batch_size.fixed-by-input")
def test_a_batch_size_that_differs_from_the_inputs(build: Build) -> None:
    """What `fit` does with batches of another size than the model's input is made for."""
    seen = {}
    for name, samples, batch_size in (("larger", 4, 4), ("a smaller last batch", 3, 2)):
        model = build(of_fixed_batches(2))
        model.compile(SGD(0.0), "mse")
        data = constant(samples, 1), constant(samples, 0)
        seen[name] = loss_of(answer(model.fit, *data, batch_size=batch_size, epochs=1))

    recognise(
        seen,
        {
            "it is refused with a ValueError": dict.fromkeys(seen, "ValueError"),
            "it is taken": dict.fromkeys(seen, [1.0]),
            "it fails within TensorFlow, with an InvalidArgumentError": dict.fromkeys(
                seen, "InvalidArgumentError"
            ),
            "a smaller last batch is taken, another size is a ValueError": {
                "larger": "ValueError",
                "a smaller last batch": [1.0],
            },
        },
    )


@clause("fit.batch_size.stateful-remainder")
def test_a_stateful_model_and_samples_that_fill_no_batch(build: Build) -> None:
    """What `fit` does with a remainder that a stateful model cannot take."""
    recognise_remainder(build, lambda model: model.fit, epochs=1, shuffle=False)


@clause("fit.batch_size.inputs-differ")
def test_inputs_that_are_made_for_different_batches(build: Build) -> None:
    """When a model is refused of which one input takes batches of 2, and another of 3."""
    try:
        model = build(of_two_batch_sizes())
    except RemoteError as error:
        seen: Any = f"{error.classes[0]} in the making"
    else:
        model.compile(SGD(RATE), "mse")
        seen = trained(model, [ZEROS, ZEROS], [ZEROS, ZEROS])

    recognise(
        seen,
        {
            "the model cannot be made: a ValueError": "ValueError in the making",
            "it can be made; to train it on batches of 2 is a ValueError": "ValueError",
            "it can be made, and trained on batches of 2": [0.0],
            "it can be made; TensorFlow fails to train it, with an InvalidArgumentError": (
                "InvalidArgumentError"
            ),
        },
    )
