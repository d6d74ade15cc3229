"""Objects that can be iterated again and again, and what `fit` makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.conformance.claims.expect import answer
from fitspec.conformance.vocabulary.models import tally
from fitspec.conformance.vocabulary.probes import SGD, IterableOf, Recorder
from fitspec.conformance.vocabulary.samples import TALLY_RATE, far_below, identity
from fitspec.conformance.worker.answers import trained_batches

if TYPE_CHECKING:
    from fitspec.conformance.arrangements.compiled import Build

#: Three batches of one sample each.
ITEMS = [(identity(3)[[place]], far_below(3)[[place]]) for place in range(3)]
ONE_PASS = [[0], [1], [2]]


def trained_from(build: Build, source: IterableOf, **arguments: Any) -> Any:
    """Return which samples each batch of each epoch held, or how `fit` was refused."""
    model, recorder = build(tally(3)), Recorder(weights=True)
    model.compile(SGD(TALLY_RATE), "mae")
    answered = answer(model.fit, source, callbacks=[recorder], **arguments)
    return answered if isinstance(answered, str) else trained_batches(answered, recorder)
