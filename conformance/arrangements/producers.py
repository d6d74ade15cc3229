"""How the items of generators and Sequences are made: how far ahead, how many at once, in order.

What the checks of `fit_generator`, and of the other methods that read streams, arrange alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.conformance.arrangements.compiled import Build, small_model
from fitspec.conformance.arrangements.numbered_batches import numbered
from fitspec.conformance.arrangements.streaming import (
    FULL,
    ITEM,
    PATIENCE,
    QUIET,
    Reader,
    ahead,
    asked_of,
    read,
)
from fitspec.conformance.arrangements.taken import tried
from fitspec.conformance.claims.expect import expect
from fitspec.conformance.vocabulary.probes import SequenceOf, until

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fitspec.conformance.vocabulary.probes import Source
    from fitspec.conformance.worker.remote import Events, Model

# --- how far ahead ----------------------------------------------------------------------------


def expect_queue_of_10(build: Build, reader: Reader, validating: Reader) -> None:
    """Claim that as much is drawn ahead without a size as fits into a queue of 10, and no other.

    Args:
        build: builds a model.
        reader: who reads.
        validating: who reads what is validated on, of which no more is drawn ahead, if it is taken.

    Raises:
        ExpectationFell: it is more or less.
    """
    seen = {
        "with 10": ahead(build, reader, 10, max_queue_size=10),
        "with 2": ahead(build, reader, 2, max_queue_size=2),
        "without a size": ahead(build, reader, 10),
        "of a Sequence, without a size": ahead(build, reader, 10, SequenceOf),
    }
    more, fewer = "more than the queue holds", "fewer than the queue holds"
    right = dict.fromkeys(seen, FULL)
    given = {"with 10": FULL, "with 2": FULL}
    validation = {
        "of validation": more
        if tried(ahead, build, validating, 10) == more
        else "no more than the queue holds"
    }
    expect(
        {**seen, **validation},
        equals={**right, "of validation": "no more than the queue holds"},
        otherwise={
            "the queue has no bound": {**dict.fromkeys(seen, more), **validation},
            "the default is larger": {**dict.fromkeys(seen, more), **given, **validation},
            "the default is smaller": {**dict.fromkeys(seen, fewer), **given, **validation},
            "the size is 10, whatever is given": {**right, "with 2": more, **validation},
            "it draws less ahead than the queue holds": {
                **dict.fromkeys(seen, fewer),
                **validation,
            },
        },
    )


# --- how many at once -------------------------------------------------------------------------


def at_once(events: Events) -> int:
    """Return how many items of a Sequence were being made at the same time, at the most.

    Args:
        events: of the Sequence.
    """
    now = most = 0
    for event in events.of("get_item", "give"):
        now += 1 if event.kind == "get_item" else -1
        most = max(most, now)
    return most


def made_at_once(build: Build, reader: Reader, allowed: int, **arguments: Any) -> int:
    """Return how many items of a Sequence are being made at the same time, at the most.

    No item is given before more than `allowed` are asked for, or a while has gone by.

    Args:
        build: builds a model.
        reader: who reads.
        allowed: how many may be made at once.
        arguments: of the method.
    """
    one_more = until("get_item", allowed + 1, within=2 * QUIET)
    steps = 2 * allowed + 1
    source = SequenceOf([ITEM] * steps, waits=dict.fromkeys(range(steps), one_more))

    result = reader(small_model(build), source, steps, **arguments)

    return at_once(result.events.by(source))


def two_meet(build: Build, reader: Reader, **arguments: Any) -> bool:
    """Say whether two items of a Sequence are made at once: the first waits for the second.

    Args:
        build: builds a model.
        reader: who reads.
        arguments: of the method.
    """
    source = SequenceOf([ITEM] * 3, waits={0: until("get_item", 2, within=PATIENCE)})

    result = reader(small_model(build), source, shuffle=False, **arguments)

    # Items of a next epoch may be prepared as well.
    first, *_ = result.events.by(source).of("came")
    return bool(first.fields["in_time"])


# --- in what order ----------------------------------------------------------------------------


def finished_out_of_order(count: int) -> SequenceOf:
    """Return a Sequence whose item 0 is given, at first, only after three others.

    With one worker that cannot be: then it is given after `PATIENCE`.
    """
    return SequenceOf(numbered(count), waits={0: until("give", 3, within=PATIENCE)})


# --- what becomes of an exception -------------------------------------------------------------


def arrival(
    model: Model, reader: Reader, source: Source, steps: int | None = None, **arguments: Any
) -> str:
    """Say how an exception that a source raises reaches the caller.

    Args:
        model: compiled, and as wide as the items.
        reader: who reads.
        source: raises.
        steps: how many items an epoch takes.
        arguments: of the method.
    """
    events, error = read(reader, model, source, steps, **arguments)
    if source.raises_at not in asked_of(source, events):
        return "it was not raised"
    if error is None:
        return "not at all"
    same_class = error.classes[0] == source.error
    if source.message not in error.message:
        return "its class alone" if same_class else "another exception"
    return "as it was raised" if same_class else "its message in another class"


#: What `arrival` says, in each of several circumstances -> in words.
ARRIVALS: Mapping[str, str] = {
    "it reaches the caller as it was raised": "as it was raised",
    "the caller gets its message in an exception of another class": "its message in another class",
    "the caller gets an exception of its class without its message": "its class alone",
    "the caller gets another exception": "another exception",
    "the caller does not hear of it": "not at all",
}


def arrivals_alike(cases: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the known ways of an exception to the caller, the same in all cases."""
    cases = list(cases)
    return {words: dict.fromkeys(cases, said) for words, said in ARRIVALS.items()}
