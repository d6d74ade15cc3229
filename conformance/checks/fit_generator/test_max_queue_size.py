"""`fit_generator`: how far ahead batches are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.conformance.arrangements.compiled import small_model
from fitspec.conformance.arrangements.producers import expect_queue_of_10
from fitspec.conformance.arrangements.signatures import in_order
from fitspec.conformance.arrangements.streaming import (
    FIT_GENERATOR,
    FIT_GENERATOR_VALIDATING,
    ITEM,
    PATIENCE,
    UNTOLD,
    lead,
)
from fitspec.conformance.checks import (
    Build,
    Generator,
    Recorder,
    clause,
    expect,
    outcome,
    recognise,
)
from fitspec.conformance.vocabulary.probes import SequenceOf, until
from fitspec.conformance.worker.remote import RemoteError

if TYPE_CHECKING:
    from fitspec.conformance.vocabulary.probes import Source


@clause("fit_generator.max_queue_size.default-10")
def test_the_queue_of_fit_generator_holds_10(build: Build) -> None:
    """Without `max_queue_size`, `fit_generator` draws as far ahead as with 10."""
    expect_queue_of_10(build, FIT_GENERATOR, FIT_GENERATOR_VALIDATING)


@clause("fit_generator.max_queue_size.bounds-prefetch")
def test_the_queue_holds_no_more_than_its_size(build: Build) -> None:
    """While training waits, the queue holds its size, and each worker an item that does not fit."""
    cases: dict[str, tuple[type[Source], int, int, dict[str, bool]]] = {
        "a generator, size 1": (Generator, 1, 1, {}),
        "a generator, size 3": (Generator, 3, 1, {}),
        "a generator, size 10": (Generator, 10, 1, {}),
        "a Sequence, size 3": (SequenceOf, 3, 1, {}),
        "a Sequence, size 3, 4 workers": (SequenceOf, 3, 4, {}),
    }
    # Where there can be processes: 000 has only threads.
    if "use_multiprocessing" in in_order(small_model(build).fit_generator):
        processes = {"use_multiprocessing": True}
        cases["a Sequence, size 3, 2 processes"] = (SequenceOf, 3, 2, processes)

    seen = {}
    for case, (kind, size, workers, where) in cases.items():
        ahead = lead(
            build, FIT_GENERATOR, kind, size, max_queue_size=size, workers=workers, **where
        )
        if ahead is None:
            seen[case] = UNTOLD
        else:
            seen[case] = "within" if ahead <= size + workers else "beyond"

    expect(
        seen,
        equals=dict.fromkeys(cases, "within"),
        otherwise={
            "nothing limits it": dict.fromkeys(cases, "beyond"),
            "nothing limits a generator": {
                case: "beyond" if "generator" in case else "within" for case in cases
            },
            "nothing limits a Sequence": {
                case: "beyond" if "Sequence" in case else "within" for case in cases
            },
            "with several workers nothing limits it": {
                case: "beyond" if "4 workers" in case else "within" for case in cases
            },
            "nothing limits processes": {
                case: "beyond" if "processes" in case else "within" for case in cases
            },
            "the size is 10, whatever is given": {
                case: "within" if "10" in case else "beyond" for case in cases
            },
        },
    )


@clause("fit_generator.max_queue_size.zero")
def test_a_queue_of_size_0(build: Build) -> None:
    """Whether a `max_queue_size` of 0 means no limit, or that nothing is prefetched, or raises."""
    many = 40
    # It ends: a producer without a limit would fill the log of what is seen.
    source = Generator([ITEM] * 60, repeats=False)
    ahead = until("pull", many + 1, of=source, within=PATIENCE)
    slow = Recorder(waits={("train_batch_begin", 0): ahead})

    model = small_model(build)
    try:
        events = FIT_GENERATOR(model, source, 50, callbacks=[slow], max_queue_size=0).events
    except RemoteError as error:
        seen = error.classes[0]
    else:
        before = events.kinds[: [*events.kinds, "came"].index("came")]
        drawn = before.count("pull") - 1
        seen = f"{many} or more" if drawn >= many else str(drawn)

    of_1 = outcome(FIT_GENERATOR, model, Generator([ITEM]), 2, max_queue_size=1)
    ways = {
        "it prefetches without limit": f"{many} or more",
        "it raises a ValueError": "ValueError",
        "it draws each item when it is needed": "0",
        "it draws one item ahead": "1",
        "it prefetches as by default": "11",
    }
    recognise(
        {"size 0": seen, "size 1": of_1},
        {words: {"size 0": way, "size 1": "returned"} for words, way in ways.items()},
    )
