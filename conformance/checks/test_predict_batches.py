"""`predict`: how it goes through the data, who hears of it, and what is printed."""

from __future__ import annotations

from collections import Counter

import numpy as np

from fitspec.conformance.arrangements.printed import progress
from fitspec.conformance.checks import Build, Recorder, answer, clause, expect, outcome, recognise
from fitspec.conformance.vocabulary.models import linear, running_sum, times_first
from fitspec.conformance.vocabulary.samples import ascending
from fitspec.conformance.worker.remote import Result


@clause("predict.batched")
def test_prediction_goes_through_the_data_in_batches(build: Build) -> None:
    """Samples are taken `batch_size` at a time, and the last batch has what is left."""
    value = build(times_first()).predict(ascending(7), batch_size=3).value

    # Each sample times the first of its batch: (1, 2, 3), (4, 5, 6) and (7).
    expect(
        np.ravel(value),
        equals=[1.0, 2.0, 3.0, 16.0, 20.0, 24.0, 49.0],
        otherwise={"all samples are one batch": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]},
    )


@clause("predict.batch_size.default-32")
def test_32_samples_are_predicted_at_a_time_by_default(build: Build) -> None:
    """Without `batch_size` a batch has 32 samples, the last one fewer."""
    x = ascending(70)

    value = build(times_first()).predict(x).value

    # Products of whole numbers below 2²⁴ are exact, and so is the first factor got back.
    firsts = Counter(np.ravel(value / x).tolist())
    expect(
        {f"from sample {first:g}": size for first, size in firsts.items()},
        equals={"from sample 1": 32, "from sample 33": 32, "from sample 65": 6},
        otherwise={"all samples are one batch": {"from sample 1": 70}},
    )


@clause("predict.steps.with-arrays")
def test_what_a_step_is_when_arrays_are_predicted(build: Build) -> None:
    """What `steps` makes of arrays, alone and together with a `batch_size`."""
    x = ascending(4)

    rows = build(linear()).predict(x, steps=2).value
    both = answer(build(linear()).predict, x, steps=1, batch_size=2)

    recognise(
        {
            "2 steps": np.ravel(rows),
            "1 step of 2": np.ravel(both.value) if isinstance(both, Result) else both,
        },
        {
            "each step takes all the data, and batch_size is refused": {
                "2 steps": [1.0, 2.0, 3.0, 4.0] * 2,
                "1 step of 2": "ValueError",
            },
            "the data are cut into as many batches; with batch_size the rest is left out": {
                "2 steps": [1.0, 2.0, 3.0, 4.0],
                "1 step of 2": [1.0, 2.0],
            },
        },
    )


@clause("predict.callbacks.applied")
def test_callbacks_are_called_in_prediction(build: Build) -> None:
    """Callbacks get the hooks of prediction, for each batch in turn, and no others."""
    model, recorder = build(linear()), Recorder()

    events = model.predict(ascending(4), batch_size=2, callbacks=[recorder]).events

    batch = ["predict_batch_begin", "predict_batch_end"]
    expect(
        {"hooks": events.kinds, "batches": events.of("predict_batch_end").indices},
        equals={"hooks": ["predict_begin", *batch, *batch, "predict_end"], "batches": [0, 1]},
        otherwise={"no hook is called": {"hooks": [], "batches": []}},
    )


@clause("predict.verbose.levels")
def test_prediction_is_silent_unless_a_bar_is_asked_for(build: Build) -> None:
    """Nothing is printed with level 0 and by default, a progress bar with level 1."""
    model = build(linear())

    results = {
        "default": model.predict(ascending(4), batch_size=2),
        "0": model.predict(ascending(4), batch_size=2, verbose=0),
        "1": model.predict(ascending(4), batch_size=2, verbose=1),
    }

    bar = {"a bar": True, "a count that reaches the end": True}
    expect(
        {
            name: progress(result.stdout, steps=2, samples=4)
            if result.stdout or result.stderr
            else "nothing"
            for name, result in results.items()
        },
        equals={"default": "nothing", "0": "nothing", "1": bar},
        otherwise={"a bar is drawn by default": {"default": bar, "0": "nothing", "1": bar}},
    )


@clause("predict.raises.stateful-not-multiple")
def test_a_stateful_model_takes_whole_batches_only(build: Build) -> None:
    """A stateful model refuses samples that do not fill its batches: ValueError."""
    outcomes = {
        f"{samples} samples": outcome(
            build(running_sum(2)).predict, np.ones((samples, 1, 1), np.float32), batch_size=2
        )
        for samples in (3, 4)
    }

    expect(outcomes, equals={"3 samples": "ValueError", "4 samples": "returned"})


@clause("predict.stateful.state-persists")
def test_a_stateful_model_goes_on_from_its_state(build: Build) -> None:
    """The state is carried from batch to batch, and from one call to the next."""
    model, ones = build(running_sum(2)), np.ones((4, 1, 1), np.float32)

    calls = [np.ravel(model.predict(ones, batch_size=2).value) for _ in range(2)]

    # Each batch adds 1 to what the batch before left.
    expect(
        calls,
        equals=[[1.0, 1.0, 2.0, 2.0], [3.0, 3.0, 4.0, 4.0]],
        otherwise={
            "every batch starts anew": [[1.0] * 4, [1.0] * 4],
            "every call starts anew": [[1.0, 1.0, 2.0, 2.0], [1.0, 1.0, 2.0, 2.0]],
        },
    )
