"""`fit`: what is printed."""

from __future__ import annotations

from typing import Any

from fitspec.conformance.arrangements.compiled import learning_model, small_model
from fitspec.conformance.arrangements.printed import BAR, REDRAWING, progress, rises, shows
from fitspec.conformance.arrangements.taken import takes_sequences, tried
from fitspec.conformance.checks import (
    SGD,
    Build,
    Generator,
    Recorder,
    clause,
    expect,
    outcome,
    recognise,
)
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import SequenceOf
from fitspec.conformance.vocabulary.samples import ascending, column, constant
from fitspec.conformance.worker.remote import NotOffered, RemoteError, Result

EIGHT = ascending(8), constant(8, 0)
#: A batch of loss 3.5² = 12.25.
PAIR = constant(2, 3.5), constant(2, 0)


def _printed(build: Build, epochs: int, **arguments: object) -> str:
    """Train three batches an epoch, each of loss 12.25, and return all that was printed."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")
    x, y = constant(6, 3.5), constant(6, 0)
    result = model.fit(x, y, batch_size=2, epochs=epochs, **arguments)
    return result.stdout + result.stderr


def _printed_of_each(build: Build, epochs: int, **arguments: object) -> dict[str, str]:
    """Return what is printed of arrays, beside a callback and, where it is taken, of a Sequence."""
    printed = {"arrays": _printed(build, epochs, **arguments)}
    # Whether callbacks are taken is another clause.
    if (beside := tried(_printed, build, epochs, callbacks=[Recorder()], **arguments)) is not None:
        printed["arrays, beside a callback"] = beside
    if takes_sequences(build):
        result = small_model(build).fit(SequenceOf([PAIR] * 3), epochs=epochs, **arguments)
        printed["Sequence"] = result.stdout + result.stderr
    return printed


def _expect_bars(build: Build, **arguments: object) -> None:
    """Claim that two epochs draw a bar, of arrays and, where they are taken, of a Sequence."""
    printed = _printed_of_each(build, epochs=2, **arguments)

    seen = {
        name: {
            **progress(text, steps=3, samples=6),
            "grows in each epoch": rises(text, steps=3, samples=6) >= 2,
        }
        for name, text in printed.items()
    }
    drawn = {"a bar": True, "a count that reaches the end": True, "grows in each epoch": True}
    expect(seen, equals=dict.fromkeys(seen, drawn))


def _shown(result: Result, values: dict[str, float]) -> dict[str, bool]:
    """Say which values the line shows that shows most of them."""
    lines = [
        {name: shows(line, value) for name, value in values.items()}
        for line in (result.stdout + result.stderr).splitlines()
    ]
    return max(lines, key=lambda line: sum(line.values()), default=dict.fromkeys(values, False))


@clause("fit.verbose.0-silent")
def test_verbose_0_prints_nothing(build: Build) -> None:
    """Nothing is printed while it trains, for validation either, whatever the data come in."""
    data = constant(2, 1), constant(2, 0)
    on_a_sequence = {"batch_size": 2, "validation_data": SequenceOf([data])}
    sources: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
        "arrays": (data, {"batch_size": 2}),
        "generator": ((Generator([data]),), {"steps_per_epoch": 1}),
        "Sequence": ((SequenceOf([data]),), {}),
        "arrays, validated on a Sequence": (data, on_a_sequence),
        "a split": (data, {"batch_size": 1, "validation_data": None, "validation_split": 0.5}),
    }

    # TensorFlow warns of many models that are trained one after the other.
    model, seen = learning_model(build), {}
    # What a library says once, as of what will go, it says here.
    model.fit(*data, batch_size=2, epochs=1, verbose=0)
    for name, (given, needed) in sources.items():
        before = model.weight("y")
        arguments = {"validation_data": data, **needed}
        try:
            result = model.fit(*given, epochs=2, verbose=0, **arguments)
        except (RemoteError, NotOffered):
            # Which sources `fit` takes beside arrays is said by clauses of its own.
            if name == "arrays":
                raise
            model = learning_model(build)
            continue
        # Every update moves w.
        printed, trained = result.stdout + result.stderr, bool(model.weight("y") != before)
        seen[name] = {"printed": printed, "trained": trained}
    model = learning_model(build)
    for verbose in (1, 0):
        result = model.fit(*data, batch_size=2, epochs=1, verbose=verbose)
    seen["after a bar"] = {"printed": result.stdout + result.stderr, "trained": True}

    expect(seen, equals=dict.fromkeys(seen, {"printed": "", "trained": True}))


@clause("fit.verbose.1-progress-bar")
def test_verbose_1_draws_a_progress_bar(build: Build) -> None:
    """A bar is drawn, with a count of steps or samples that grows to its end in each epoch."""
    _expect_bars(build, verbose=1)


@clause("fit.verbose.2-one-line-per-epoch")
def test_verbose_2_prints_one_result_line_per_epoch(build: Build) -> None:
    """Each epoch has one line with its loss, without a bar and without drawing anew."""
    printed = _printed_of_each(build, epochs=4, verbose=2)
    validated: dict[str, Any] = {"epochs": 4, "verbose": 2, "validation_data": PAIR}
    printed["with validation"] = _printed(build, **validated)
    # Whether it may be rarer is another clause.
    if (rarer := tried(_printed, build, **validated, validation_freq=2)) is not None:
        printed["with a rarer validation"] = rarer

    # So is whether a Sequence may be validated on.
    of_items = {**validated, "validation_data": SequenceOf([PAIR])}
    if (beside := tried(_printed, build, **of_items)) is not None:
        printed["with validation on a Sequence"] = beside

    # The loss is the same for each batch, and so however those of an epoch make up its loss: a line
    # for a batch shows as well, and one for the validation.
    seen = {
        name: {
            "lines with the loss": sum(shows(line, 12.25) for line in text.splitlines()),
            "a bar": BAR.search(text) is not None,
            "drawn anew": REDRAWING.search(text) is not None,
        }
        for name, text in printed.items()
    }
    right = {"lines with the loss": 4, "a bar": False, "drawn anew": False}
    expect(
        seen,
        equals=dict.fromkeys(seen, right),
        otherwise={
            "a validation has a line of its own": {
                **dict.fromkeys(seen, right),
                **{name: {**right, "lines with the loss": 8} for name in seen if "on a" in name},
                "with validation": {**right, "lines with the loss": 8},
            },
            "an epoch without validation has none": {
                **dict.fromkeys(seen, right),
                "with a rarer validation": {**right, "lines with the loss": 2},
            },
        },
    )


@clause("fit.verbose.metrics-shown")
def test_the_line_of_an_epoch_shows_all_results(build: Build) -> None:
    """The line of an epoch shows the loss, the metrics and their validation values."""
    model = build(linear())
    model.compile(SGD(0.0), "mae", metrics=["mse"])
    validation = column(9, 10, 13, 15), constant(4, 0)

    result = model.fit(
        *(column(3, 4, 7, 9), constant(4, 0)),
        batch_size=2,
        epochs=1,
        validation_data=validation,
        verbose=2,
    )

    # The means of the squares, (9 + 16 + 49 + 81)/4 and (81 + 100 + 169 + 225)/4, and of the
    # absolute values, 23/4 and 47/4, none of which is that of any two, so of a batch.
    values = {"loss": 5.75, "metric": 38.75, "validation loss": 11.75, "validation metric": 143.75}
    seen = _shown(result, values)

    one, six = (constant(2, 1), constant(2, 0)), (constant(2, 6), constant(2, 0))
    model = learning_model(build)
    result = model.fit(*one, batch_size=2, epochs=2, validation_data=six, verbose=2)

    # The update of each epoch halves w: its loss is w² before, that of the validation 36·w² after.
    after = {"loss of the second epoch": 0.25, "validation loss of the second epoch": 2.25}
    seen |= _shown(result, after)
    expect(seen, equals=dict.fromkeys(values | after, True))


@clause("fit.verbose.default")
def test_a_progress_bar_is_drawn_by_default(build: Build) -> None:
    """Without `verbose` a progress bar is drawn."""
    _expect_bars(build)


@clause("fit.verbose.1-counts")
def test_what_the_bar_counts(build: Build) -> None:
    """Whether the progress bar counts samples or batches."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")

    result = model.fit(ascending(6), constant(6, 0), batch_size=2, verbose=1, epochs=1)

    printed = result.stdout + result.stderr
    recognise(
        {"samples": "6/6" in printed, "batches": "3/3" in printed},
        {
            "samples": {"samples": True, "batches": False},
            "batches": {"samples": False, "batches": True},
        },
    )


@clause("fit.verbose.1-header")
def test_what_is_printed_before_the_first_epoch(build: Build) -> None:
    """Whether a line with the numbers of samples comes before that of the first epoch."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")
    data, validation = (ascending(4), constant(4, 0)), (ascending(2), constant(2, 0))

    printed = model.fit(*data, validation_data=validation, epochs=2, verbose=1).stdout
    header = printed.partition("Epoch 1/")[0]

    recognise(
        {"4": "4" in header, "2": "2" in header, "anything": bool(header.strip())},
        {
            "the numbers of samples to train and to validate on": {
                "4": True,
                "2": True,
                "anything": True,
            },
            "nothing": {"4": False, "2": False, "anything": False},
        },
    )


@clause("fit.verbose.1-results")
def test_what_stands_beside_the_bar(build: Build) -> None:
    """Whether the numbers beside the bar are those of the latest batch or those so far."""
    model = build(linear())
    model.compile(SGD(0.0), "mae", metrics=["mse"])

    result = model.fit(
        *(column(2, 3, 6.25, 8.5), constant(4, 0)),
        batch_size=2,
        shuffle=False,
        verbose=1,
        epochs=1,
    )

    # Absolute values of 14.75/2 in the second batch, 19.75/4 so far; squares of 111.3125/2, so far
    # 124.3125/4. None is near a whole number, as counts and milliseconds are.
    printed = result.stdout + result.stderr
    batch = {"loss": 7.375, "metric": 55.65625}
    so_far = {"loss": 4.9375, "metric": 31.078125}
    seen = {
        name: (shows(printed, batch[name]), shows(printed, so_far[name]))
        for name in ("loss", "metric")
    }
    latest, both, mean, none = (True, False), (True, True), (False, True), (False, False)
    recognise(
        seen,
        {
            "of the samples so far": {"loss": mean, "metric": mean},
            "of the latest batch, and at the end of the epoch": {
                "loss": both,
                "metric": both,
            },
            "the loss of the latest batch, and at the end of the epoch; metrics so far": {
                "loss": both,
                "metric": mean,
            },
            "of the latest batch": {"loss": latest, "metric": latest},
            "the loss of the latest batch": {"loss": latest, "metric": none},
            "the loss so far": {"loss": mean, "metric": none},
            "none": {"loss": none, "metric": none},
        },
    )


@clause("fit.verbose.other-values")
def test_other_values_of_verbose(build: Build) -> None:
    """What `fit` does with 3, -1, "auto", `True` and `None` as `verbose`."""
    values = (3, -1, "auto", True, None)

    seen = {
        str(value): outcome(learning_model(build).fit, *EIGHT, verbose=value, epochs=1)
        for value in values
    }

    recognise(
        seen,
        {
            "True is taken; the others are a ValueError": {
                **dict.fromkeys(seen, "ValueError"),
                "True": "returned",
            },
            'True and "auto" are taken; the others are a ValueError': {
                **dict.fromkeys(seen, "ValueError"),
                "True": "returned",
                "auto": "returned",
            },
            "all are taken": dict.fromkeys(seen, "returned"),
        },
    )
