"""`fit`: how many batches make a validation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.conformance.arrangements.compiled import small_model
from fitspec.conformance.arrangements.numbered_batches import (
    IDLE,
    batches_of_epochs,
    to_validate,
    validated,
    validating,
)
from fitspec.conformance.arrangements.taken import taken
from fitspec.conformance.arrangements.ways_of_ending import refused
from fitspec.conformance.checks import (
    SGD,
    Build,
    Generator,
    Recorder,
    answer,
    clause,
    expect,
    recognise,
)
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import IterableOf, SequenceOf, UserFunction
from fitspec.conformance.vocabulary.samples import ascending, column, constant
from fitspec.conformance.worker.answers import loss_of
from fitspec.conformance.worker.remote import RemoteError

if TYPE_CHECKING:
    from fitspec.conformance.worker.remote import Result


def _validated(build: Build, *, epochs: int = 1, **arguments: object) -> Result | str:
    """Train with the validation samples 1, 2, 3 and 4, whose squares are the loss."""
    model = build(linear(1.0))
    model.compile(SGD(0.0), "mse")
    data = ascending(4), constant(4, 0)
    return answer(model.fit, *data, validation_data=data, epochs=epochs, **arguments)


def _validation_batches(result: Result, recorder: Recorder) -> list[int]:
    """Return how many batches each validation on `validating` had.

    Where callbacks hear of no batch that is tested, the metric tells how many there were. Which
    items a later validation sees is open for `fit`.
    """
    counts = batches_of_epochs(result.events.by(recorder), "test")
    if any(counts):
        return counts
    return [len(batches) for batches in validated(result.history.history)]


@clause("fit.validation_steps.needs-steps_per_epoch")
def test_validation_steps_alone_do_not_shorten_validation(build: Build) -> None:
    """Without `steps_per_epoch`, validation arrays are used whole, or the call is refused."""
    answers = {"given": (_validated(build, batch_size=2, validation_steps=1), 7.5)}
    # A part set apart is validation arrays, too: the last two of four, in batches of one. Whether
    # one can be set apart is another clause.
    data = ascending(4), constant(4, 0)
    apart: dict[str, Any] = {"batch_size": 1, "epochs": 1, "validation_split": 0.5}
    if taken(small_model(build).fit, *data, **apart):
        split = answer(small_model(build).fit, *data, validation_steps=1, **apart)
        answers["set apart"] = split, 12.5

    # All: (1 + 4 + 9 + 16)/4; the first batch alone (1 + 4)/2. Set apart (9 + 16)/2; 9 alone.
    allowed, first = "all of them, or the call is refused", {"given": [2.5], "set apart": [9.0]}
    seen: dict[str, Any] = {}
    for name, (result, whole) in answers.items():
        losses = None if isinstance(result, str) else result.history.history.get("val_loss")
        seen[name] = allowed if isinstance(result, str) or losses == [whole] else losses
    expect(
        seen,
        equals=dict.fromkeys(seen, allowed),
        otherwise={
            "validation stops after so many batches": {name: first[name] for name in seen},
        },
    )


@clause("fit.validation_steps.required-with-steps_per_epoch")
def test_steps_without_validation_steps(build: Build) -> None:
    """What `fit` does with validation arrays when only the training steps are given."""
    answered = _validated(build, steps_per_epoch=2)

    history = {} if isinstance(answered, str) else answered.history.history
    # (1 + 4 + 9 + 16)/4
    recognise(
        history.get("val_loss", answered if isinstance(answered, str) else "none"),
        {
            "it is refused with a ValueError": "ValueError",
            "all of the validation data are used": [7.5],
            "there is no validation": "none",
        },
    )


@clause("fit.validation_steps.with-arrays")
def test_what_a_step_of_validation_arrays_is(build: Build) -> None:
    """Which samples each of two steps validates on, if the data are arrays of 40."""
    model = build(linear(1.0))
    # Of a batch in which all predictions are 1 the loss is its first target.
    model.compile(SGD(0.0), UserFunction("prediction_times_first_target"))

    answered = answer(
        model.fit,
        column(1),
        column(1),
        steps_per_epoch=1,
        validation_data=(constant(40, 1), ascending(40)),
        validation_steps=2,
        epochs=1,
    )

    recognise(
        answered if isinstance(answered, str) else answered.history.history["val_loss"],
        {
            "every step validates on all samples": [1.0],
            "every step validates on all samples; of the losses the last is divided by the steps": [
                1 / 2
            ],
            "the samples are cut into as many batches": [(1 + 21) / 2],
            "a step validates on 32 samples, the last on those left": [(32 * 1 + 8 * 33) / 40],
            **refused("ValueError"),
        },
        ulps=2,
    )


@clause("fit.validation_steps.iterable")
def test_an_iterable_to_validate_on(build: Build) -> None:
    """Where each validation of two steps begins in an iterable of three batches."""
    model = build(linear(1.0))
    model.compile(SGD(0.0), "mse")
    source = IterableOf([(column(value), column(0)) for value in (1, 2, 3)])

    answered = answer(
        model.fit, column(1), column(0), validation_data=source, validation_steps=2, epochs=2
    )

    # Losses 1, 4 and 9.
    recognise(
        loss_of(answered) if isinstance(answered, str) else answered.history.history["val_loss"],
        {
            "at the first batch": [2.5, 2.5],
            "where the validation before it ended": [2.5, 5.0],
            "it is refused with a ValueError": "ValueError",
            "it is refused with an AttributeError": "AttributeError",
        },
    )


@clause("fit.validation_steps.sequence")
def test_a_sequence_to_validate_on(build: Build) -> None:
    """Where each validation of two steps begins in a Sequence of three batches."""
    result = validating(build).fit(
        Generator([IDLE]),
        steps_per_epoch=1,
        epochs=2,
        validation_data=SequenceOf(to_validate(3)),
        validation_steps=2,
    )

    recognise(
        validated(result.history.history),
        {
            "at the first batch": [[0, 1], [0, 1]],
            "where the validation before it ended": [[0, 1], [0, 2]],
            "at the first batch; two epochs are validated on all": [[0, 1, 2], [0, 1, 2]],
        },
    )


@clause("fit.validation_steps.number-of-batches")
def test_each_validation_draws_its_steps_from_a_generator(build: Build) -> None:
    """A validation generator gives `validation_steps` batches after each epoch."""
    trained_on: dict[str, tuple[tuple[Any, ...], dict[str, int]]] = {
        "a generator": ((Generator([IDLE]),), {"steps_per_epoch": 1}),
        "arrays": (IDLE, {}),
    }
    seen: dict[str, Any] = {}
    for name, (data, steps) in trained_on.items():
        recorder, source = Recorder(), Generator(to_validate(12))
        arguments = {"validation_data": source, "validation_steps": 2, "callbacks": [recorder]}
        try:
            result = validating(build).fit(*data, epochs=3, **steps, **arguments)
        except RemoteError:
            if name == "a generator":
                raise
            continue  # whether arrays may be trained on beside it is another clause
        seen[name] = _validation_batches(result, recorder)
    model = validating(build)
    for number in (3, 2):
        source = Generator(to_validate(12))
        recorder = Recorder()
        more = {"validation_data": source, "validation_steps": number, "callbacks": [recorder]}
        result = model.fit(Generator([IDLE]), steps_per_epoch=1, epochs=1, **more)
    seen["a generator, after 3 steps"] = _validation_batches(result, recorder)

    expect(seen, equals={**dict.fromkeys(seen, [2, 2, 2]), "a generator, after 3 steps": [2]})
