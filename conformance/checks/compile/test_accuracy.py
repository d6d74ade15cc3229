"""`compile`: the accuracy, which suits an output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.checks import SGD, Build, clause, expect, recognise
from fitspec.conformance.vocabulary.models import sigmoid, softmax
from fitspec.conformance.vocabulary.samples import column

if TYPE_CHECKING:
    from fitspec.conformance.vocabulary.probes import ModelOf


def _accuracy(build: Build, description: ModelOf, loss: str, x: Any, y: Any) -> float:
    model = build(description)
    model.compile(SGD(0.0), loss, metrics=["accuracy"])
    _, accuracy = model.evaluate(np.asarray(x, np.float32), np.asarray(y, np.float32)).value
    return float(accuracy)


@clause("compile.metrics.accuracy-resolution")
def test_accuracy_suits_the_output(build: Build) -> None:
    """`accuracy` is the fraction of right predictions, of classes as of yes and no."""
    # The largest probabilities, e²/(e² + 2) = 0.79, are of the classes 0, 1, 2 and 1.
    logits = [[2, 0, 0], [0, 2, 0], [0, 0, 2], [0, 2, 0]]
    classes = [[0], [1], [2], [2]]
    one_hot = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]]
    integers = "sparse_categorical_crossentropy"

    accuracies = {
        "one-hot classes": _accuracy(
            build, softmax(3), "categorical_crossentropy", logits, one_hot
        ),
        "classes as integers": _accuracy(build, softmax(3), integers, logits, classes),
        "yes or no": _accuracy(
            build, sigmoid(), "binary_crossentropy", [[2], [2], [-2], [-2]], [[1], [1], [1], [0]]
        ),
    }

    # Three of four are right. Number by number, of the twelve in the one-hot targets ten are
    # matched by a probability on the same side of 0.5. Of a single column the largest is always
    # column 0: that of the targets too, and as a class it is right where no is.
    expect(
        accuracies,
        equals=dict.fromkeys(accuracies, 0.75),
        otherwise={
            "one-hot targets are compared number by number": {
                **dict.fromkeys(accuracies, 0.75),
                "one-hot classes": 10 / 12,
            },
            "a single column is taken for one class of one": {
                **dict.fromkeys(accuracies, 0.75),
                "yes or no": 1.0,
            },
            "a single column is taken for the class 0": {
                **dict.fromkeys(accuracies, 0.75),
                "yes or no": 0.25,
            },
        },
        ulps=1,
    )


@clause("compile.metrics.accuracy-label")
def test_what_the_accuracy_is_called(build: Build) -> None:
    """The key in History of a metric that was asked for as "accuracy", and as "acc"."""
    seen = {}
    for name in ("accuracy", "acc"):
        model = build(sigmoid())
        model.compile(SGD(0.0), "binary_crossentropy", metrics=[name])
        history = model.fit(column(2, 2, -2, -2), column(1, 1, 1, 0)).history.history
        # Three of four are right: what has another value is no accuracy.
        keys = [key for key, values in history.items() if values == [0.75]]
        seen[name] = ", ".join(sorted(keys))

    recognise(
        seen,
        {
            "as it was asked for: accuracy or acc": {"accuracy": "accuracy", "acc": "acc"},
            "always acc": {"accuracy": "acc", "acc": "acc"},
            "always accuracy": {"accuracy": "accuracy", "acc": "accuracy"},
            "by the kind that was chosen: binary_accuracy": dict.fromkeys(seen, "binary_accuracy"),
        },
    )
