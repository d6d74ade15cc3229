"""`fit_generator`: epochs, what is printed, callbacks, and the History that is returned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.conformance.arrangements.printed import BAR, REDRAWING, progress
from fitspec.conformance.checks import SGD, Build, Generator, Recorder, clause, expect
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.samples import ascending, constant

if TYPE_CHECKING:
    from fitspec.conformance.worker.remote import Result

BATCH = ["train_batch_begin", "train_batch_end"]


def _fit(build: Build, **arguments: object) -> Result:
    """Train on items of two samples each, whose errors are 1 and 2."""
    model = build(linear(1.0))
    model.compile(SGD(0.0), "mse", metrics=["mae"])
    return model.fit_generator(Generator([(ascending(2), constant(2, 0))]), **arguments)


@clause("fit_generator.epochs.final-epoch")
def test_epochs_is_where_training_stops(build: Build) -> None:
    """With `initial_epoch`, `epochs` is where training stops, not how many epochs are run."""
    result = _fit(build, steps_per_epoch=1, initial_epoch=1, epochs=4, callbacks=[Recorder()])

    seen = [result.history.epoch, result.events.of("epoch_begin").indices]
    expect(
        seen,
        equals=[[1, 2, 3]] * 2,
        otherwise={"`epochs` more epochs were trained": [[1, 2, 3, 4]] * 2},
    )


@clause("fit_generator.initial_epoch")
def test_the_first_epoch_has_the_index_given(build: Build) -> None:
    """Training starts at the epoch of index `initial_epoch`, in callbacks and in History."""
    result = _fit(build, steps_per_epoch=1, initial_epoch=1, epochs=2, callbacks=[Recorder()])

    seen = {"callbacks": result.events.of("epoch_begin").indices, "History": result.history.epoch}
    expect(
        seen,
        equals={"callbacks": [1], "History": [1]},
        otherwise={
            "it has no effect": {"callbacks": [0, 1], "History": [0, 1]},
            "epochs are counted anew": {"callbacks": [0], "History": [0]},
        },
    )


@clause("fit_generator.verbose.levels")
def test_each_level_of_verbosity_prints_as_documented(build: Build) -> None:
    """0 prints nothing, 1 draws a bar that is counted to the end, 2 prints a line an epoch."""
    printed = {
        level: _fit(build, steps_per_epoch=3, epochs=2, verbose=level).stdout for level in (0, 1, 2)
    }

    seen = {
        "0": printed[0],
        "1": progress(printed[1], steps=3, samples=6),
        "2": {
            "lines with the loss": sum("loss" in line for line in printed[2].splitlines()),
            "a bar": BAR.search(printed[2]) is not None,
            "drawn anew": REDRAWING.search(printed[2]) is not None,
        },
    }
    expect(
        seen,
        equals={
            "0": "",
            "1": {"a bar": True, "a count that reaches the end": True},
            "2": {"lines with the loss": 2, "a bar": False, "drawn anew": False},
        },
    )


@clause("fit_generator.callbacks")
def test_every_callback_is_called_while_a_generator_is_trained_on(build: Build) -> None:
    """All callbacks of the list get every hook of training, in its order."""
    first, second = Recorder(), Recorder()

    events = _fit(build, steps_per_epoch=2, epochs=2, callbacks=[first, second]).events

    epoch = ["epoch_begin", *BATCH * 2, "epoch_end"]
    hooks = ["train_begin", *epoch * 2, "train_end"]
    expect(
        [events.by(first).kinds, events.by(second).kinds],
        equals=[hooks, hooks],
        otherwise={"only the first callback is called": [hooks, []]},
    )


@clause("fit_generator.returns.history")
def test_a_history_of_losses_and_metrics_is_returned(build: Build) -> None:
    """A History comes back with the loss and each metric, and with those of validation, if any."""
    data = ascending(2), constant(2, 0)
    results = {
        "without": _fit(build, steps_per_epoch=2, epochs=2).history,
        "with": _fit(build, steps_per_epoch=2, epochs=2, validation_data=data).history,
    }

    # Errors 1 and 2: squares average 2.5, absolute values 1.5. What the metric is called is open.
    seen = {
        name: {
            "a History": "History" in result.classes,
            "of training": sorted(
                values for key, values in result.history.items() if not key.startswith("val_")
            ),
            "of validation": sorted(
                values for key, values in result.history.items() if key.startswith("val_")
            ),
        }
        for name, result in results.items()
    }
    epochs = [[1.5] * 2, [2.5] * 2]
    expect(
        seen,
        equals={
            "without": {"a History": True, "of training": epochs, "of validation": []},
            "with": {"a History": True, "of training": epochs, "of validation": epochs},
        },
    )
