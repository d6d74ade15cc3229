"""How a call with odd arguments ends: what it brings, or who refuses it, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.claims.expect import answer, outcome
from fitspec.conformance.vocabulary.probes import SGD
from fitspec.conformance.worker.answers import loss_of

if TYPE_CHECKING:
    from fitspec.conformance.worker.remote import Method, Model

#: A rate at which every update is seen.
RATE = 0.25


def trained(model: Model, *args: Any, epochs: int = 1, **arguments: Any) -> Any:
    """Return the losses of `fit`, or how it was refused."""
    return called(model, model.fit, *args, epochs=epochs, **arguments)


def called(model: Model, method: Method, *args: Any, **arguments: Any) -> Any:
    """Return what a method that trains brought: of `fit` the loss of each epoch.

    A refusal is the class of the exception, with a note if the weights have changed by then.

    Raises:
        NotOffered: the method or an argument does not exist.
    """
    before = model.weights()
    answered = answer(method, *args, **arguments)
    if not isinstance(answered, str):
        return answered.value if method.name.endswith("_on_batch") else loss_of(answered)
    after = model.weights()
    same = all(
        np.array_equal(old, new)
        for name, weights in before.items()
        for old, new in zip(weights, after[name], strict=True)
    )
    return answered if same else f"{answered} after an update"


def compiled_and_trained(model: Model, *args: Any, loss: Any = "mse", **options: Any) -> Any:
    """Return the losses of `fit` after `compile` with `options`, or which of the two refused.

    Args:
        model: not compiled yet.
        args: of `fit`.
        loss: of `compile`.
        options: of `compile`.

    Raises:
        NotOffered: an option does not exist.
    """
    ended = outcome(model.compile, SGD(RATE), loss, **options)
    if ended != "returned":
        return f"{ended} in compile"
    losses = trained(model, *args)
    return f"{losses} in fit" if isinstance(losses, str) else losses


def refused(*classes: str, where: str = "") -> dict[str, Any]:
    """Return behaviours: that a call is refused by an exception of one of `classes`.

    Args:
        classes: of exceptions.
        where: the method that raises, if `compiled_and_trained` tells.
    """
    known: dict[str, Any] = {}
    for name in classes:
        ending = f"{name} in {where}" if where else name
        words = f"{where or 'it'} raises {'an' if name[0] in 'AEIOU' else 'a'} {name}"
        known[words] = ending
    return known
