"""Objects that can be iterated again and again, and what `fit` makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.conformance.arrangements.numbered_batches import counting_model, numbered
from fitspec.conformance.claims.expect import answer
from fitspec.conformance.vocabulary.probes import IterableOf, Recorder
from fitspec.conformance.worker.answers import trained_batches

if TYPE_CHECKING:
    from fitspec.conformance.arrangements.compiled import Build

#: Three batches of one sample each.
ITEMS = numbered(3)
ONE_PASS = [[0], [1], [2]]


def trained_from(build: Build, source: IterableOf, **arguments: Any) -> Any:
    """Return which samples each batch of each epoch held, or how `fit` was refused."""
    model, recorder = counting_model(build, len(ITEMS)), Recorder(weights=True)
    answered = answer(model.fit, source, callbacks=[recorder], **arguments)
    return answered if isinstance(answered, str) else trained_batches(answered, recorder)
