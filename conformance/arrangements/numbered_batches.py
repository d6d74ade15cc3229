"""Batches that can be told apart afterwards: which were trained on, and which validated on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.conformance.claims.expect import documented_class
from fitspec.conformance.vocabulary.models import linear, tally
from fitspec.conformance.vocabulary.probes import SGD, Generator, Recorder
from fitspec.conformance.vocabulary.samples import TALLY_RATE, column, far_below, identity
from fitspec.conformance.worker.answers import hears_of_epochs, trained_batches
from fitspec.conformance.worker.remote import RemoteError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from fitspec.conformance.arrangements.compiled import Build
    from fitspec.conformance.vocabulary.probes import SequenceOf
    from fitspec.conformance.worker.remote import Events, Model, Result

    Array = np.ndarray[Any, np.dtype[np.float32]]


# --- training ---------------------------------------------------------------------------------


def numbered(batches: int) -> list[tuple[Array, Array]]:
    """Return batches of one sample each: batch i holds sample i of a tally."""
    return of_rows([[batch] for batch in range(batches)])


def of_rows(batches: list[list[int]]) -> list[tuple[Array, Array]]:
    """Return batches that hold the given samples of a tally."""
    samples = sum(len(rows) for rows in batches)
    x, y = identity(samples), far_below(samples)
    return [(x[rows], y[rows]) for rows in batches]


def read(
    build: Build, method: str, source: Generator | SequenceOf, **arguments: Any
) -> list[list[list[int]]]:
    """Train on numbered batches and return the samples of each: epoch, batch, sorted samples.

    Args:
        build: builds a model.
        method: ``fit`` or ``fit_generator``.
        source: a generator or Sequence of `of_rows`.
        arguments: of the method.
    """
    return trained_batches(*_training(build, method, source, **arguments))


def trained_on(
    build: Build, method: str, source: Generator | SequenceOf, **arguments: Any
) -> list[list[int]]:
    """Train on batches of `numbered` and return their numbers, in order, for each epoch."""
    return trained_items(*_training(build, method, source, **arguments))


def counting_model(build: Build, samples: int) -> Model:
    """Return a compiled tally: it tells as many samples, or batches of `numbered`, apart."""
    model = build(tally(samples))
    model.compile(SGD(TALLY_RATE), "mae")
    return model


def trained_items(result: Result | RemoteError, recorder: Recorder) -> list[list[int]]:
    """Return the numbers of the batches that each epoch trained on, in order.

    Args:
        result: of a call on a `counting_model`.
        recorder: a callback of that call which logs weights.
    """
    epochs = trained_batches(result, recorder)
    return [[number for batch in batches for number in batch] for batches in epochs]


def batches_of(
    build: Build,
    samples: int,
    *,
    epochs: int = 1,
    listed: bool = False,
    before: Mapping[str, object] | None = None,
    **arguments: object,
) -> list[list[list[int]]]:
    """Train a tally and return which samples each batch held: epoch, batch, sorted samples.

    Args:
        build: builds a model.
        samples: how many.
        epochs: how many.
        listed: whether inputs and targets come in a list each.
        before: of an earlier `fit` of an epoch on the same model, if there is one.
        arguments: of `fit`.
    """
    model, recorder = counting_model(build, samples), Recorder(weights=True)
    x, y = identity(samples), far_below(samples)
    data = ([x], [y]) if listed else (x, y)
    if before is not None:
        model.fit(*data, epochs=1, **before)
    result = model.fit(*data, callbacks=[recorder], epochs=epochs, **arguments)
    return trained_batches(result, recorder)


def trained_until_the_end(
    build: Build, method: str, source: Generator, **arguments: Any
) -> dict[str, Any]:
    """Train on batches of `numbered` for as long as there are any.

    Returns:
        How the call ``ended``, as `outcome` says it, and the numbers that were ``trained`` on in
        each epoch; if it returned, also whether it ``warned``, as it does not of a generator that
        goes on, and the number of ``epochs in History``.
    """
    endless, watching = Generator(source.items or numbered(1)), [Recorder(weights=True)]
    ordinary = getattr(_tally_for(build, endless), method)(
        endless, steps_per_epoch=2, epochs=2, callbacks=watching
    )
    model, recorder = _tally_for(build, source), Recorder(weights=True)
    brought: Result | RemoteError
    try:
        brought = getattr(model, method)(source, callbacks=[recorder], **arguments)
    except RemoteError as error:
        brought = error
    found = {"trained": trained_items(brought, recorder)}
    if isinstance(brought, RemoteError):
        return {"ended": documented_class(brought), **found}
    return {
        "ended": "returned",
        **found,
        "warned": not set(brought.warnings) <= set(ordinary.warnings),
        "epochs in History": len(brought.history.epoch),
    }


def batches_of_epochs(events: Events, stage: str = "train") -> list[int]:
    """Return how many batches each epoch had, as a recorder saw it.

    Args:
        events: what it saw.
        stage: ``train``, or ``test`` for those of the epoch's validation.

    Raises:
        NotOffered: it does not hear where an epoch begins.
    """
    hears_of_epochs(events)
    counts: list[int] = []
    for event in events.of("epoch_begin", f"{stage}_batch_end"):
        if event.kind == "epoch_begin":
            counts.append(0)
        elif counts:  # some validate before the first epoch, to try it out
            counts[-1] += 1
    return counts


def _training(
    build: Build, method: str, source: Generator | SequenceOf, **arguments: Any
) -> tuple[Result, Recorder]:
    model, recorder = _tally_for(build, source), Recorder(weights=True)
    # How many epochs there are if nothing is said is a clause of its own.
    arguments = {"callbacks": [recorder], "epochs": 1, **arguments}
    return getattr(model, method)(source, **arguments), recorder


def _tally_for(build: Build, source: Generator | SequenceOf) -> Model:
    return counting_model(build, source.items[0][0].shape[1] if source.items else 1)


# --- validation -------------------------------------------------------------------------------

#: A batch to train on beside the validation, which moves nothing.
IDLE = column(0), column(0)


def to_validate(batches: int) -> list[tuple[Array, Array]]:
    """Return batches of one sample each whose absolute errors are 1, 2, 4, …, on `validating`."""
    return [(column(0), column(2.0**place)) for place in range(batches)]


def validating(build: Build) -> Model:
    """Return a model that does not learn and whose only metric is the absolute error."""
    model = build(linear())
    model.compile(SGD(0.0), "mse", metrics=["mae"])
    return model


def validated(history: dict[str, list[float]]) -> list[list[int]]:
    """Return the numbers of the batches that each validation saw, sorted.

    Up to three batches are told from any others; of more, some choices have the mean of fewer.
    What is read is their mean in the metric, whatever the validation loss is of several batches;
    the name of the metric is open.

    Args:
        history: of training on `validating` with batches of `to_validate`.
    """
    keys = [key for key in history if key.startswith("val_") and key != "val_loss"]
    return [_numbers(mean) for key in keys for mean in history[key]]


def _numbers(mean: float) -> list[int]:
    """Return the distinct powers of two, by their exponents, that have this mean, if any do."""
    for size in range(1, 24):
        total = round(mean * size)
        # The mean is a float32: with it the total is rounded, to less than a quarter.
        if total > 0 and abs(mean * size - total) < 0.25 and total.bit_count() == size:
            return [place for place in range(total.bit_length()) if total >> place & 1]
    return []
