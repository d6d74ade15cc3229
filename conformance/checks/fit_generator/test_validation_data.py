"""`fit_generator`: the data that it validates on."""

from __future__ import annotations

from typing import Any

import numpy as np

from fitspec.conformance.arrangements.fit_generator_calls import validated_on
from fitspec.conformance.arrangements.numbered_batches import IDLE, to_validate, validated
from fitspec.conformance.arrangements.streaming import asked_of, on_each_thread
from fitspec.conformance.arrangements.taken import tried
from fitspec.conformance.arrangements.two_errors import WEIGHTS, X, Y, model_of_3
from fitspec.conformance.checks import SGD, Build, Generator, clause, expect, outcome, recognise
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import SequenceOf, UserFunction
from fitspec.conformance.vocabulary.samples import ascending, column, constant


@clause("fit_generator.validation_data.generator")
def test_a_validation_generator_gives_its_next_items_after_each_epoch(build: Build) -> None:
    """Each validation draws `validation_steps` items, which go on where the last ones ended."""
    source = Generator(to_validate(6))

    history = validated_on(build, source, validation_steps=2, epochs=3).history.history

    seen: dict[str, Any] = {"items": validated(history)}
    # Whether items may have weights is another clause.
    weighted = tried(
        model_of_3(build).fit_generator,
        Generator([IDLE]),
        steps_per_epoch=1,
        epochs=1,
        validation_data=Generator([(X, Y, WEIGHTS)]),
        validation_steps=1,
    )
    if weighted is not None:
        seen["with weights"] = weighted.history.history["val_loss"]

    # (1·9 + 3·4)/2; unweighted (9 + 4)/2.
    def found(items: list[list[int]], loss: float = 10.5) -> dict[str, Any]:
        each = {"items": items, "with weights": [loss]}
        return {name: each[name] for name in seen}

    right = [[0, 1], [2, 3], [4, 5]]
    expect(
        seen,
        equals=found(right),
        otherwise={
            "the first epoch's items serve all epochs": found([[0, 1]] * 3),
            "the weights in an item had no effect": found(right, 6.5),
            "the weighted loss is divided by the sum of the weights": found(right, 5.25),
        },
    )


@clause("fit_generator.validation_data.loss-of-batches")
def test_how_the_validation_loss_combines_the_items_of_a_generator(build: Build) -> None:
    """How validation batches of one, four and one sample make up the validation loss."""
    model = build(linear(1.0))
    model.compile(SGD(0.0), "mse")
    items = [(constant(rows, root), constant(rows, 0)) for rows, root in ((1, 1), (4, 2), (1, 3))]

    history = model.fit_generator(
        Generator([IDLE]),
        steps_per_epoch=1,
        epochs=1,
        validation_data=Generator(items),
        validation_steps=3,
    ).history.history

    # The losses are 1, 4 and 9.
    recognise(
        history["val_loss"],
        {
            "the mean over samples: batches count by their size": [(1 + 4 * 4 + 9) / 6],
            "the mean of the batches' losses: small batches count as large ones": [(1 + 4 + 9) / 3],
            "the loss of the last batch alone": [9.0],
        },
        ulps=2,
    )


@clause("fit_generator.validation_data.sequence")
def test_a_validation_sequence_is_run_through_in_order(build: Build) -> None:
    """Each validation sees all batches of the Sequence, in order though training is shuffled."""
    seen, asked = {}, {}
    for where, arguments in on_each_thread(build).items():
        source = SequenceOf(to_validate(12))
        result = validated_on(build, source, epochs=3, **arguments)
        seen[where] = validated(result.history.history)
        # One may have been looked at beforehand, to learn its shape, and in the background some are
        # asked for ahead.
        indices = asked_of(source, result.events)
        asked[where] = indices[indices[:2] == [0, 0] :][:36]

    # Twelve shuffled batches are in order by accident once in 12! times.
    expect(
        {"seen": seen, "asked for": asked},
        equals={
            "seen": dict.fromkeys(seen, [[*range(12)]] * 3),
            "asked for": dict.fromkeys(asked, [*range(12)] * 3),
        },
    )


@clause("fit_generator.validation_data.tuple")
def test_validation_data_may_be_arrays(build: Build) -> None:
    """A pair of arrays is validated on, and the weights in a triple act on its loss."""
    pair = constant(4, 1), column(0, 1, 1, 2)
    losses = {}
    # More samples than an item to train on has, and a multiple of them.
    for name, data in (("pair", pair), ("triple", (*pair, np.asarray([1, 3, 2, 0.5], np.float32)))):
        model = build(linear(3.0))
        model.compile(SGD(0.0), "mse")
        items = Generator([(X, Y)])
        arguments = {"steps_per_epoch": 1, "epochs": 2}
        history = model.fit_generator(items, validation_data=data, **arguments).history
        losses[name] = history.history["val_loss"]

    # (9 + 4 + 4 + 1)/4, and (1·9 + 3·4 + 2·4 + 0.5·1)/4 with the weights.
    expect(
        losses,
        equals={"pair": [4.5] * 2, "triple": [7.375] * 2},
        otherwise={
            "the weights had no effect": {"pair": [4.5] * 2, "triple": [4.5] * 2},
            "only as many samples count as an item has": {"pair": [6.5] * 2, "triple": [10.5] * 2},
        },
    )


@clause("fit_generator.validation_data.tuple-batch-size")
def test_the_size_of_validation_batches_beside_a_generator(build: Build) -> None:
    """In batches of what size validation arrays are run through."""
    model = build(linear(1.0))
    model.compile(SGD(0.0), UserFunction("prediction_times_first_target"))
    items = Generator([(constant(3, 1), constant(3, 0))])
    validation = constant(40, 1), ascending(40)

    history = model.fit_generator(
        items, steps_per_epoch=1, epochs=1, validation_data=validation
    ).history.history

    # Every prediction is 1, so the loss of a batch is its first target. Batches of three begin
    # with 1, 4, …, 37 and a single 40; batches of 32 with 1 and 33.
    recognise(
        history["val_loss"],
        {
            "of as many samples as the last item trained on": [(3 * 13 * 19 + 40) / 40],
            "of 32 samples": [(32 * 1 + 8 * 33) / 40],
            "all samples are one batch": [1.0],
            "of one sample": [20.5],
        },
        # Fourteen sums and products are rounded.
        ulps=28,
    )


@clause("fit_generator.validation_data.bad-tuple")
def test_validation_arrays_of_another_number_are_refused(build: Build) -> None:
    """Validation data that holds neither two nor three elements is a ValueError."""
    good = {"two": (X, Y), "three": (X, Y, WEIGHTS)}
    bad = {"one": (X,), "four": (X, Y, WEIGHTS, WEIGHTS)}

    outcomes = {name: outcome(validated_on, build, data) for name, data in {**good, **bad}.items()}

    expect(
        outcomes,
        equals={**dict.fromkeys(good, "returned"), **dict.fromkeys(bad, "ValueError")},
    )


@clause("fit_generator.validation_data.not-trained")
def test_validation_data_of_any_kind_is_not_trained_on(build: Build) -> None:
    """Absurd validation targets do not move the weights, whatever they come in."""
    absurd = column(1), column(1e6)
    kinds = {"generator": Generator([absurd]), "Sequence": SequenceOf([absurd]), "arrays": absurd}

    weights = {}
    for name, data in kinds.items():
        model = build(linear(1.0))
        model.compile(SGD(0.25), "mse")
        model.fit_generator(
            Generator([(column(1), column(0))]),
            steps_per_epoch=1,
            epochs=2,
            validation_data=data,
            validation_steps=None if name == "arrays" else 1,
        )
        weights[name] = model.weight("y")

    # The gradient is 2·w, so that each update halves the weight.
    expect(weights, equals=dict.fromkeys(kinds, 0.25))
