"""`compile`: one optimizer object and two models."""

from __future__ import annotations

import numpy as np

from fitspec.conformance.checks import SGD, Build, answer, clause, recognise
from fitspec.conformance.vocabulary.models import copies, linear
from fitspec.conformance.vocabulary.samples import column

ONE = column(1)


def _second(build: Build, columns: int) -> list[float] | str:
    """Return the weights of the second of two models that are trained one after the other.

    Args:
        build: makes them.
        columns: how many outputs the second has, each with its weight; the first has one.

    Returns:
        What raised as it was trained, if that did.
    """
    models = build(linear(1.0)), build(copies(columns))
    descent = SGD(0.125, momentum=0.5)
    for model in models:
        model.compile(descent, "mae")
    first, second = models
    first.train_on_batch(ONE, column(-8))
    ended = answer(second.train_on_batch, ONE, np.full((1, columns), -8.0))
    if isinstance(ended, str):
        return ended
    (kernel,) = second.weights()["y"]
    weights: list[float] = kernel.ravel().tolist()
    return weights


@clause("compile.optimizer.of-two-models")
def test_what_an_optimizer_does_for_two_models(build: Build) -> None:
    """Whether two models that are compiled with one optimizer are trained as with one each."""
    seen = {"of the same shape": _second(build, 1), "of another shape": _second(build, 2)}

    # The gradient of a weight is 1, or 1/2 in each of two columns. An optimizer of one's own makes
    # a first step of 1/8 of it; one that goes on with the momentum of the first model adds 1/16.
    own, momentum = [1 - 1 / 8], [1 - 1 / 8 - 1 / 16]
    apart = {"of the same shape": own, "of another shape": [1 - 1 / 16] * 2}
    recognise(
        seen,
        {
            "each is trained as with one of its own": apart,
            **{
                f"training the second raises a {error} if its weights are of another shape; "
                "else it goes on with the momentum of the first": {
                    "of the same shape": momentum,
                    "of another shape": error,
                }
                for error in ("ValueError", "TypeError")
            },
            **{
                f"training the second raises a {error}": dict.fromkeys(seen, error)
                for error in ("ValueError", "KeyError", "RuntimeError")
            },
            "neither is refused, and the second is not trained": {
                "of the same shape": [1.0],
                "of another shape": [1.0, 1.0],
            },
        },
    )
