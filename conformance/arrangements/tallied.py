"""Which samples of a tally each batch of `fit` holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.conformance.vocabulary.models import tally
from fitspec.conformance.vocabulary.probes import SGD, Recorder
from fitspec.conformance.vocabulary.samples import TALLY_RATE, far_below, identity
from fitspec.conformance.worker.answers import trained_batches

if TYPE_CHECKING:
    from fitspec.conformance.arrangements.compiled import Build


def batches_of(
    build: Build, samples: int, *, epochs: int = 1, **arguments: object
) -> list[list[list[int]]]:
    """Train a tally and return which samples each batch held: epoch, batch, sorted samples."""
    model, recorder = build(tally(samples)), Recorder(weights=True)
    model.compile(SGD(TALLY_RATE), "mae")
    x, y = identity(samples), far_below(samples)
    result = model.fit(x, y, callbacks=[recorder], epochs=epochs, **arguments)
    return trained_batches(result, recorder)
