"""`fit`: what the documents leave open about odd arguments and data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.checks import SGD, Build, Recorder, answer, clause, outcome, recognise
from fitspec.conformance.vocabulary.models import linear, of_fixed_batches
from fitspec.conformance.vocabulary.probes import HeldArray
from fitspec.conformance.vocabulary.samples import ascending, column, constant
from fitspec.conformance.worker.answers import loss_of
from fitspec.conformance.worker.remote import NotOffered

if TYPE_CHECKING:
    from fitspec.conformance.worker.remote import Model

DATA = ascending(4), constant(4, 0)
NUMBERS = {"numpy": np.int64(2), "float": 2.0, "true": True}


def _compiled(build: Build, weight: float = 1.0) -> Model:
    model = build(linear(weight))
    model.compile(SGD(0.0), "mse")
    return model


@clause("fit.x.python-lists")
def test_nested_lists_as_data(build: Build) -> None:
    """What `fit` does with two samples as a list of lists."""
    trained = answer(_compiled(build).fit, [[1.0], [3.0]], [[0.0], [0.0]], epochs=1)

    # Losses 1 and 9.
    recognise(
        loss_of(trained),
        {
            "it takes them as one array": [5.0],
            "it refuses them with a ValueError": "ValueError",
            "it refuses them with an AttributeError": "AttributeError",
        },
    )


@clause("fit.x.dict-extra-key")
def test_a_dict_of_inputs_with_one_too_many(build: Build) -> None:
    """What `fit` does with an input that the model does not have."""
    trained = answer(
        _compiled(build).fit, {"x": column(3), "other": column(1)}, column(0), epochs=1
    )

    recognise(
        loss_of(trained),
        {
            "it passes over it": [9.0],
            "it refuses it with a ValueError": "ValueError",
        },
    )


@clause("fit.x.no-rows")
def test_data_without_a_sample(build: Build) -> None:
    """What `fit` does with arrays of no rows."""
    empty = np.zeros((0, 1), np.float32)
    trained = answer(_compiled(build).fit, empty, empty, epochs=1)

    recognise(
        trained if isinstance(trained, str) else trained.history.epoch,
        {
            "it raises a ValueError": "ValueError",
            "it returns after an epoch without a batch": [0],
            "it returns without an epoch": [],
            "it fails in its loop, with an UnboundLocalError": "UnboundLocalError",
            "it fails in its loop, with a StopIteration": "StopIteration",
        },
    )


@clause("fit.x.not-modified")
def test_the_arrays_of_the_user_after_training(build: Build) -> None:
    """Whether inputs and targets are as they were after shuffled epochs."""
    model, x, y = _compiled(build), HeldArray(ascending(8)), HeldArray(-ascending(8))

    model.fit(x, y, batch_size=2, epochs=3, shuffle=True)

    # Three shuffles in place leave eight rows in order by chance in one case of 40 320.
    recognise(
        {
            "x": _order(model.held(x), ascending(8)),
            "y": _order(model.held(y), -ascending(8)),
        },
        {
            "they are as they were": {"x": "same", "y": "same"},
            "their rows are in another order": {"x": "other order", "y": "other order"},
        },
    )


def _order(rows: np.ndarray[Any, Any], before: np.ndarray[Any, Any]) -> str:
    if np.array_equal(rows, before):
        return "same"
    return "other order" if set(rows.flat) == set(before.flat) else "other values"


def _numbers(build: Build, argument: str) -> dict[str, object]:
    """Return the epochs and batches trained with each number, or what was raised."""
    seen: dict[str, object] = {}
    for name, number in NUMBERS.items():
        arguments: dict[str, object] = {
            "batch_size": 2,
            argument: number,
            "callbacks": [Recorder()],
        }
        trained = answer(_compiled(build).fit, *DATA, **{"epochs": 1, **arguments})
        seen[name] = (
            trained if isinstance(trained, str) else len(trained.events.of("train_batch_end"))
        )
    return seen


@clause("fit.batch_size.number-types")
def test_a_batch_size_that_is_no_plain_integer(build: Build) -> None:
    """What `fit` does with NumPy's 2, with 2.0 and with `True` as a `batch_size`."""
    # Four samples: two batches of 2, four of 1.
    recognise(
        _numbers(build, "batch_size"),
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


@clause("fit.epochs.number-types")
def test_a_number_of_epochs_that_is_no_plain_integer(build: Build) -> None:
    """What `fit` does with NumPy's 2, with 2.0 and with `True` as `epochs`."""
    # Two batches in each epoch.
    recognise(
        _numbers(build, "epochs"),
        {
            "NumPy's integer and True, as 1, are taken; a float is a TypeError": {
                "numpy": 4,
                "float": "TypeError",
                "true": 2,
            },
            "all are taken: NumPy's integer, a float, and True as 1": {
                "numpy": 4,
                "float": 4,
                "true": 2,
            },
            "NumPy's integer is taken; a float and True are a TypeError": {
                "numpy": 4,
                "float": "TypeError",
                "true": "TypeError",
            },
        },
    )


@clause("fit.initial_epoch.negative")
def test_a_negative_initial_epoch(build: Build) -> None:
    """What `fit` does with -1 as `initial_epoch`."""
    trained = answer(_compiled(build).fit, *DATA, initial_epoch=-1, epochs=1)

    recognise(
        trained if isinstance(trained, str) else trained.history.epoch,
        {
            "it raises a ValueError": "ValueError",
            "it trains an epoch -1 before the epoch 0": [-1, 0],
            "it begins with the epoch 0": [0],
        },
    )


@clause("fit.validation_split.out-of-range")
def test_a_validation_split_outside_0_to_1(build: Build) -> None:
    """What `fit` does with a `validation_split` of -0.5, 1.0 and 1.5."""
    seen = {}
    for split in (-0.5, 1.0, 1.5):
        trained = answer(_compiled(build).fit, *DATA, validation_split=split, epochs=1)
        seen[str(split)] = trained if isinstance(trained, str) else sorted(trained.history.history)

    recognise(
        seen,
        {
            "all are refused with a ValueError": dict.fromkeys(seen, "ValueError"),
            "all are taken for no validation": dict.fromkeys(seen, ["loss"]),
            "-0.5 is taken for no validation, 1.0 is a ValueError, 1.5 counts from the end": {
                "-0.5": ["loss"],
                "1.0": "ValueError",
                "1.5": ["loss", "val_loss"],
            },
        },
    )


@clause("fit.validation_split.no-training-rows")
def test_a_validation_split_that_leaves_nothing_to_train_on(build: Build) -> None:
    """What `fit` does with one sample and a `validation_split` of a half."""
    model = build(linear(3.0))
    model.compile(SGD(0.25), "mse")
    trained = answer(model.fit, column(1), column(0), validation_split=0.5, epochs=1)

    # int(1·(1 - 0.5)) = 0 samples to train on. An update would halve the weight.
    recognise(
        {
            "fit": trained if isinstance(trained, str) else trained.history.epoch,
            "weight": model.weight("y"),
        },
        {
            "it raises a ValueError": {"fit": "ValueError", "weight": 3.0},
            "it validates without having trained": {"fit": [0], "weight": 3.0},
            "it trains on the sample all the same": {"fit": [0], "weight": 1.5},
            "it fails in its loop, with an UnboundLocalError": {
                "fit": "UnboundLocalError",
                "weight": 3.0,
            },
        },
    )


@clause("fit.shuffle.other-values")
def test_other_values_of_shuffle(build: Build) -> None:
    """What `fit` does with "other", 2 and `None` as `shuffle`."""
    seen = {
        str(value): outcome(_compiled(build).fit, *DATA, shuffle=value, epochs=1)
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


@clause("fit.steps_per_epoch.zero")
def test_an_epoch_of_no_steps(build: Build) -> None:
    """What `fit` on arrays does with 0 as `steps_per_epoch`."""
    trained = answer(
        _compiled(build).fit, *DATA, steps_per_epoch=0, callbacks=[Recorder()], epochs=1
    )

    # 32 samples make a batch where no number of steps is given: one for these four.
    recognise(
        trained if isinstance(trained, str) else len(trained.events.of("train_batch_end")),
        {
            "it raises a ValueError": "ValueError",
            "it trains on no batch": 0,
            "it takes it for none given": 1,
            "it fails in its loop, with an AttributeError": "AttributeError",
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


@clause("fit.kwargs.nb_epoch")
def test_the_spelling_of_epochs_before_keras_2(build: Build) -> None:
    """What becomes of the keyword `nb_epoch`."""
    try:
        answered = answer(_compiled(build).fit, *DATA, nb_epoch=2)
    except NotOffered:
        answered = "TypeError"

    recognise(
        answered if isinstance(answered, str) else answered.history.epoch,
        {
            "it is taken for epochs": [0, 1],
            "it is ignored": [0],
            "it is refused with a TypeError": "TypeError",
            "it is refused with a ValueError": "ValueError",
        },
    )


@clause("fit.kwargs.unknown")
def test_a_keyword_that_never_was_one(build: Build) -> None:
    """What becomes of a keyword that nobody knows."""
    try:
        ended = outcome(_compiled(build).fit, *DATA, never_an_argument=2)
    except NotOffered:
        # Not to have it is to raise a TypeError that names it.
        ended = "TypeError"

    recognise(
        ended,
        {
            "it is refused with a TypeError": "TypeError",
            "it is refused with a ValueError": "ValueError",
            "it is ignored": "returned",
        },
    )
