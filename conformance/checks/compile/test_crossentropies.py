"""`compile`: the losses that are surprises about classes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.checks import SGD, Build, answer, clause, recognise
from fitspec.conformance.vocabulary.models import as_they_are, sigmoid, softmax

if TYPE_CHECKING:
    from fitspec.conformance.vocabulary.probes import ModelOf

ONE_HOT, INTEGERS, BINARY = (
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
    "binary_crossentropy",
)


def _loss(build: Build, description: ModelOf, loss: str, x: Any, y: Any) -> Any:
    """Return a loss, or how it was refused."""
    model = build(description)
    model.compile(SGD(0.0), loss)
    answered = answer(model.evaluate, np.asarray(x, np.float32), np.asarray(y, np.float32))
    return answered if isinstance(answered, str) else float(np.ravel(answered.value)[0])


@clause("compile.loss.crossentropies")
def test_what_crossentropies_are(build: Build) -> None:
    """What three losses are of probabilities, for classes and for yes and no."""
    logits = [[2, 0, 0], [0, 2, 0]]

    seen = {
        "of one-hot classes": _loss(build, softmax(3), ONE_HOT, logits, [[1, 0, 0], [0, 0, 1]]),
        "of integers": _loss(build, softmax(3), INTEGERS, logits, [[0], [2]]),
        "of steps": _loss(build, softmax(2, 3), ONE_HOT, [logits], [[[1, 0, 0], [0, 0, 1]]]),
        "of integers of steps": _loss(build, softmax(2, 3), INTEGERS, [logits], [[[0], [2]]]),
        "of yes and no": _loss(build, sigmoid(2), BINARY, [[2, 2], [-2, -2]], [[1, 1], [0, 1]]),
        "of no and yes": _loss(build, as_they_are(2), BINARY, [[0.25, 0.75]], [[0, 1]]),
    }

    # The probabilities are e²/z and 1/z, for z = e² + 2: the mean of log z - 2 and log z. For yes
    # and no three are right, log(1 + e⁻²), and one is wrong, 2 more; then both have 3 of 4.
    classes = math.log(math.e**2 + 2) - 1
    answers = {"of yes and no": math.log(1 + math.e**-2) + 0.5, "of no and yes": math.log(4 / 3)}
    each = {name: classes for name in seen if name not in answers}
    recognise(
        seen,
        {
            "means of the negative logarithms of what is right": {**each, **answers},
            "so of samples; steps are refused": {
                "of one-hot classes": classes,
                "of integers": classes,
                "of steps": "ValueError",
                "of integers of steps": "ValueError",
                **answers,
            },
        },
        ulps=8,
    )


@clause("compile.loss.crossentropies-of-no-probabilities")
def test_crossentropies_of_what_is_no_probability(build: Build) -> None:
    """How far a probability of 0 is from 1, and what becomes of numbers that do not add up to 1."""
    impossible, more = [[0, 1]], [[1, 3]]

    seen = {
        "one-hot, of 0": _loss(build, as_they_are(2), ONE_HOT, impossible, [[1, 0]]),
        "integers, of 0": _loss(build, as_they_are(2), INTEGERS, impossible, [[0]]),
        "yes and no, of 0": _loss(build, as_they_are(1), BINARY, [[0]], [[1]]),
        "one-hot, of 1 in 4": _loss(build, as_they_are(2), ONE_HOT, more, [[1, 0]]),
        "integers, of 1 in 4": _loss(build, as_they_are(2), INTEGERS, more, [[0]]),
    }

    # Limited to 1e-7 on one side or, where that is added to it as well, on both; 1 of 4 after a
    # division by the sum, or 1 of 2 if numbers beyond 1 are cut off before it.
    once, twice = -math.log(1e-7), -math.log(2e-7)
    same = {"one-hot, of 0": once, "integers, of 0": once, "one-hot, of 1 in 4": math.log(4)}
    recognise(
        seen,
        {
            "16.1 for a probability of 0; classes are divided by their sum": {
                **same,
                "yes and no, of 0": once,
                "integers, of 1 in 4": math.log(4),
            },
            "16.1 for a probability of 0; by integers classes are cut at 1, then divided": {
                **same,
                "yes and no, of 0": once,
                "integers, of 1 in 4": math.log(2),
            },
            "16.1, of yes and no 15.4; by integers classes are cut at 1, then divided": {
                **same,
                "yes and no, of 0": twice,
                "integers, of 1 in 4": math.log(2),
            },
        },
        ulps=8,
    )
