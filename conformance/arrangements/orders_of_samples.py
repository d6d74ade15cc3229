"""In what order samples are trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.conformance.arrangements.numbered_batches import batches_of
from fitspec.conformance.vocabulary.models import tally
from fitspec.conformance.vocabulary.probes import SGD, Recorder, UserFunction
from fitspec.conformance.vocabulary.samples import ascending, identity
from fitspec.conformance.worker.answers import led_batches

if TYPE_CHECKING:
    from fitspec.conformance.arrangements.compiled import Build


def orders_of(build: Build, samples: int, **arguments: Any) -> list[list[int]]:
    """Return the order of the samples in each epoch, seen through batches of one."""
    epochs = batches_of(build, samples, batch_size=1, **arguments)
    return [[sample for batch in batches for sample in batch] for batches in epochs]


def led(
    build: Build, samples: int, *, epochs: int = 1, **arguments: object
) -> list[list[list[int]]]:
    """Train a tally and return which samples each batch held, the first one first."""
    model, recorder = build(tally(samples)), Recorder(weights=True)
    model.compile(SGD(1.0), UserFunction("prediction_times_first_target"))
    result = model.fit(
        identity(samples), ascending(samples), callbacks=[recorder], epochs=epochs, **arguments
    )
    return led_batches(result, recorder)


def are_neighbours(batch: list[int], samples: int) -> bool:
    """Say whether a batch is a run of samples, where the first follows on the last."""
    return any(
        {(start + step) % samples for step in range(len(batch))} == {*batch} for start in batch
    )
