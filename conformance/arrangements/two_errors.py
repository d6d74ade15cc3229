"""Two samples on which the weight 3 errs by 3 and by 2, and what weights them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.arrangements.compiled import Build, frozen
from fitspec.conformance.arrangements.taken import tried
from fitspec.conformance.claims.expect import answer
from fitspec.conformance.vocabulary.models import linear, two_in_two_out
from fitspec.conformance.vocabulary.probes import SGD, SequenceOf
from fitspec.conformance.vocabulary.samples import column, constant
from fitspec.conformance.worker.answers import loss_of

if TYPE_CHECKING:
    from fitspec.conformance.worker.remote import Model

#: Two samples with x = 1. The weight 3 errs by 3 on the first and by 2 on the second.
X, Y = constant(2, 1), column(0, 1)
WEIGHTS = np.asarray([1, 3], np.float32)
CLASS_WEIGHT = {0: 1.0, 1: 10.0}
#: What to call the loss when it is divided by the weights instead of by the samples.
BY_WEIGHTS = "the weighted loss is divided by the sum of the weights"


def trained_on_two_outputs(build: Build, *, epochs: int = 1, **arguments: object) -> object:
    """Train a = 3·x and b = 2·x on the targets 0 and 1; return the loss or the refusal."""
    model = frozen(build, two_in_two_out(3.0, 2.0))
    return loss_of(answer(model.fit, [X, X], [Y, Y], epochs=epochs, **arguments))


def model_of_3(build: Build, rate: float = 0.0) -> Model:
    """Return a compiled model that predicts 3·x and, without a rate, does not learn."""
    model = build(linear(3.0))
    model.compile(SGD(rate), "mse")
    return model


def labels_of_other_kinds(build: Build) -> dict[str, tuple[Any, ...]]:
    """Return the samples with labels in bytes, in truth values, and whole ones in a Sequence.

    Those alone that are trained on beside class weights, which is left open.
    """
    kinds: dict[str, tuple[Any, ...]] = {
        "uint8": (X, Y.astype(np.uint8)),
        "bool": (X, Y.astype(bool)),
        "a Sequence, int64": (SequenceOf([(X, Y.astype(np.int64))]),),
    }
    ones = {"class_weight": {0: 1.0, 1: 1.0}, "epochs": 1}
    found = {name: tried(model_of_3(build).fit, *data, **ones) for name, data in kinds.items()}
    return {
        name: kinds[name]
        for name, result in found.items()
        if result is not None and loss_of(result) == [6.5]
    }
