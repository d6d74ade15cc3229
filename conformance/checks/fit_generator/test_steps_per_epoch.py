"""`fit_generator`: how many batches make an epoch."""

from __future__ import annotations

from fitspec.conformance.arrangements.fit_generator_calls import (
    FALLING,
    batches,
    counted_batches,
    counting_updates,
    kinds_of_streams,
)
from fitspec.conformance.arrangements.streaming import on_each_thread
from fitspec.conformance.checks import Build, Generator, clause, expect, refusal
from fitspec.conformance.vocabulary.probes import SequenceOf


@clause("fit_generator.steps_per_epoch.required-for-generator")
def test_a_generator_needs_a_number_of_steps(build: Build) -> None:
    """A generator without `steps_per_epoch` is refused: a ValueError, or an argument is missing."""
    # It ends: whoever reads it as far as it goes says so, and does not read for ever.
    given = counted_batches(build, Generator([FALLING] * 2, repeats=False), steps_per_epoch=2)
    model = counting_updates(build)
    left_out = refusal(model.fit_generator, Generator([FALLING] * 2, repeats=False), epochs=1)
    if left_out == "refused" and model.weight("y"):
        left_out = "refused after an update"

    # In 000 the argument has no default, and to leave one out that has none is a TypeError.
    right = {"given": batches(2), "left out": "refused"}
    expect(
        {"given": given, "left out": left_out},
        equals=right,
        otherwise={"a generator may do without": {**right, "left out": "returned"}},
    )


@clause("fit_generator.steps_per_epoch.sequence-len", seconds=20)
def test_an_epoch_of_a_sequence_has_as_many_batches_as_the_sequence(build: Build) -> None:
    """Without `steps_per_epoch` the length of the Sequence counts, even if it would give more."""
    counts = {
        where: counted_batches(
            build, SequenceOf([FALLING] * 5, endless=True), epochs=2, **arguments
        )
        for where, arguments in on_each_thread(build).items()
    }

    expect(counts, equals=dict.fromkeys(counts, batches(5, 5)))


@clause("fit_generator.steps_per_epoch.explicit-beats-len")
def test_a_given_number_of_steps_wins_over_the_length_of_a_sequence(build: Build) -> None:
    """An epoch has the number of steps given, fewer than the Sequence has batches or more."""
    counts = {
        f"{steps} of {length}": counted_batches(
            build, SequenceOf([FALLING] * length), steps_per_epoch=steps, epochs=2
        )
        for steps, length in ((3, 5), (5, 3), (7, 3))
    }
    right = {"3 of 5": batches(3, 3), "5 of 3": batches(5, 5), "7 of 3": batches(7, 7)}
    for where, arguments in on_each_thread(build).items():
        if arguments:
            counts[where] = counted_batches(
                build, SequenceOf([FALLING] * 3), steps_per_epoch=7, epochs=2, **arguments
            )
            right[where] = batches(7, 7)

    expect(
        counts,
        equals=right,
        otherwise={
            "the length counts": {**dict.fromkeys(counts, batches(3, 3)), "3 of 5": batches(5, 5)},
            "the lesser counts": dict.fromkeys(counts, batches(3, 3)),
        },
    )


@clause("fit_generator.steps_per_epoch.fractional")
def test_a_fractional_number_of_steps_is_rounded_up(build: Build) -> None:
    """A fractional number of steps, as samples divided by batch size give it, is rounded up."""
    counts = {
        f"{steps}, {name}": counted_batches(
            build, kind([FALLING] * 3), steps_per_epoch=steps, epochs=2
        )
        for name, kind in kinds_of_streams(build).items()
        for steps in (2.5, 2.25)
    }

    expect(
        counts,
        equals=dict.fromkeys(counts, batches(3, 3)),
        otherwise={
            "it is rounded down": dict.fromkeys(counts, batches(2, 2)),
            "it is rounded to the nearest": {
                name: batches(3, 3) if "2.5" in name else batches(2, 2) for name in counts
            },
        },
    )
