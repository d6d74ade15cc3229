"""`fit_generator` of R: what it adds to the method, or changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.conformance.arrangements.r_training import BATCH, level_printed, model_of_1
from fitspec.conformance.arrangements.streaming import PATIENCE
from fitspec.conformance.checks import Build, answer, clause, expect, outcome
from fitspec.conformance.vocabulary.probes import GeneratorFunction, RSession, SequenceOf, until

if TYPE_CHECKING:
    from fitspec.conformance.worker.remote import Events


def _readers(events: Events) -> str:
    """Say in how many threads a source was read: whichever asked it for an item."""
    asked = [event for event in events if event.kind in ("pull", "get_item")]
    if asked and all(event.main_thread for event in asked):
        return "the main thread"
    threads = len({event.thread for event in asked})
    return f"{threads} other threads" if len({event.pid for event in asked}) < 2 else "processes"


@clause("r.fit_generator.verbose-default-1")
def test_fit_generator_prints_a_bar_unless_the_option_says_otherwise(build: Build) -> None:
    """The option decides; without it there is a progress bar, also while knitr renders."""
    sessions = {
        "no option": RSession(),
        "no option, knitr": RSession(knitr=True),
        "option 0": RSession(options={"keras.fit_verbose": 0}),
        "option 2": RSession(options={"keras.fit_verbose": 2}),
    }
    seen = {}
    for name, session in sessions.items():
        model = model_of_1(build)
        model.enter(session)
        seen[name] = level_printed(model.fit_generator(GeneratorFunction([BATCH]), 2, epochs=2))

    levels = ("a progress bar", "a progress bar", "nothing", "a line for each epoch")
    expect(seen, equals=dict(zip(sessions, levels, strict=True)))


@clause("r.fit_generator.steps-required")
def test_fit_generator_demands_the_number_of_steps(build: Build) -> None:
    """Without `steps_per_epoch` R's `fit_generator` refuses, even where a length is known."""
    model, source = model_of_1(build), SequenceOf([BATCH])

    refused = outcome(model.fit_generator, source, epochs=1) != "returned"

    seen = {
        "without steps": "refused" if refused else "trained",
        "with steps": outcome(model.fit_generator, source, steps_per_epoch=1, epochs=1),
    }
    expect(seen, equals={"without steps": "refused", "with steps": "returned"})


@clause("r.fit_generator.workers-threads")
def test_only_native_generators_are_read_in_other_threads(build: Build) -> None:
    """Several workers read a native generator in threads; a function runs in the main thread."""

    def readers(source: SequenceOf | GeneratorFunction, workers: int) -> str:
        answered = answer(model_of_1(build).fit_generator, source, 4, workers=workers)
        return "refused" if isinstance(answered, str) else _readers(answered.events.by(source))

    batches = [BATCH] * 4
    # The first item is given when another was asked for, which takes two threads.
    meeting = SequenceOf(batches, waits={0: until("get_item", 2, within=PATIENCE)})
    seen = {
        "native, 1 worker": readers(SequenceOf(batches), 1),
        "native, 2 workers": readers(meeting, 2),
        "function, 1 worker": readers(GeneratorFunction(batches), 1),
        "function, 3 workers": readers(GeneratorFunction(batches), 3),
    }
    # To refuse more workers than a function can have is as good: it does not run elsewhere.
    several = seen["function, 3 workers"]
    expect(
        seen,
        equals={
            "native, 1 worker": "1 other threads",
            "native, 2 workers": "2 other threads",
            "function, 1 worker": "the main thread",
            "function, 3 workers": several if several == "refused" else "the main thread",
        },
    )
