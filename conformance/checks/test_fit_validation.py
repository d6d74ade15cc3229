"""`fit`: validation."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hypothesis.strategies import integers

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
    outcome,
    recognise,
)
from fitspec.conformance.vocabulary.models import linear, tally
from fitspec.conformance.vocabulary.samples import (
    TALLY_RATE,
    ascending,
    column,
    constant,
    far_below,
    identity,
)
from fitspec.conformance.worker.answers import trained_batches, validated_epochs

if TYPE_CHECKING:
    from fitspec.conformance.worker.remote import Model, Result


def _frozen(build: Build, weight: float = 1.0) -> Model:
    """Return a model that does not learn."""
    model = build(linear(weight))
    model.compile(SGD(0.0), "mse")
    return model


def _split_tally(
    build: Build, samples: int, *, epochs: int = 1, **arguments: object
) -> tuple[list[list[int]], list[float] | None]:
    """Return the samples trained on and the validation loss, if any, both of each epoch.

    Target i is -2^i, so the validation loss tells which samples it was computed of: the mean of
    their 2^i, exactly, as the weights of samples that are not trained on stay 0.
    """
    model, recorder = build(tally(samples)), Recorder(weights=True)
    model.compile(SGD(TALLY_RATE), "mae")
    x, y = identity(samples), far_below(samples)
    result = model.fit(x, y, callbacks=[recorder], epochs=epochs, **arguments)
    seen = trained_batches(result, recorder)
    trained = [sorted(sample for batch in batches for sample in batch) for batches in seen]
    return trained, result.history.history.get("val_loss")


@clause("fit.validation_split.tail")
def test_the_last_samples_are_set_apart(build: Build) -> None:
    """The split takes the last samples, as they were given, for validation."""
    trained, losses = _split_tally(build, 8, validation_split=0.25, shuffle=False)

    # A quarter of 8 is 2: samples 6 and 7, (2^6 + 2^7)/2 = 96; the head would be (1 + 2)/2.
    expect(
        {"trained on": trained, "validation loss": losses},
        equals={"trained on": [[0, 1, 2, 3, 4, 5]], "validation loss": [96.0]},
        otherwise={
            "the split was taken from the head": {
                "trained on": [[2, 3, 4, 5, 6, 7]],
                "validation loss": [1.5],
            },
        },
    )


@clause("fit.validation_split.before-shuffling")
def test_the_split_is_made_before_shuffling(build: Build) -> None:
    """With shuffling the same last samples are set apart in every epoch."""
    trained, losses = _split_tally(build, 24, validation_split=0.25, shuffle=True, epochs=3)

    # Samples 18 to 23: (2^24 - 2^18)/6, rounded once by the division. A split of shuffled samples
    # would set these six apart once in 134 596 times.
    expect(
        {"trained on": trained, "validation loss": losses},
        equals={"trained on": [[*range(18)]] * 3, "validation loss": [(2**24 - 2**18) / 6] * 3},
        ulps=1,
    )


@clause("fit.validation_split.index-rule")
def test_where_the_split_falls_between_two_samples(build: Build, for_all: ForAll) -> None:
    """The part trained on has floor(n·(1 - split)) samples, computed in floating point."""

    def law(samples: int, split: float) -> Sides:
        ((trained,), _) = _split_tally(build, samples, validation_split=split)
        return Sides(
            len(trained),
            equals=math.floor(samples * (1 - split)),
            otherwise={
                "the part set apart is rounded down": samples - math.floor(samples * split),
                "the boundary is rounded to the nearest": round(samples * (1 - split)),
            },
        )

    # 10·0.74 = 7.4; 10·0.8 = 8; 1 - 0.8 = 0.19999999999999996, so 10·0.2 falls just below 2 and
    # gives 1; 10·0.75 = 7.5; 7·0.5 = 3.5; 3·0.66 = 1.98; 10·0.99 = 9.9. Hundredths hit boundaries,
    # as people do. Of 4 samples, 0.75 leaves one to train on; of 40 samples, 0.01 sets one apart.
    for_all(
        law,
        samples=integers(4, 40),
        split=integers(1, 75).map(lambda hundredths: hundredths / 100),
        examples=[(10, 0.26), (10, 0.2), (10, 0.8), (10, 0.25), (7, 0.5), (3, 0.34), (10, 0.01)],
    )


@clause("fit.validation_split.not-trained")
def test_the_part_set_apart_is_not_trained_on(build: Build) -> None:
    """Absurd targets in the part set apart do not move the weights."""
    model = build(linear(1.0))
    model.compile(SGD(0.25), "mse")

    model.fit(column(1, 1), column(0, 1e6), validation_split=0.5, epochs=1)

    # Of the first sample alone: gradient 2·w = 2, so 1 - 0.25·2.
    expect(model.weight("y"), equals=0.5)


@clause("fit.validation_split.each-epoch")
def test_the_part_set_apart_is_evaluated_after_each_epoch(build: Build) -> None:
    """The validation loss of an epoch is computed with the weights at its end."""
    model = build(linear(1.0))
    model.compile(SGD(0.25), "mse")

    result = model.fit(column(1, 1), column(0, 0), validation_split=0.5, epochs=2)

    # Each update halves w: 1 before the first epoch, 1/2 after it, 1/4 after the second.
    seen = {key: result.history.history[key] for key in ("loss", "val_loss")}
    expect(
        seen,
        equals={"loss": [1.0, 0.25], "val_loss": [0.25, 0.0625]},
        otherwise={
            "validation comes before the training of its epoch": {
                "loss": [1.0, 0.25],
                "val_loss": [1.0, 0.25],
            },
        },
    )


@clause("fit.validation_split.carries-sample-weights")
def test_sample_weights_stay_with_the_samples_set_apart(build: Build) -> None:
    """The sample weights of the part set apart weight its loss."""
    weights = column(1, 1, 1, 4).ravel()

    result = _frozen(build).fit(
        constant(4, 1),
        column(0, 0, 0, 3),
        epochs=1,
        sample_weight=weights,
        validation_split=0.5,
    )

    # Errors 1 - 0 and 1 - 3: (1·1 + 4·4)/2; unweighted (1 + 4)/2.
    expect(
        result.history.history["val_loss"],
        equals=[8.5],
        otherwise={
            "the validation loss is not weighted": [2.5],
            "the weighted loss is divided by the sum of the weights": [17 / 5],
        },
    )


@clause("fit.validation_split.class-weight-not-applied")
def test_class_weights_do_not_touch_the_part_set_apart(build: Build) -> None:
    """Class weights act in training and leave the loss of the part set apart alone."""
    result = _frozen(build, 3.0).fit(
        constant(4, 1),
        column(0, 1, 0, 1),
        class_weight={0: 1.0, 1: 10.0},
        validation_split=0.5,
        epochs=1,
    )

    # Errors 3 and 2: (9 + 4)/2; weighted (1·9 + 10·4)/2.
    expect(
        result.history.history["val_loss"],
        equals=[6.5],
        otherwise={"class weights weight the validation loss": [24.5]},
    )


@clause("fit.validation_split.zero-is-off")
def test_a_split_of_0_means_no_validation(build: Build) -> None:
    """With a split of 0 nothing is set apart and nothing is validated."""
    data = ascending(4), constant(4, 0)

    histories = [
        _frozen(build).fit(*data, validation_split=zero, epochs=1).history.history
        for zero in (0, 0.0)
    ]

    # (1 + 4 + 9 + 16)/4: all of the data
    expect(histories, equals=[{"loss": [7.5]}, {"loss": [7.5]}])


@clause("fit.validation_data.pair")
def test_validation_data_is_evaluated(build: Build) -> None:
    """A pair of inputs and targets is evaluated each epoch."""
    validation = ascending(2), constant(2, 0)

    result = _frozen(build).fit(ascending(4), constant(4, 0), validation_data=validation, epochs=2)

    # (1 + 4)/2
    expect(result.history.history["val_loss"], equals=[2.5, 2.5])


@clause("fit.validation_data.triple-weights")
def test_weights_in_validation_data_weight_its_loss(build: Build) -> None:
    """A third element of the validation data holds the weights of its samples."""
    validation = ascending(2), constant(2, 0), column(1, 3).ravel()

    result = _frozen(build).fit(ascending(4), constant(4, 0), validation_data=validation, epochs=1)

    # (1·1 + 3·4)/2
    expect(
        result.history.history["val_loss"],
        equals=[6.5],
        otherwise={
            "the weights had no effect": [2.5],
            "the weighted loss is divided by the sum of the weights": [13 / 4],
        },
    )


@clause("fit.validation_data.overrides-split")
def test_validation_data_overrides_the_split(build: Build) -> None:
    """With both given, the validation data is validated on and all of x is trained on."""
    result = _frozen(build).fit(
        ascending(4),
        constant(4, 0),
        validation_split=0.5,
        validation_data=(column(10), column(0)),
        epochs=1,
    )

    # All of 1..4: (1 + 4 + 9 + 16)/4; its head (1 + 4)/2; its tail (9 + 16)/2.
    seen = {key: result.history.history[key] for key in ("loss", "val_loss")}
    expect(
        seen,
        equals={"loss": [7.5], "val_loss": [100.0]},
        otherwise={
            "the tail was set apart all the same": {"loss": [2.5], "val_loss": [100.0]},
            "the split won": {"loss": [2.5], "val_loss": [12.5]},
        },
    )


@clause("fit.validation_data.not-trained")
def test_validation_data_is_not_trained_on(build: Build) -> None:
    """Absurd validation targets do not move the weights."""
    model = build(linear(1.0))
    model.compile(SGD(0.25), "mse")

    model.fit(column(1), column(0), validation_data=(column(1), column(1e6)), epochs=1)

    # Gradient 2·w = 2, so 1 - 0.25·2.
    expect(model.weight("y"), equals=0.5)


@clause("fit.validation_data.class-weight-not-applied")
def test_class_weights_do_not_touch_validation_data(build: Build) -> None:
    """Class weights act in training and leave the loss of the validation data alone."""
    data = constant(2, 1), column(0, 1)

    result = _frozen(build, 3.0).fit(
        *data, class_weight={0: 1.0, 1: 10.0}, validation_data=data, epochs=1
    )

    # Errors 3 and 2: (9 + 4)/2; weighted (1·9 + 10·4)/2.
    expect(
        result.history.history["val_loss"],
        equals=[6.5],
        otherwise={"class weights weight the validation loss": [24.5]},
    )


@clause("fit.validation_data.bad-length-ValueError")
def test_validation_data_of_another_length_is_refused(build: Build) -> None:
    """Validation data is a pair or a triple; anything else is a ValueError."""
    x, y = ascending(2), constant(2, 0)
    weights = column(1, 1).ravel()
    cases = {"one array": (x,), "four": (x, y, weights, weights)}

    outcomes = {
        name: outcome(_frozen(build).fit, x, y, validation_data=data)
        for name, data in cases.items()
    }

    expect(outcomes, equals={"one array": "ValueError", "four": "ValueError"})


def _validate(build: Build, freq: object, *, epochs: int = 1, **arguments: object) -> Result:
    """Train with validation data and `freq` as `validation_freq`."""
    data = ascending(2), constant(2, 0)
    return _frozen(build).fit(
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
        str(freq): _frozen(build).fit(*data, epochs=2, validation_freq=freq).history.history
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
