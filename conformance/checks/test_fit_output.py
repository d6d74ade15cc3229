"""`fit`: what is printed, and the History that is returned."""

from __future__ import annotations

import re

from fitspec.conformance.arrangements.printed import BAR, REDRAWING, progress
from fitspec.conformance.checks import SGD, Build, clause, expect, recognise
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.samples import ascending, column, constant


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


@clause("fit.returns.history-object")
def test_fit_returns_the_history_of_the_model(build: Build) -> None:
    """`fit` returns a History, which is a callback and the model's attribute `history`."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")

    history = model.fit(ascending(2), constant(2, 0), epochs=1).history

    seen = {
        "a History": "History" in history.classes,
        "a Callback": "Callback" in history.classes,
        "model.history": model.attribute("history") == history,
    }
    expect(seen, equals={"a History": True, "a Callback": True, "model.history": True})


@clause("fit.returns.history-loss-and-metrics")
def test_history_has_the_loss_and_every_metric_of_each_epoch(build: Build) -> None:
    """History holds one value an epoch of the loss and of each metric, and nothing else."""
    model = build(linear())
    model.compile(SGD(0.0), "mse", metrics=["mae"])

    history = model.fit(ascending(2), constant(2, 0), epochs=3).history.history

    # Errors 1 and 2: squares average 2.5, absolute values 1.5. What the metric is called is open.
    expect(sorted(history.values()), equals=[[1.5] * 3, [2.5] * 3])


@clause("fit.returns.history-val-keys")
def test_history_has_validation_values_when_there_is_validation(build: Build) -> None:
    """With validation each key of History has a counterpart with `val_`; without it none has."""
    keys = {}
    for name, split in (("with", 0.5), ("without", 0.0)):
        model = build(linear())
        model.compile(SGD(0.0), "mse", metrics=["mae"])
        data = ascending(4), constant(4, 0)
        keys[name] = model.fit(*data, epochs=1, validation_split=split).history.history.keys()

    own = {key for key in keys["with"] if not key.startswith("val_")}
    seen = {
        "counterparts": sorted(set(keys["with"]) - own) == sorted(f"val_{key}" for key in own),
        "validation loss": "val_loss" in keys["with"],
        "without validation": any(key.startswith("val_") for key in keys["without"]),
    }
    expect(
        seen, equals={"counterparts": True, "validation loss": True, "without validation": False}
    )


@clause("fit.returns.history-successive-epochs")
def test_history_has_the_epochs_in_their_order(build: Build) -> None:
    """The values of History are those of successive epochs."""
    model = build(linear(1.0))
    model.compile(SGD(0.01), "mse")

    history = model.fit(ascending(4), constant(4, 0), epochs=3, shuffle=False).history.history

    # The mean of 2·x²·w is 15·w, so w shrinks by 1 - 0.01·15 = 0.85 an epoch and the loss 7.5·w²
    # by 0.7225: 7.5, 5.41875, 3.915046875. Two epochs of a product and a difference each round w
    # four times, squaring doubles that, and the mean rounds once more.
    expect(history["loss"], equals=[7.5, 5.41875, 3.915046875], ulps=9)


@clause("fit.returns.epoch-loss-sample-weighted-mean")
def test_how_the_loss_of_an_epoch_combines_its_batches(build: Build) -> None:
    """How batches of unequal size make up the loss of an epoch."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")
    data = ascending(5), constant(5, 0)

    history = model.fit(*data, batch_size=2, shuffle=False, epochs=1).history.history

    # Batches (1, 2), (3, 4), (5): losses 2.5, 12.5 and 25.
    recognise(
        history["loss"],
        {
            "the mean over samples: batches count by their size": [(2 * 2.5 + 2 * 12.5 + 25) / 5],
            "the mean of the batches' losses: a small last batch counts as a whole one": [40 / 3],
            "the loss of the last batch": [25.0],
            "the sum of the batches' losses": [40.0],
        },
        ulps=2,
    )


@clause("fit.returns.train-loss-is-running")
def test_when_the_loss_of_an_epoch_is_measured(build: Build) -> None:
    """Whether the loss of an epoch is measured while the weights change."""
    model = build(linear(1.0))
    model.compile(SGD(0.25), "mse")

    history = model.fit(column(1, 1), column(0, 0), batch_size=1, epochs=1).history.history

    # Each update halves w, from 1: losses 1 and 0.25 before the updates, 0.0625 after both.
    recognise(
        history["loss"],
        {
            "batch by batch, before each update": [0.625],
            "batch by batch, after each update": [(0.25 + 0.0625) / 2],
            "once, at the end of the epoch": [0.0625],
            "once, before the only update that was made": [1.0],
        },
        ulps=2,
    )
