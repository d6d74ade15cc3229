"""`fit_generator`: the call itself, and arguments with a single clause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.arrangements.compiled import small_model
from fitspec.conformance.arrangements.fit_generator_calls import (
    FALLING,
    batches,
    counted_batches,
    counting_updates,
    kinds_of_streams,
    trained_on_two_samples,
)
from fitspec.conformance.arrangements.printed import BAR, REDRAWING, progress, rises, shows
from fitspec.conformance.arrangements.signatures import REQUIRED, in_order
from fitspec.conformance.arrangements.taken import tried
from fitspec.conformance.checks import SGD, Build, Generator, Recorder, clause, expect
from fitspec.conformance.vocabulary.models import linear, of_the_example
from fitspec.conformance.vocabulary.probes import FileReader, SequenceOf
from fitspec.conformance.vocabulary.samples import ascending, column, constant

if TYPE_CHECKING:
    from fitspec.conformance.worker.remote import Result

#: A power of two, so that it adds no rounding of its own.
RATE = 2.0**-10
#: Two inputs and a target so far above or below every prediction that its sign decides alone.
LINES = {
    "1 10 -1000": (1, 10),
    "2 20 1000": (-2, -20),
    "3 30 -1000": (3, 30),
    "4 40 1000": (-4, -40),
    "5 50 -1000": (5, 50),
}
#: The parameters of `fit_generator` in document 004, in order, with their defaults.
PARAMETERS = {
    "generator": REQUIRED,
    "steps_per_epoch": None,
    "epochs": 1,
    "verbose": 1,
    "callbacks": None,
    "validation_data": None,
    "validation_steps": None,
    "validation_freq": 1,
    "class_weight": None,
    "max_queue_size": 10,
    "workers": 1,
    "use_multiprocessing": False,
    "shuffle": True,
    "initial_epoch": 0,
}


def _lines_trained(result: Result, recorder: Recorder) -> list[list[str]]:
    """Return the lines that each epoch was trained on, in order."""
    epochs: list[list[str]] = []
    before = np.zeros(2)
    named = {moves: line for line, moves in LINES.items()}
    for event in result.events.by(recorder).of("epoch_begin", "train_batch_end"):
        if event.kind == "epoch_begin":
            epochs.append([])
            continue
        weights = event.fields["weights"]["output"][0].ravel().astype(np.float64)
        # The absolute error of w1·x1 + w2·x2 for y: w falls by rate·x where y lies below, and
        # rises where it lies above. All are whole multiples of the rate, and exact.
        moves = tuple(((before - weights) / RATE).tolist())
        epochs[-1].append(named.get(moves, f"moved by {moves}"))
        before = weights
    return epochs


def _epochs_trained(build: Build, **arguments: Any) -> dict[str, dict[str, Any]]:
    """Train one batch an epoch, of each kind of source.

    Returns:
        Which epochs callbacks and History see, and the updates.
    """
    seen = {}
    for name, kind in kinds_of_streams(build).items():
        model, recorder = counting_updates(build), Recorder()
        result = model.fit_generator(
            kind([FALLING]), steps_per_epoch=1, callbacks=[recorder], **arguments
        )
        seen[name] = {
            "callbacks": result.events.by(recorder).of("epoch_begin").indices,
            "History": result.history.epoch,
            "updates": -model.weight("y"),
        }
    return seen


def _indices(*epochs: int) -> dict[str, Any]:
    """Return what `_epochs_trained` finds where the epochs of these indices are trained."""
    return {"callbacks": [*epochs], "History": [*epochs], "updates": len(epochs)}


@clause("fit_generator.signature.defaults")
def test_the_arguments_of_fit_generator_are_the_documented_ones(build: Build) -> None:
    """The parameters have the order and the defaults of their document."""
    found = in_order(build(linear()).fit_generator)

    # 001 lacks one parameter of 004 and has the others as 004 has them.
    lacking = set() if "validation_freq" in found else {"validation_freq"}
    documented = [item for item in PARAMETERS.items() if item[0] not in lacking]
    expect([*found.items()], equals=documented)


@clause("fit_generator.epoch-ends-after-steps")
def test_an_epoch_ends_after_its_steps(build: Build) -> None:
    """The model sees `steps_per_epoch` batches in each epoch."""
    counts = counted_batches(build, Generator([FALLING]), steps_per_epoch=3, epochs=2)

    expect(
        counts,
        equals=batches(3, 3),
        otherwise={
            "each epoch has one batch more": batches(4, 4),
            "a later epoch has one batch less": batches(3, 2),
        },
    )


@clause("fit_generator.epochs.final-epoch")
def test_epochs_is_where_training_stops(build: Build) -> None:
    """With `initial_epoch`, `epochs` is where training stops, not how many epochs are run."""
    seen = _epochs_trained(build, initial_epoch=1, epochs=4)
    reached = {
        f"{name}, where it is reached": found
        for name, found in _epochs_trained(build, initial_epoch=4, epochs=4).items()
    }

    right, more, none = _indices(1, 2, 3), _indices(1, 2, 3, 4), dict.fromkeys(reached, _indices())
    expect(
        seen | reached,
        equals={**dict.fromkeys(seen, right), **none},
        otherwise={
            "`epochs` more epochs were trained": {
                **dict.fromkeys(seen, more),
                **dict.fromkeys(reached, _indices(4, 5, 6, 7)),
            },
            "`epochs` more epochs of a Sequence were trained": {
                **dict.fromkeys(seen, right),
                "Sequence": more,
                **none,
                "Sequence, where it is reached": _indices(4, 5, 6, 7),
            },
            "one epoch was trained where none is left": {
                **dict.fromkeys(seen, right),
                **dict.fromkeys(reached, _indices(4)),
            },
        },
    )


@clause("fit_generator.verbose.levels")
def test_each_level_of_verbosity_prints_as_documented(build: Build) -> None:
    """0 prints nothing, 1 draws a bar that is counted to the end, 2 prints a line an epoch."""
    item, seen = (constant(2, 3.5), constant(2, 0)), {}
    for name, kind in kinds_of_streams(build).items():
        printed = {}
        for level in (0, 1, 2):
            arguments: dict[str, Any] = {"steps_per_epoch": 3, "epochs": 2, "verbose": level}
            # How a bar shows a validation is open. The other levels print no more for it.
            if level != 1:
                arguments["validation_data"] = item
            result = small_model(build).fit_generator(kind([item] * 3), **arguments)
            printed[level] = result.stdout + result.stderr
        seen[name] = {
            "0": printed[0],
            "1": {
                **progress(printed[1], steps=3, samples=6),
                "grows in each epoch": rises(printed[1], steps=3, samples=6) >= 2,
            },
            "2": {
                "lines with the loss": sum(shows(line, 12.25) for line in printed[2].splitlines()),
                "a bar": BAR.search(printed[2]) is not None,
                "drawn anew": REDRAWING.search(printed[2]) is not None,
            },
        }

    # Each batch has the loss 3.5², and so have the epochs, however they combine batches.
    right = {
        "0": "",
        "1": {"a bar": True, "a count that reaches the end": True, "grows in each epoch": True},
        "2": {"lines with the loss": 2, "a bar": False, "drawn anew": False},
    }
    expect(seen, equals=dict.fromkeys(seen, right))


@clause("fit_generator.validation_freq")
def test_validation_runs_after_the_epochs_that_validation_freq_names(build: Build) -> None:
    """A number says every how many epochs, a container after which, counted from 1."""
    sources = {
        "generator": (Generator([FALLING]), 1),
        "Sequence": (SequenceOf([FALLING]), None),
        "arrays": (FALLING, None),
    }

    def validated(freq: object, kind: str) -> list[float]:
        data, steps = sources[kind]
        history = (
            counting_updates(build)
            .fit_generator(
                Generator([FALLING]),
                steps_per_epoch=1,
                epochs=5,
                validation_data=data,
                validation_steps=steps,
                validation_freq=freq,
            )
            .history.history
        )
        # Of n updates the weight is -n, and the error 1000 - n.
        return sorted({1000 - loss for loss in history.get("val_loss", [])})

    cases: list[tuple[object, str]] = [(2, "generator"), (2, "Sequence"), (2, "arrays")]
    cases += [(freq, "generator") for freq in (3, [1, 2, 10], (1, 3), {2, 5}, range(1, 3))]
    seen = {f"{freq}, {kind}": validated(freq, kind) for freq, kind in cases}

    # Of five epochs of one update each, counted from 1. Whether History says the same again for an
    # epoch without a validation is another matter.
    due = {
        "2, generator": [2, 4],
        "2, Sequence": [2, 4],
        "2, arrays": [2, 4],
        "3, generator": [3],
        "[1, 2, 10], generator": [1, 2],
        "(1, 3), generator": [1, 3],
        "{2, 5}, generator": [2, 5],
        "range(1, 3), generator": [1, 2],
    }
    expect(
        seen,
        equals=due,
        otherwise={
            "validation runs after every epoch": dict.fromkeys(due, [1, 2, 3, 4, 5]),
            "a container counts epochs from 0": {
                **due,
                "[1, 2, 10], generator": [2, 3],
                "(1, 3), generator": [2, 4],
                "{2, 5}, generator": [3],
                "range(1, 3), generator": [2, 3],
            },
        },
    )


@clause("fit_generator.initial_epoch")
def test_the_first_epoch_has_the_index_given(build: Build) -> None:
    """Training starts at the epoch of index `initial_epoch`, in callbacks and in History."""
    seen = _epochs_trained(build, initial_epoch=2, epochs=4)
    # Whether arrays may be validated on is another clause.
    beside = {"validation_data": (column(1), column(0))}
    if (
        validated := tried(_epochs_trained, build, initial_epoch=2, epochs=4, **beside)
    ) is not None:
        seen |= {f"{name}, validated": found for name, found in validated.items()}

    otherwise = {
        "it has no effect": _indices(0, 1, 2, 3),
        "epochs are counted anew": _indices(0, 1),
    }
    expect(
        seen,
        equals=dict.fromkeys(seen, _indices(2, 3)),
        otherwise={words: dict.fromkeys(seen, epochs) for words, epochs in otherwise.items()},
    )


@clause("fit_generator.returns.history")
def test_a_history_of_losses_and_metrics_is_returned(build: Build) -> None:
    """A History comes back with the loss and each metric, and with those of validation, if any."""
    data = ascending(2), constant(2, 0)
    results = {"without": trained_on_two_samples(build, steps_per_epoch=2, epochs=2).history}
    for name, kind in kinds_of_streams(build).items():
        results[f"with, of a {name}"] = trained_on_two_samples(
            build, kind, steps_per_epoch=2, epochs=2, validation_data=data
        ).history

    # What a library records besides is open, and what it calls the metric.
    plain = small_model(build).fit_generator(Generator([data]), steps_per_epoch=1, epochs=1)
    more = plain.history.history.keys() - {"loss"}

    # Errors 1 and 2: absolute values average 1.5, squares 2.5.
    seen = {
        name: {
            "a History": "History" in result.classes,
            "of training": sorted(
                values
                for key, values in result.history.items()
                if key not in more and not key.startswith("val_")
            ),
            "of validation": sorted(
                values for key, values in result.history.items() if key.startswith("val_")
            ),
        }
        for name, result in results.items()
    }
    epochs = [[1.5] * 2, [2.5] * 2]
    right = {"a History": True, "of training": epochs, "of validation": epochs}
    expect(
        seen,
        equals={**dict.fromkeys(seen, right), "without": {**right, "of validation": []}},
    )


@clause("fit_generator.example.file-reader")
def test_the_documented_example_trains_on_the_lines_of_a_file(build: Build) -> None:
    """A generator that reads a file again and again, and yields dicts, can be trained on."""
    model = build(of_the_example())
    model.compile(SGD(RATE), "mae")
    reader, recorder = FileReader(list(LINES)), Recorder(weights=True)

    result = model.fit_generator(reader, steps_per_epoch=7, epochs=2, callbacks=[recorder])

    files = result.events.by(reader).kinds
    lines = list(LINES) * 3
    # 14 lines of 5: the third time it is opened. Lines are read ahead; the last file may be open.
    expect(
        {
            "trained on": _lines_trained(result, recorder),
            "opened three times or more": files.count("file_open") >= 3,
            "closed before it is opened again": set(files[1::2]) == {"file_close"}
            and set(files[::2]) == {"file_open"},
        },
        equals={
            "trained on": [lines[:7], lines[7:14]],
            "opened three times or more": True,
            "closed before it is opened again": True,
        },
    )
