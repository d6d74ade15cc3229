"""`fit`: the epochs that it validates after."""

from __future__ import annotations

from hypothesis.strategies import integers, sampled_from

from fitspec.conformance.arrangements.compiled import START, halving_model
from fitspec.conformance.arrangements.taken import taken, tried, validates_on_sequences
from fitspec.conformance.checks import (
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
from fitspec.conformance.claims.expect import documented_class
from fitspec.conformance.vocabulary.probes import SequenceOf
from fitspec.conformance.vocabulary.samples import column, constant
from fitspec.conformance.worker.answers import validated_epochs
from fitspec.conformance.worker.remote import RemoteError

DATA = constant(2, 1), constant(2, 0)


def _kinds(build: Build) -> list[str]:
    """Return the names of what can be validated on: beside arrays only what `fit` takes."""
    splits = taken(halving_model(build).fit, *DATA, epochs=1, validation_split=0.5)
    sequences = validates_on_sequences(build)
    return ["arrays", *["a split"] * splits, *["a Sequence"] * sequences]


def _validate(  # noqa: PLR0913  what a training has
    build: Build,
    freq: object,
    *,
    kind: str = "arrays",
    epochs: int = 1,
    initial_epoch: int = 0,
    before: object = None,
) -> list[int | None]:
    """Train with validation data and `freq` as `validation_freq`; return the epochs validated.

    They are those in which callbacks hear of batches that are tested. Where callbacks never hear
    of any, History tells them: each epoch's two updates halve the weight, and its square is the
    validation loss. An earlier call of one epoch may have had another `validation_freq`, `before`.
    """
    model, initial_weight = halving_model(build), START
    ways: dict[str, dict[str, object]] = {
        "arrays": {"validation_data": DATA},
        "a split": {"validation_split": 0.5},
        "a Sequence": {"validation_data": SequenceOf([DATA])},
    }
    data: dict[str, object] = {"batch_size": 1, "epochs": epochs, **ways[kind]}
    if initial_epoch:
        data["initial_epoch"] = initial_epoch
    # Two are left to train on.
    trained = (constant(4, 1), constant(4, 0)) if kind == "a split" else DATA
    if before is not None:
        model.fit(*trained, validation_freq=before, **{**data, "initial_epoch": 0, "epochs": 1})
        initial_weight /= 4
    result = model.fit(*trained, validation_freq=freq, callbacks=[Recorder()], **data)
    if found := validated_epochs(result.events):
        return found
    losses = (getattr(result.value, "history", None) or {}).get("val_loss", ())
    return [
        epoch
        for epoch in range(initial_epoch, epochs)
        if initial_weight**2 * 16.0 ** (initial_epoch - epoch - 1) in losses
    ]


@clause("fit.validation_freq.int")
def test_an_integer_validates_every_so_many_epochs(build: Build, for_all: ForAll) -> None:
    """Validation runs after every `validation_freq`-th epoch."""
    kinds = _kinds(build)

    def law(freq: int, epochs: int, kind: str) -> Sides:
        # Every other number follows a call with another.
        before = freq + 1 if freq % 2 == 0 else None
        return Sides(
            _validate(build, freq, epochs=epochs, kind=kind, before=before),
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
        kind=sampled_from(kinds),
        examples=[(freq, 5, "arrays") for freq in (1, 2, 3, 7)]
        + [(2, 5, kind) for kind in kinds[1:]],
    )


@clause("fit.validation_freq.list")
def test_a_list_names_the_epochs_to_validate_after(build: Build) -> None:
    """A list holds the numbers of the epochs, from 1, after which validation runs."""
    seen = {
        kind: [
            _validate(build, numbers, epochs=5, kind=kind)
            for numbers in ([1, 2, 10, 4], [4, 1], [2])
        ]
        for kind in _kinds(build)
    }

    right = [[0, 1, 3], [0, 3], [1]]
    every = {"arrays": right, "a split": right, "a Sequence": [[*range(5)]] * 3}
    expect(
        seen,
        equals=dict.fromkeys(seen, right),
        otherwise={
            "the list holds indices, from 0": dict.fromkeys(seen, [[1, 2, 4], [1, 4], [2]]),
            "the list has to be in order": dict.fromkeys(seen, [[0, 1], [3], [1]]),
            "a Sequence is validated on after every epoch": every,
        },
    )


@clause("fit.validation_freq.tuple-set")
def test_a_tuple_or_a_set_names_the_epochs_to_validate_after(build: Build) -> None:
    """A tuple or a set works as a list does."""
    validated = {
        type(freq).__name__: _validate(build, freq, epochs=5) for freq in ((1, 3, 4), {2, 3, 5})
    }

    expect(validated, equals={"tuple": [0, 2, 3], "set": [1, 2, 4]})


@clause("fit.validation_freq.absolute-epochs")
def test_validation_freq_counts_absolute_epochs(build: Build) -> None:
    """With `initial_epoch` the epochs to validate after are still counted from the very first."""
    # Whether these can be validated on is the matter of other clauses.
    kinds = {
        kind: _validate(build, [1, 5], initial_epoch=3, epochs=6, kind=kind)
        for kind in _kinds(build)
    }
    seen = {f"list, {kind}": found for kind, found in kinds.items()}
    for freq in ((1, 5), {1, 5}):
        found = tried(_validate, build, freq, initial_epoch=3, epochs=6)
        # Whether it may be one of these is another clause.
        if found is not None:
            seen[type(freq).__name__] = found

    # Trained are the epochs of index 3, 4 and 5; the fifth has index 4.
    expect(
        seen,
        equals=dict.fromkeys(seen, [4]),
        otherwise={"they are counted from `initial_epoch`": dict.fromkeys(seen, [3])},
    )


@clause("fit.validation_freq.irrelevant-without-validation")
def test_validation_freq_does_nothing_without_validation_data(build: Build) -> None:
    """Without validation data any `validation_freq` trains as none does."""
    seen = {}
    for freq in (1, 3, [2], "never"):
        model = halving_model(build)
        recorder = Recorder()
        events = model.fit(
            *DATA, batch_size=1, epochs=2, validation_freq=freq, callbacks=[recorder]
        ).events
        seen[str(freq)] = {
            "epochs validated": validated_epochs(events),
            "weight": model.weight("y") / START,
        }

    # Each of two updates in each of two epochs halves w.
    expect(seen, equals=dict.fromkeys(seen, {"epochs validated": [], "weight": 1 / 16}))


@clause("fit.validation_freq.invalid")
def test_what_becomes_of_a_senseless_validation_freq(build: Build) -> None:
    """What `fit` does with a `validation_freq` below 1 or of a wrong type."""
    seen: dict[str, object] = {}
    for freq in (0, -1, 1.5, None):
        try:
            seen[str(freq)] = _validate(build, freq, epochs=2)
        except RemoteError as error:
            seen[str(freq)] = documented_class(error)

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

    arrays = halving_model(build).fit(*data, batch_size=1, **validation)
    answered = answer(halving_model(build).fit, Generator([data]), steps_per_epoch=1, **validation)
    results = {"arrays": arrays}
    # Whether `fit` takes generators at all is a clause of its own.
    if not isinstance(answered, str):
        results["generator"] = answered
    lists = {name: result.history.history.get("val_loss") for name, result in results.items()}

    # Each update halves w, so 4^-2 of w² is left after the second epoch and 4^-4 after the fourth.
    run, every_epoch = ([START**2 / 4.0**epoch for epoch in run] for run in ((2, 4), range(1, 6)))
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
