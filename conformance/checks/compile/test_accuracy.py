"""`compile`: the accuracy, which suits an output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.checks import SGD, Build, answer, clause, expect, recognise
from fitspec.conformance.vocabulary.models import linear, sigmoid, softmax
from fitspec.conformance.vocabulary.probes import UserFunction
from fitspec.conformance.vocabulary.samples import column

if TYPE_CHECKING:
    from fitspec.conformance.vocabulary.probes import ModelOf

LOGITS, CLASSES = [[2, 0, 0], [0, 2, 0], [0, 0, 2], [0, 2, 0]], [[0], [1], [2], [2]]
YES_OR_NO = [[2], [2], [-2], [-2]], [[1], [1], [1], [0]]


def _accuracy(build: Build, description: ModelOf, loss: str, x: Any, y: Any) -> float:
    model = build(description)
    model.compile(SGD(0.0), loss, metrics=["accuracy"])
    _, accuracy = model.evaluate(np.asarray(x, np.float32), np.asarray(y, np.float32)).value
    return float(accuracy)


@clause("compile.metrics.accuracy-resolution")
def test_accuracy_suits_the_output(build: Build) -> None:
    """`accuracy` is the fraction of right predictions, of classes as of yes and no."""
    # The largest probabilities, e²/(e² + 2) = 0.79, are of the classes 0, 1, 2 and 1.
    one_hot = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]]
    integers = "sparse_categorical_crossentropy"

    def steps(rows: list[list[int]]) -> Any:
        return np.reshape(rows, (2, 2, -1))

    accuracies = {
        "one-hot classes": _accuracy(
            build, softmax(3), "categorical_crossentropy", LOGITS, one_hot
        ),
        "classes as integers": _accuracy(build, softmax(3), integers, LOGITS, CLASSES),
        "yes or no": _accuracy(build, sigmoid(), "binary_crossentropy", *YES_OR_NO),
        "one-hot classes of steps": _accuracy(
            build, softmax(2, 3), "categorical_crossentropy", steps(LOGITS), steps(one_hot)
        ),
        "integers of steps": _accuracy(
            build, softmax(2, 3), integers, steps(LOGITS), steps(CLASSES)
        ),
        "yes or no of steps, by mse": _accuracy(
            build, sigmoid(2, 1), "mse", *map(steps, YES_OR_NO)
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
                "one-hot classes of steps": 10 / 12,
            },
            "a single column is taken for one class of one": {
                **dict.fromkeys(accuracies, 0.75),
                "yes or no": 1.0,
                "yes or no of steps, by mse": 1.0,
            },
            "a single column is taken for the class 0": {
                **dict.fromkeys(accuracies, 0.75),
                "yes or no": 0.25,
                "yes or no of steps, by mse": 0.25,
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


@clause("compile.metrics.accuracy-of-columns")
def test_the_accuracy_of_several_questions(build: Build) -> None:
    """Which share is the accuracy of two columns, each with a yes or no."""
    logits = [[3, 2], [2, -2], [-2, 2], [-3, -2]]
    targets = [[1, 1], [1, 1], [0, 1], [0, 1]]

    accuracy = _accuracy(build, sigmoid(2), "binary_crossentropy", logits, targets)

    # The first and the third row are right, of the others one of two. The largest is in column
    # 0, 0, 1 and 1, as the first of the largest targets is.
    recognise(
        accuracy,
        {
            "that of right answers": 0.75,
            "that of rows whose largest prediction is where the largest target is": 1.0,
            "that of rows that are right in all columns": 0.5,
        },
    )


@clause("compile.metrics.accuracy-of-numbers")
def test_the_accuracy_of_numbers_that_are_no_classes(build: Build) -> None:
    """What the accuracy of one column is whose targets are other numbers than 0 and 1."""
    accuracy = _accuracy(build, linear(), "mse", column(2.25, 1.75, 0.75, 4), column(2, 1, 1, 4))

    # Rounded they are 2, 2, 1 and 4; above a half they are all 1.
    recognise(
        accuracy,
        {
            "the share of predictions that are right once they are rounded": 0.75,
            "the share of targets that are 1 where the prediction is above a half": 0.5,
            "the share of predictions that are the target": 0.25,
            "1, as of a row with one column": 1.0,
        },
    )


@clause("compile.metrics.accuracy-by-own-loss")
def test_the_accuracy_of_integers_by_a_loss_of_ones_own(build: Build) -> None:
    """What the accuracy of classes as integers is where the loss does not tell that they are."""
    model = build(softmax(3))
    model.compile(SGD(0.0), UserFunction("absolute_error"), metrics=["accuracy"])

    answered = answer(model.evaluate, *(np.asarray(each, np.float32) for each in (LOGITS, CLASSES)))

    # Classes 0, 1, 2 and 1 are predicted where 0, 1, 2 and 2 is right. The largest of a row of one
    # target is in column 0.
    recognise(
        answered if isinstance(answered, str) else np.ravel(answered.value)[-1],
        {
            "the share of right classes, by the shape of the targets": 0.75,
            "the share of class 0: a target is taken for one-hot": 0.25,
            "none: such targets are refused with a ValueError": "ValueError",
        },
    )
