"""Whether something is taken at all, where that is the subject of other clauses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from fitspec.conformance.arrangements.compiled import frozen, learning_model, small_model
from fitspec.conformance.vocabulary.models import tally, two_in_two_out
from fitspec.conformance.vocabulary.probes import Recorder, SequenceOf
from fitspec.conformance.vocabulary.samples import column
from fitspec.conformance.worker.remote import NotOffered, RemoteError

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.conformance.arrangements.compiled import Build
    from fitspec.conformance.worker.remote import Model

Tried = TypeVar("Tried")
#: A batch of one sample.
_ITEM = column(1), column(0)


def tried(call: Callable[..., Tried], *args: Any, **kwargs: Any) -> Tried | None:
    """Return what a call returns; None if it does not return."""
    try:
        return call(*args, **kwargs)
    except (NotOffered, RemoteError):
        return None


def taken(call: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
    """Return whether a call returns."""

    def returns() -> bool:
        call(*args, **kwargs)
        return True

    return tried(returns) is not None


def breaks_off(model: Model, *data: Any) -> bool:
    """Return whether `fit` ends where a callback raises as the first batch begins."""
    raising = Recorder(raises_at=("train_batch_begin", 0))
    return not taken(model.fit, *data, epochs=1, callbacks=[raising])


def takes_sequences(build: Build, method: str = "fit") -> bool:
    """Return whether a method takes a Sequence."""
    return taken(getattr(small_model(build), method), SequenceOf([_ITEM]), **one_epoch(method))


def one_epoch(method: str) -> dict[str, int]:
    """Return what tells a method to go through its data once.

    How many epochs there are if nothing is said is a clause of its own.
    """
    return {"epochs": 1} if method.startswith("fit") else {}


def validates_on_sequences(build: Build) -> bool:
    """Return whether `fit` validates on a Sequence beside arrays, on what is in its items."""
    # Of unlike shapes: inputs and targets are not taken for two samples.
    x = np.ones((2, 2), np.float32)
    data = SequenceOf([(x, column(2, 4))])
    result = tried(
        lambda: frozen(build, tally(2)).fit(x, column(0, 0), epochs=1, validation_data=data)
    )
    # Every prediction is 0: (2² + 4²)/2.
    history: Any = None if result is None else getattr(result.value, "history", None)
    return isinstance(history, dict) and history.get("val_loss") == [10.0]


def takes_flat_vectors(build: Build) -> bool:
    """Return whether `fit` takes a flat vector as one feature, and one target, of each sample."""
    model = learning_model(build, 0.25)
    vectors = np.asarray([[1, 2], [0, 1]], np.float32)
    # As `fit.x.one-d-array` has it.
    return taken(model.fit, *vectors, batch_size=2, epochs=1) and model.weight("y") == 0.25


def takes_lists(build: Build) -> bool:
    """Return whether `fit` takes lists of inputs and of targets."""
    x, y = _ITEM
    return taken(lambda: frozen(build, two_in_two_out(1.0, 1.0)).fit([x, x], [y, y], epochs=1))
