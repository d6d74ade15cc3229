"""`fit_generator`: how many batches make an epoch, and where the next one starts."""

from __future__ import annotations

from typing import Any

from fitspec.conformance.arrangements.numbered_batches import (
    batches_of_epochs,
    numbered,
    trained_on,
)
from fitspec.conformance.arrangements.signatures import REQUIRED, in_order
from fitspec.conformance.checks import (
    SGD,
    Build,
    Generator,
    Recorder,
    answer,
    clause,
    expect,
    recognise,
    refusal,
)
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import SequenceOf
from fitspec.conformance.vocabulary.samples import column

ITEM = column(1), column(0)

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


@clause("fit_generator.signature.defaults")
def test_the_arguments_of_fit_generator_are_the_documented_ones(build: Build) -> None:
    """The parameters have the order and the defaults of their document."""
    found = in_order(build(linear()).fit_generator)

    # 001 lacks one parameter of 004 and has the others as 004 has them.
    lacking = set() if "validation_freq" in found else {"validation_freq"}
    documented = [item for item in PARAMETERS.items() if item[0] not in lacking]
    expect([*found.items()], equals=documented)


def _counts(build: Build, source: Generator | SequenceOf, **arguments: object) -> Any:
    """Return how many batches each epoch trains on, or how the call was refused."""
    model, recorder = build(linear()), Recorder()
    model.compile(SGD(0.0), "mse")
    result = answer(model.fit_generator, source, callbacks=[recorder], **arguments)
    return result if isinstance(result, str) else batches_of_epochs(result.events.by(recorder))


@clause("fit_generator.generator.loops-forever", seconds=20)
def test_a_generator_need_not_end(build: Build) -> None:
    """Training ends with its last epoch while the generator could go on for ever."""
    counts = {
        f"workers={workers}": _counts(
            build, Generator([ITEM]), steps_per_epoch=2, epochs=3, workers=workers
        )
        for workers in (1, 0)
    }

    expect(counts, equals=dict.fromkeys(counts, [2, 2, 2]))


@clause("fit_generator.epoch-ends-after-steps")
def test_an_epoch_ends_after_its_steps(build: Build) -> None:
    """The model sees `steps_per_epoch` batches in each epoch."""
    counts = _counts(build, Generator([ITEM]), steps_per_epoch=3, epochs=2)

    expect(counts, equals=[3, 3])


@clause("fit_generator.generator.continues-across-epochs")
def test_the_next_epoch_goes_on_with_the_next_item(build: Build) -> None:
    """No item is lost or repeated between two epochs, whoever draws them."""
    seen = {
        f"workers={workers}": trained_on(
            build,
            "fit_generator",
            Generator(numbered(8)),
            steps_per_epoch=3,
            epochs=2,
            workers=workers,
        )
        for workers in (1, 0)
    }

    expect(seen, equals=dict.fromkeys(seen, [[0, 1, 2], [3, 4, 5]]))


@clause("fit_generator.steps_per_epoch.required-for-generator")
def test_a_generator_needs_a_number_of_steps(build: Build) -> None:
    """A generator without `steps_per_epoch` is refused: a ValueError, or an argument is missing."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")

    # In 000 the argument has no default, and to leave one out that has none is a TypeError.
    expect(refusal(model.fit_generator, Generator([ITEM] * 2, repeats=False)), equals="refused")


@clause("fit_generator.steps_per_epoch.sequence-len", seconds=20)
def test_an_epoch_of_a_sequence_has_as_many_batches_as_the_sequence(build: Build) -> None:
    """Without `steps_per_epoch` the length of the Sequence counts, even if it would give more."""
    counts = _counts(build, SequenceOf([ITEM] * 5, endless=True), epochs=2)

    expect(counts, equals=[5, 5])


@clause("fit_generator.steps_per_epoch.explicit-beats-len")
def test_a_given_number_of_steps_wins_over_the_length_of_a_sequence(build: Build) -> None:
    """An epoch has the number of steps given, fewer than the Sequence has batches or more."""
    counts = {
        f"{steps} of {length}": _counts(
            build, SequenceOf([ITEM] * length), steps_per_epoch=steps, epochs=2
        )
        for steps, length in ((3, 5), (5, 3))
    }

    expect(
        counts,
        equals={"3 of 5": [3, 3], "5 of 3": [5, 5]},
        otherwise={
            "the length counts": {"3 of 5": [5, 5], "5 of 3": [3, 3]},
            "the lesser counts": {"3 of 5": [3, 3], "5 of 3": [3, 3]},
        },
    )


@clause("fit_generator.sequence.short-epoch-continuation")
def test_where_an_epoch_of_a_sequence_starts_after_a_short_one(build: Build) -> None:
    """Which batches the next epochs train on when an epoch is shorter than the Sequence."""
    source = SequenceOf(numbered(5))

    epochs = trained_on(build, "fit_generator", source, steps_per_epoch=3, epochs=4, shuffle=False)

    recognise(
        epochs,
        {
            "each goes on where the last one stopped, and wraps around": [
                [0, 1, 2],
                [3, 4, 0],
                [1, 2, 3],
                [4, 0, 1],
            ],
            "each starts again at the first batch": [[0, 1, 2]] * 4,
            "each goes on, but stops short at the end of the Sequence": [
                [0, 1, 2],
                [3, 4],
                [0, 1, 2],
                [3, 4],
            ],
        },
    )


@clause("fit_generator.steps_per_epoch.fractional")
def test_a_fractional_number_of_steps_is_rounded_up(build: Build) -> None:
    """A fractional number of steps, as samples divided by batch size give it, is rounded up."""
    counts = _counts(build, Generator([ITEM]), steps_per_epoch=2.5, epochs=2)

    expect(counts, equals=[3, 3], otherwise={"it is rounded down": [2, 2]})


@clause("fit_generator.sequence.on_epoch_end")
def test_when_a_sequence_hears_of_the_end_of_an_epoch(build: Build) -> None:
    """How often, and on which thread, `on_epoch_end` of a Sequence is called in three epochs."""
    seen = {}
    for workers in (1, 0):
        source = SequenceOf([ITEM] * 2)
        model = build(linear())
        model.compile(SGD(0.0), "mse")
        events = model.fit_generator(source, epochs=3, workers=workers).events.by(source)
        given = 0
        calls: list[str] = []
        for event in events:
            given += event.kind == "give"
            if event.kind == "sequence_epoch_end":
                thread = "main" if event.main_thread else "other"
                # Each epoch has two batches; one more may have been looked at beforehand.
                calls.append(thread if given >= 2 * len(calls) + 2 else "too early")
        seen[f"workers={workers}"] = calls

    recognise(
        seen,
        {
            "after each epoch, on the main thread": {
                "workers=1": ["main"] * 3,
                "workers=0": ["main"] * 3,
            },
            "after each epoch, on the thread that reads": {
                "workers=1": ["other"] * 3,
                "workers=0": ["main"] * 3,
            },
            "after each epoch but the last, on the thread that reads, and never without workers": {
                "workers=1": ["other"] * 2,
                "workers=0": [],
            },
            "never": {"workers=1": [], "workers=0": []},
        },
    )


@clause("fit_generator.sequence.length-may-change")
def test_whether_a_change_of_length_is_noticed(build: Build) -> None:
    """Which batches are trained on when a Sequence is longer after each epoch."""
    source = SequenceOf(numbered(4), lengths=[2, 3, 4])

    epochs = trained_on(build, "fit_generator", source, epochs=3, shuffle=False)

    recognise(
        epochs,
        {
            "each epoch has the length that the Sequence has then": [
                [0, 1],
                [0, 1, 2],
                [0, 1, 2, 3],
            ],
            "the first length counts for all epochs": [[0, 1]] * 3,
        },
    )
