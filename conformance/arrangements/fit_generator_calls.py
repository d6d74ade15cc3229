"""Calls of `fit_generator` that several checks make alike."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from fitspec.conformance.arrangements.numbered_batches import IDLE, batches_of_epochs, validating
from fitspec.conformance.arrangements.signatures import in_order
from fitspec.conformance.arrangements.two_errors import model_of_3
from fitspec.conformance.arrangements.ways_of_ending import RATE
from fitspec.conformance.claims.expect import answer
from fitspec.conformance.vocabulary.models import linear
from fitspec.conformance.vocabulary.probes import SGD, Generator, Recorder, SequenceOf
from fitspec.conformance.vocabulary.samples import ascending, column, constant
from fitspec.conformance.worker.answers import hears_of_batches
from fitspec.conformance.worker.remote import NotOffered

if TYPE_CHECKING:
    from fitspec.conformance.arrangements.compiled import Build
    from fitspec.conformance.worker.remote import Model, Result

#: A batch of one sample that moves the weight of `counting_updates` down by 1.
FALLING = column(1), column(-1000)


def kinds_of_streams(build: Build) -> dict[str, type[Generator | SequenceOf]]:
    """Return what `fit_generator` reads: 000 knows no Sequences, and nothing that is shuffled."""
    kinds: dict[str, type[Generator | SequenceOf]] = {"generator": Generator}
    # Not every library shows a signature.
    with contextlib.suppress(NotOffered):
        if "shuffle" in in_order(model_of_3(build).fit_generator):
            kinds["Sequence"] = SequenceOf
    return kinds


def trained_on_two_samples(
    build: Build, kind: type[Generator | SequenceOf] = Generator, **arguments: object
) -> Result:
    """Train on items of two samples each, whose errors are 1 and 2."""
    model = build(linear(1.0))
    model.compile(SGD(0.0), "mae", metrics=["mse"])
    return model.fit_generator(kind([(ascending(2), constant(2, 0))] * 2), **arguments)


def effect_of_items(
    build: Build, items: list[Any], kind: type[Generator | SequenceOf] = Generator, **arguments: Any
) -> dict[str, Any]:
    """Return the loss of the first item, and the weight after an epoch over all of them.

    The loss is that of a model which stays as it is, so that it is no matter when it is computed,
    and the same in each of two epochs.
    """
    # A generator is never shuffled.
    order = {} if kind is Generator else {"shuffle": False}
    arguments = {"epochs": 1, **order, **arguments}
    still, learning = model_of_3(build), model_of_3(build, RATE)
    twice = {**arguments, "epochs": 2}
    result = still.fit_generator(kind(items[:1]), steps_per_epoch=1, **twice)
    learning.fit_generator(kind(items), steps_per_epoch=len(items), **arguments)
    return {"loss": sorted({*result.history.history["loss"]}), "weight": learning.weight("y")}


def counting_updates(build: Build) -> Model:
    """Return a compiled model whose weight, 0 at first, falls by 1 with each update on `FALLING`.

    The absolute error of w·1 for a target far below has the gradient 1.
    """
    model = build(linear(0.0))
    model.compile(SGD(1.0), "mae")
    return model


def counted_batches(build: Build, source: Generator | SequenceOf, **arguments: object) -> Any:
    """Return how many batches each epoch trains on, and how many updates are made in all.

    Args:
        build: builds a model.
        source: of items that are `FALLING`.
        arguments: of `fit_generator`.

    Returns:
        ``batches`` as hooks are called and ``updates`` as the weight moves; or how the call was
        refused.
    """
    model, recorder = counting_updates(build), Recorder()
    # How many epochs there are if nothing is said is a clause of its own.
    arguments = {"callbacks": [recorder], "epochs": 1, **arguments}
    result = answer(model.fit_generator, source, **arguments)
    if isinstance(result, str):
        return result
    events, updates = result.events.by(recorder), -model.weight("y")
    hears_of_batches(events, updates != 0)
    return {"batches": batches_of_epochs(events), "updates": updates}


def batches(*counts: int) -> dict[str, Any]:
    """Return what `counted_batches` finds where the epochs have as many batches as are given."""
    return {"batches": [*counts], "updates": sum(counts)}


def validated_on(build: Build, data: object, **arguments: Any) -> Result:
    """Train one step an epoch on a model that does not learn, and validate."""
    return validating(build).fit_generator(
        Generator([IDLE]), steps_per_epoch=1, validation_data=data, **arguments
    )
