"""How reading a generator or Sequence ends: what the checks of several methods arrange alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.arrangements.compiled import Build, small_model
from fitspec.conformance.arrangements.streaming import (
    FIT_GENERATOR,
    ITEM,
    PATIENCE,
    asked_of,
    read,
    readable,
)
from fitspec.conformance.claims.expect import documented_class
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import SGD, Generator, Recorder, SequenceOf, until
from fitspec.conformance.vocabulary.samples import column
from fitspec.conformance.worker.remote import RemoteError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fitspec.conformance.arrangements.streaming import Reader
    from fitspec.conformance.vocabulary.probes import Source
    from fitspec.conformance.worker.remote import Model

#: How long threads and processes that are about to end are given for it, in s.
GRACE = 3.0
#: What stands in item 0 of those that are told apart: nothing that comes of no item.
_FIRST = 7.0


def end_before_the_last_step(build: Build, reader: Reader) -> object:
    """Return what comes of a generator that ends after 2 of 3 steps, with inputs 1 and 3.

    Returns:
        How the call was refused, or its numbers and whether it warned.
    """
    items = readable(build, reader, [(column(value), column(0)) for value in (1, 3)])
    source = Generator(items, repeats=False)
    try:
        found = reader(small_model(build), source, 3)
    except RemoteError as error:
        ended = "end" in error.events.by(source).kinds
        return documented_class(error) if ended else "it did not end"
    if "end" not in found.events.by(source).kinds:
        return "it did not end"
    return {"numbers": np.ravel(found.value), "warned": bool(found.warnings)}


def early_ends(numbers: list[float]) -> dict[str, object]:
    """Return the known ways to end early; `numbers` are those of the two batches there are."""
    return {
        "it is refused with ValueError": "ValueError",
        "StopIteration reaches the caller": "StopIteration",
        "what there is counts, with a warning": {"numbers": numbers, "warned": True},
        "what there is counts, without a word": {"numbers": numbers, "warned": False},
    }


def begins_again_at(build: Build, reader: Reader) -> str:
    """Say which item of a generator a second call begins with, whose first one took 2 of them.

    While the first call waits with the first item, others may be drawn ahead.
    """
    model = build(linear())
    model.compile(SGD(0.0), "mae")
    items = [(column(_FIRST + number), column(0)) for number in range(100)]
    source = Generator(readable(build, reader, items))
    drawn = until("pull", 4, of=source, within=GRACE)
    slow = Recorder(waits={(reader.hook("begin"), 0): drawn})

    reader(model, source, 2, callbacks=[slow])
    second = reader(model, source, 1)

    # The prediction for an item, and its absolute error, tell its number.
    number = float(np.ravel(second.value)[0]) - _FIRST
    return "item 2" if number == 2 else "a later item" if number > 2 else f"item {number:g}"


#: What `begins_again_at` says -> in words.
BEGINNINGS = {
    "it goes on with the next item": "item 2",
    "items that were drawn ahead are lost": "a later item",
    "it begins at the first item": "item 0",
}


def left_behind(build: Build, reader: Reader, **arguments: Any) -> dict[str, str]:
    """Return what still runs after a method has returned, and after it has raised."""
    seen, items = {}, readable(build, reader, [ITEM])
    for end, raises_at in {"returned": None, "raised": 2}.items():
        sources = {
            "a generator": Generator(items, raises_at=raises_at),
            "a Sequence": SequenceOf(items * 12, raises_at=raises_at),
        }
        for name, source in sources.items():
            model = small_model(build)
            events, _ = read(reader, model, source, 3, **arguments)
            if not asked_of(source, events):
                seen[f"{name}, {end}"] = "it was not read"
                continue
            left = model.background(within=GRACE)
            kinds = sorted(kind for kind, names in left.items() if names)
            seen[f"{name}, {end}"] = " and ".join(kinds) or "nothing"
    return seen


def remains(seen: Mapping[str, str], *kinds: str) -> dict[str, dict[str, str]]:
    """Return the known ways of leaving something of `kinds` behind in the cases that were seen."""
    ways = {"nothing is left, whether it returned or raised": dict.fromkeys(seen, "nothing")}
    for left in kinds:
        ways[f"{left} are left when it has raised"] = {
            case: left if "raised" in case else "nothing" for case in seen
        }
        ways[f"{left} are left, whether it returned or raised"] = dict.fromkeys(seen, left)
    return ways


def full_queue(source: Source, asked: str, error: str) -> Recorder:
    """Return a callback that raises at the first batch, once a queue of 2 is full."""
    begun = ("train_batch_begin", 0)
    full = until(asked, 3, of=source, within=PATIENCE)
    return Recorder(waits={begun: full}, raises_at=begun, error=error)


def still_runs(model: Model, what: str) -> bool:
    """Return whether ``threads`` or ``processes`` still run, after a time to end in."""
    return bool(model.background(within=2.0)[what])


def left_by_training(
    build: Build, what: str, kinds: Iterable[type[Source]], **arguments: object
) -> str:
    """Say when workers still run: when `fit_generator` has returned, when a callback has raised.

    Args:
        build: builds models.
        what: ``threads`` or ``processes``.
        kinds: of sources.
        arguments: of `fit_generator`.
    """
    left = set()
    for kind in kinds:
        for end in ("returned", "raised"):
            source, asked, steps = (
                (Generator([ITEM]), "pull", 6)
                if kind is Generator
                else (SequenceOf([ITEM] * 6), "get_item", None)
            )
            callbacks = [full_queue(source, asked, "ArithmeticError")] if end == "raised" else []
            model = small_model(build)
            more = {"callbacks": callbacks, "max_queue_size": 2, **arguments}
            events, error = read(FIT_GENERATOR, model, source, steps, **more)
            if not asked_of(source, events) or (error is None) is (end == "raised"):
                return f"it has not {end}"
            if still_runs(model, what):
                left.add(end)
    return " or ".join(sorted(left, reverse=True)) or "never"


def remainders(what: str) -> dict[str, str]:
    """Return the known ways of leaving something behind."""
    return {
        "nothing is left, whether it returned or raised": "never",
        f"{what} are left when it has raised": "raised",
        f"{what} are left when it has returned": "returned",
        f"{what} are left, whether it returned or raised": "returned or raised",
    }
