"""`fit_generator`: callbacks."""

from __future__ import annotations

from fitspec.conformance.arrangements.compiled import small_model
from fitspec.conformance.arrangements.fit_generator_calls import kinds_of_streams
from fitspec.conformance.arrangements.stream_ends import full_queue, still_runs
from fitspec.conformance.arrangements.streaming import FIT_GENERATOR, ITEM, UNTOLD, read
from fitspec.conformance.checks import (
    Build,
    Generator,
    Recorder,
    clause,
    expect,
    recognise,
)

BATCH = ["train_batch_begin", "train_batch_end"]


@clause("fit_generator.callbacks")
def test_every_callback_is_called_while_a_generator_is_trained_on(build: Build) -> None:
    """All callbacks of the list get every hook of training, in its order."""
    seen = {}
    sources = kinds_of_streams(build)
    for name, kind in sources.items():
        first, second = Recorder(), Recorder()
        result = FIT_GENERATOR(
            small_model(build), kind([ITEM] * 2), 2, epochs=2, callbacks=[first, second]
        )
        seen[name] = [result.events.by(each).kinds for each in (first, second)]

    epoch = ["epoch_begin", *BATCH * 2, "epoch_end"]
    hooks = ["train_begin", *epoch * 2, "train_end"]
    expect(
        seen,
        equals=dict.fromkeys(sources, [hooks, hooks]),
        otherwise={"only the first callback is called": dict.fromkeys(sources, [hooks, []])},
    )


@clause("fit_generator.callbacks.interrupt", seconds=20)
def test_an_interrupt_while_the_queue_is_full(build: Build) -> None:
    """What an interrupt by the user leaves behind while a worker waits for room in the queue."""
    source, model = Generator([ITEM]), small_model(build)
    user = full_queue(source, "pull", "KeyboardInterrupt")

    events, error = read(FIT_GENERATOR, model, source, 6, callbacks=[user], max_queue_size=2)

    caught = "returned" if error is None else error.classes[0]
    left = "left" if still_runs(model, "threads") else "gone"
    recognise(
        [caught, left] if "came" in events.by(user).kinds else UNTOLD,
        {
            "the caller gets it, and the worker ends": ["KeyboardInterrupt", "gone"],
            "the caller gets it, and the worker is left": ["KeyboardInterrupt", "left"],
            "it is held back, and the worker ends": ["returned", "gone"],
            "it is held back, and the worker is left": ["returned", "left"],
        },
    )
