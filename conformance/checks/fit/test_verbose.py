"""`fit`: what is printed."""

from __future__ import annotations

import re

from fitspec.conformance.arrangements.compiled import learning_model
from fitspec.conformance.arrangements.printed import BAR, REDRAWING, progress
from fitspec.conformance.checks import SGD, Build, clause, expect, outcome, recognise
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.samples import ascending, column, constant

EIGHT = ascending(8), constant(8, 0)


def _printed(build: Build, epochs: int, **arguments: object) -> str:
    """Train three batches an epoch and return what was printed on stdout."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")
    x, y = ascending(6), constant(6, 0)
    return model.fit(x, y, batch_size=2, epochs=epochs, **arguments).stdout


@clause("fit.verbose.0-silent")
def test_verbose_0_prints_nothing(build: Build) -> None:
    """Nothing is printed, for validation either."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")
    data = ascending(4), constant(4, 0)

    result = model.fit(*data, epochs=2, validation_data=data, verbose=0)

    expect({"stdout": result.stdout, "stderr": result.stderr}, equals={"stdout": "", "stderr": ""})


@clause("fit.verbose.1-progress-bar")
def test_verbose_1_draws_a_progress_bar(build: Build) -> None:
    """A bar is drawn, with a count of steps or samples that reaches the end."""
    printed = _printed(build, epochs=2, verbose=1)

    expect(
        progress(printed, steps=3, samples=6),
        equals={"a bar": True, "a count that reaches the end": True},
    )


@clause("fit.verbose.2-one-line-per-epoch")
def test_verbose_2_prints_one_result_line_per_epoch(build: Build) -> None:
    """Each epoch has one line with its loss, without a bar and without drawing anew."""
    printed = _printed(build, epochs=3, verbose=2)

    seen = {
        "lines with the loss": sum("loss" in line for line in printed.splitlines()),
        "a bar": BAR.search(printed) is not None,
        "drawn anew": REDRAWING.search(printed) is not None,
    }
    expect(seen, equals={"lines with the loss": 3, "a bar": False, "drawn anew": False})


@clause("fit.verbose.metrics-shown")
def test_the_line_of_an_epoch_shows_all_results(build: Build) -> None:
    """The line of an epoch shows the loss, the metrics and their validation values."""
    model = build(linear())
    model.compile(SGD(0.0), "mse", metrics=["mae"])
    validation = column(7, 8), column(0, 0)

    printed = model.fit(
        column(3, 4), column(0, 0), epochs=1, validation_data=validation, verbose=2
    ).stdout

    # Squares (9 + 16)/2 and (49 + 64)/2, absolute values (3 + 4)/2 and (7 + 8)/2.
    shown = {float(number) for number in re.findall(r"\d+\.\d+", printed)}
    values = {"loss": 12.5, "metric": 3.5, "validation loss": 56.5, "validation metric": 7.5}
    expect(
        {name: value in shown for name, value in values.items()},
        equals=dict.fromkeys(values, True),
    )


@clause("fit.verbose.default")
def test_a_progress_bar_is_drawn_by_default(build: Build) -> None:
    """Without `verbose` a progress bar is drawn."""
    printed = _printed(build, epochs=2)

    expect(
        progress(printed, steps=3, samples=6),
        equals={"a bar": True, "a count that reaches the end": True},
    )


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
