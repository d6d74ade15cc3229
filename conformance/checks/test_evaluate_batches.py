"""`evaluate`: how it goes through the data, who hears of it, and what is printed."""

from __future__ import annotations

from fitspec.conformance.arrangements.printed import progress
from fitspec.conformance.arrangements.returned import loss_in
from fitspec.conformance.checks import (
    SGD,
    Build,
    Recorder,
    answer,
    clause,
    expect,
    recognise,
)
from fitspec.conformance.vocabulary.models import linear, times_first
from fitspec.conformance.vocabulary.samples import ascending, constant
from fitspec.conformance.worker.remote import Result

DATA = ascending(4), constant(4, 0)


@clause("evaluate.batched")
def test_evaluation_goes_through_the_data_in_batches(build: Build) -> None:
    """A batch is `batch_size` samples that follow one another."""
    model = build(times_first())
    model.compile(SGD(0.0), "mae")

    loss = loss_in(model.evaluate(ascending(8), constant(8, 0), batch_size=2).value)

    # Each sample times the first of its batch: (1·(1 + 2) + 3·(3 + 4) + 5·(5 + 6) + 7·(7 + 8))/8.
    expect(
        loss,
        equals=23.0,
        otherwise={
            "all samples are one batch": 1 * 36 / 8,
            "each sample is a batch": 204 / 8,
            "a batch is every fourth sample": (1 * 6 + 2 * 8 + 3 * 10 + 4 * 12) / 8,
        },
    )


@clause("evaluate.batch_size.default-32")
def test_32_samples_are_evaluated_at_a_time_by_default(build: Build) -> None:
    """Without `batch_size` a batch has 32 samples."""
    model = build(times_first())
    model.compile(SGD(0.0), "mae")

    loss = loss_in(model.evaluate(ascending(64), constant(64, 0)).value)

    # Two batches: 1·16.5, the mean of 1..32, and 33·48.5, that of 33..64.
    expect(
        loss,
        equals=(16.5 + 33 * 48.5) / 2,
        otherwise={
            "all samples are one batch": 32.5,
            "16 at a time": (8.5 + 17 * 24.5 + 33 * 40.5 + 49 * 56.5) / 4,
        },
    )


@clause("evaluate.steps.with-arrays")
def test_what_a_step_is_when_arrays_are_evaluated(build: Build) -> None:
    """What `steps` makes of arrays, alone and together with a `batch_size`."""
    alone, with_batch_size = build(times_first()), build(times_first())
    for model in (alone, with_batch_size):
        model.compile(SGD(0.0), "mae")

    loss = loss_in(alone.evaluate(*DATA, steps=2).value)
    both = answer(with_batch_size.evaluate, *DATA, steps=1, batch_size=2)

    # One batch of all: 1·2.5. Two of two: (1·1.5 + 3·3.5)/2 = 6; the first of these alone: 1.5.
    recognise(
        {"2 steps": loss, "1 step of 2": loss_in(both.value) if isinstance(both, Result) else both},
        {
            "each step takes all the data, and batch_size is refused": {
                "2 steps": 2.5,
                "1 step of 2": "ValueError",
            },
            "each step takes all the data, whose loss is divided by the number of steps": {
                "2 steps": 1.25,
                "1 step of 2": "ValueError",
            },
            "the data are cut into as many batches; with batch_size the rest is left out": {
                "2 steps": 6.0,
                "1 step of 2": 1.5,
            },
        },
    )


@clause("evaluate.callbacks.applied")
def test_callbacks_are_called_in_evaluation(build: Build) -> None:
    """Callbacks get the hooks of testing, for each batch in turn, and no others."""
    model, recorder = build(linear()), Recorder()
    model.compile(SGD(0.0), "mse")

    events = model.evaluate(*DATA, batch_size=2, callbacks=[recorder]).events

    batch = ["test_batch_begin", "test_batch_end"]
    expect(
        {"hooks": events.kinds, "batches": events.of("test_batch_end").indices},
        equals={"hooks": ["test_begin", *batch, *batch, "test_end"], "batches": [0, 1]},
        otherwise={"no hook is called": {"hooks": [], "batches": []}},
    )


@clause("evaluate.verbose.levels")
def test_verbose_chooses_silence_or_a_bar(build: Build) -> None:
    """Level 0 prints nothing, level 1 a progress bar."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")

    silent = model.evaluate(*DATA, batch_size=2, verbose=0)
    shown = model.evaluate(*DATA, batch_size=2, verbose=1)

    expect(
        {"0": silent.stdout + silent.stderr, "1": progress(shown.stdout, steps=2, samples=4)},
        equals={"0": "", "1": {"a bar": True, "a count that reaches the end": True}},
    )


@clause("evaluate.verbose.default-1")
def test_a_bar_is_drawn_in_evaluation_by_default(build: Build) -> None:
    """Without `verbose` a progress bar is drawn."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")

    printed = model.evaluate(*DATA, batch_size=2).stdout

    expect(
        progress(printed, steps=2, samples=4),
        equals={"a bar": True, "a count that reaches the end": True},
    )
