"""`fit_generator`: what it validates on, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.arrangements.numbered_batches import (
    IDLE,
    epochs_of,
    to_validate,
    validated,
    validating,
)
from fitspec.conformance.checks import SGD, Build, Generator, clause, expect, outcome, recognise
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import Recorder, SequenceOf, UserFunction
from fitspec.conformance.vocabulary.samples import ascending, column, constant

if TYPE_CHECKING:
    from fitspec.conformance.worker.remote import Result

#: Two samples with x = 1. The weight 3 errs by 3 on the first and by 2 on the second.
X, Y = constant(2, 1), column(0, 1)
WEIGHTS = np.asarray([1, 3], np.float32)


def _validate(build: Build, data: object, **arguments: Any) -> Result:
    """Train one step an epoch on a model that does not learn, and validate."""
    return validating(build).fit_generator(
        Generator([IDLE]), steps_per_epoch=1, validation_data=data, **arguments
    )


@clause("fit_generator.validation_data.generator")
def test_a_validation_generator_gives_its_next_items_after_each_epoch(build: Build) -> None:
    """Each validation draws `validation_steps` items, which go on where the last ones ended."""
    source = Generator(to_validate(6))

    history = _validate(build, source, validation_steps=2, epochs=3).history.history

    expect(
        validated(history),
        equals=[[0, 1], [2, 3], [4, 5]],
        otherwise={"the first epoch's items serve all epochs": [[0, 1]] * 3},
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
    """Each validation sees all batches of the Sequence, in their order though `shuffle` is on."""
    source = SequenceOf(to_validate(12))
    in_step = _validate(build, source, epochs=3, workers=0, shuffle=True)
    ahead = _validate(build, SequenceOf(to_validate(12)), epochs=3, shuffle=True)

    seen = {
        "seen": validated(ahead.history.history),
        "seen with workers=0": validated(in_step.history.history),
        # The last thirty-six: one may have been looked at beforehand, to learn its shape.
        "asked for with workers=0": in_step.events.by(source).of("get_item").indices[-36:],
    }
    # Twelve shuffled batches are in order by accident once in 12! times.
    expect(
        seen,
        equals={
            "seen": [[*range(12)]] * 3,
            "seen with workers=0": [[*range(12)]] * 3,
            "asked for with workers=0": [*range(12)] * 3,
        },
    )


@clause("fit_generator.validation_data.tuple")
def test_validation_data_may_be_arrays(build: Build) -> None:
    """A pair of arrays is validated on, and the weights in a triple act on its loss."""
    losses = {}
    for name, data in (("pair", (X, Y)), ("triple", (X, Y, WEIGHTS))):
        model = build(linear(3.0))
        model.compile(SGD(0.0), "mse")
        items = Generator([(X, Y)])
        history = model.fit_generator(items, steps_per_epoch=1, validation_data=data).history
        losses[name] = history.history["val_loss"]

    # (9 + 4)/2, and (1·9 + 3·4)/2 with the weights.
    expect(
        losses,
        equals={"pair": [6.5], "triple": [10.5]},
        otherwise={"the weights had no effect": {"pair": [6.5], "triple": [6.5]}},
    )


@clause("fit_generator.validation_data.tuple-batch-size")
def test_the_size_of_validation_batches_beside_a_generator(build: Build) -> None:
    """In batches of what size validation arrays are run through."""
    model = build(linear(1.0))
    model.compile(SGD(0.0), UserFunction("prediction_times_first_target"))
    items = Generator([(constant(3, 1), constant(3, 0))])
    validation = constant(40, 1), ascending(40)

    history = model.fit_generator(
        items, steps_per_epoch=1, validation_data=validation
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
    cases = {"one": (X,), "four": (X, Y, WEIGHTS, WEIGHTS)}

    outcomes = {name: outcome(_validate, build, data) for name, data in cases.items()}

    expect(outcomes, equals=dict.fromkeys(cases, "ValueError"))


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
            epochs=1,
            validation_data=data,
            validation_steps=None if name == "arrays" else 1,
        )
        weights[name] = model.weight("y")

    # Gradient 2·w = 2, so 1 - 0.25·2.
    expect(weights, equals=dict.fromkeys(kinds, 0.5))


@clause("fit_generator.validation_steps.required-for-generator")
def test_a_validation_generator_needs_a_number_of_steps(build: Build) -> None:
    """A validation generator without `validation_steps` is a ValueError."""
    source = Generator(to_validate(2), repeats=False)

    expect(outcome(_validate, build, source), equals="ValueError")


@clause("fit_generator.validation_steps.sequence-explicit")
def test_a_validation_sequence_is_read_for_the_steps_given(build: Build) -> None:
    """Each validation has as many batches of the Sequence as `validation_steps` says."""
    source = SequenceOf(to_validate(4))

    history = _validate(build, source, validation_steps=3, epochs=3).history.history

    expect(
        [len(batches) for batches in validated(history)],
        equals=[3, 3, 3],
        otherwise={"the length of the Sequence counts": [4, 4, 4]},
    )


@clause("fit_generator.validation_freq")
def test_validation_runs_after_the_epochs_that_validation_freq_names(build: Build) -> None:
    """A number says every how many epochs, a container after which, counted from 1."""
    seen = {}
    for freq in (2, 3, [1, 2, 10], (1, 3), {2, 5}, range(1, 3)):
        source = Generator(to_validate(1))
        result = _validate(
            build,
            source,
            validation_steps=1,
            validation_freq=freq,
            epochs=5,
            workers=0,
            callbacks=[Recorder()],
        )
        seen[str(freq)] = epochs_of(result.events, source)

    # Of five epochs, by their indices from 0.
    due = {
        "2": [1, 3],
        "3": [2],
        "[1, 2, 10]": [0, 1],
        "(1, 3)": [0, 2],
        "{2, 5}": [1, 4],
        "range(1, 3)": [0, 1],
    }
    every_epoch = [*range(5)]
    expect(
        seen,
        equals=due,
        otherwise={"validation runs after every epoch": dict.fromkeys(due, every_epoch)},
    )
