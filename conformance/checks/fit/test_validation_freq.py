"""`fit`: the epochs that it validates after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis.strategies import integers

from fitspec.conformance.arrangements.compiled import small_model
from fitspec.conformance.checks import (
    SGD,
    Build,
    ForAll,
    Generator,
    Recorder,
    Sides,
    answer,
    clause,
    expect,
    recognise,
)
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.samples import ascending, column, constant
from fitspec.conformance.worker.answers import validated_epochs

if TYPE_CHECKING:
    from fitspec.conformance.worker.remote import Model, Result


def _validate(build: Build, freq: object, *, epochs: int = 1, **arguments: object) -> Result:
    """Train with validation data and `freq` as `validation_freq`."""
    data = ascending(2), constant(2, 0)
    return small_model(build).fit(
        *data,
        validation_data=data,
        validation_freq=freq,
        callbacks=[Recorder()],
        epochs=epochs,
        **arguments,
    )


@clause("fit.validation_freq.int")
def test_an_integer_validates_every_so_many_epochs(build: Build, for_all: ForAll) -> None:
    """Validation runs after every `validation_freq`-th epoch."""

    def law(freq: int, epochs: int) -> Sides:
        return Sides(
            validated_epochs(_validate(build, freq, epochs=epochs).events),
            # The second epoch has the index 1, the third the index 2.
            equals=[*range(freq - 1, epochs, freq)],
            otherwise={
                "multiples of the index, not of the count": [*range(0, epochs, freq)],
                "validation runs after every epoch": [*range(epochs)],
            },
        )

    for_all(
        law,
        freq=integers(1, 8),
        epochs=integers(1, 8),
        examples=[(1, 5), (2, 5), (3, 5), (7, 5)],
    )


@clause("fit.validation_freq.list")
def test_a_list_names_the_epochs_to_validate_after(build: Build) -> None:
    """A list holds the numbers of the epochs, from 1, after which validation runs."""
    events = _validate(build, [1, 2, 10], epochs=5).events

    expect(
        validated_epochs(events),
        equals=[0, 1],
        otherwise={"the list holds indices, from 0": [1, 2]},
    )


@clause("fit.validation_freq.tuple-set")
def test_any_container_names_the_epochs_to_validate_after(build: Build) -> None:
    """A tuple, a set or a range works as a list does."""
    validated = {
        type(freq).__name__: validated_epochs(_validate(build, freq, epochs=5).events)
        for freq in ((1, 3), {2, 5}, range(1, 3))
    }

    expect(validated, equals={"tuple": [0, 2], "set": [1, 4], "range": [0, 1]})


@clause("fit.validation_freq.absolute-epochs")
def test_validation_freq_counts_absolute_epochs(build: Build) -> None:
    """With `initial_epoch` the epochs to validate after are still counted from the very first."""
    events = _validate(build, [1, 5], initial_epoch=3, epochs=6).events

    # Trained are the epochs of index 3, 4 and 5; the fifth has index 4.
    expect(
        validated_epochs(events),
        equals=[4],
        otherwise={"they are counted from `initial_epoch`": [3]},
    )


@clause("fit.validation_freq.irrelevant-without-validation")
def test_validation_freq_does_nothing_without_validation_data(build: Build) -> None:
    """Without validation data any `validation_freq` trains as none does."""
    data = ascending(4), constant(4, 0)

    histories = {
        str(freq): small_model(build).fit(*data, epochs=2, validation_freq=freq).history.history
        for freq in (3, "never")
    }

    # (1 + 4 + 9 + 16)/4, with no validation beside it
    expect(histories, equals=dict.fromkeys(histories, {"loss": [7.5, 7.5]}))


@clause("fit.validation_freq.invalid")
def test_what_becomes_of_a_senseless_validation_freq(build: Build) -> None:
    """What `fit` does with a `validation_freq` below 1 or of a wrong type."""
    seen = {}
    for freq in (0, -1, 1.5, None):
        answered = answer(_validate, build, freq, epochs=2)
        seen[str(freq)] = (
            answered if isinstance(answered, str) else validated_epochs(answered.events)
        )

    recognise(
        seen,
        {
            "all are refused with a ValueError": dict.fromkeys(seen, "ValueError"),
            "0 divides by zero, -1 validates after every epoch, 1.5 and None are a ValueError": {
                "0": "ZeroDivisionError",
                "-1": [0, 1],
                "1.5": "ValueError",
                "None": "ValueError",
            },
            "validation never runs": dict.fromkeys(seen, []),
        },
    )


@clause("fit.validation_freq.history-has-only-run-epochs")
def test_history_has_an_entry_for_each_validation(build: Build) -> None:
    """The validation lists of History hold the values of the validations that were run."""
    data = column(1), column(0)
    validation = {"validation_data": data, "validation_freq": 2, "epochs": 5}

    def learning() -> Model:
        model = build(linear(1.0))
        model.compile(SGD(0.25), "mse")
        return model

    results = {"arrays": learning().fit(*data, **validation)}
    answered = answer(learning().fit, Generator([data]), steps_per_epoch=1, **validation)
    # Whether `fit` takes generators at all is a clause of its own.
    if not isinstance(answered, str):
        results["generator"] = answered
    lists = {name: result.history.history.get("val_loss") for name, result in results.items()}

    # Each update halves w, so w² is 4^-2 after the second epoch and 4^-4 after the fourth.
    run, every_epoch = [4.0**-2, 4.0**-4], [4.0**-epoch for epoch in range(1, 6)]
    expect(
        lists,
        equals=dict.fromkeys(lists, run),
        otherwise={
            "every epoch has a value": dict.fromkeys(lists, every_epoch),
            "with a generator, an epoch without validation repeats the last values": {
                "arrays": run,
                "generator": [value for value in run for _ in range(2)],
            },
        },
    )
