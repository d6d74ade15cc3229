"""What becomes of training when a callback raises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.conformance.arrangements.compiled import small_model
from fitspec.conformance.claims.expect import outcome
from fitspec.conformance.vocabulary.probes import Recorder
from fitspec.conformance.vocabulary.samples import ascending, constant
from fitspec.conformance.worker.remote import Events, RemoteError

if TYPE_CHECKING:
    from fitspec.conformance.arrangements.compiled import Build

_DATA = ascending(4), constant(4, 0)


def ended_by(build: Build, error: str) -> dict[str, object]:
    """Return what is seen when a callback raises `error` after the second batch."""
    model = small_model(build)
    recorder = Recorder(raises_at=("train_batch_end", 1), error=error)
    reached, events = "nothing", Events()
    try:
        events = model.fit(*_DATA, batch_size=1, callbacks=[recorder], epochs=1).events
    except RemoteError as raised:
        reached, events = raised.classes[0], raised.events
    return {
        "the caller gets": reached,
        "train_end is told": "train_end" in events.kinds,
        "fit again": outcome(model.fit, *_DATA, epochs=1),
    }


def endings_by(error: str) -> dict[str, dict[str, object]]:
    """Return the known ways in which training ends when a callback raises."""
    through = {"the caller gets": error, "train_end is told": False, "fit again": "returned"}
    return {
        "the caller gets it; train_end is not told; the model can be trained again": through,
        "the caller gets it; train_end is told; the model can be trained again": {
            **through,
            "train_end is told": True,
        },
        "it is held back; train_end is told; the model can be trained again": {
            **through,
            "the caller gets": "nothing",
            "train_end is told": True,
        },
    }
