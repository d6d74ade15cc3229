"""`fit`: the weights of the data that it validates on."""

from __future__ import annotations

from typing import Any

import numpy as np

from fitspec.conformance.arrangements.compiled import small_model
from fitspec.conformance.arrangements.taken import taken, tried, validates_on_sequences
from fitspec.conformance.arrangements.weighted_losses import (
    expect_class_weights_in_training_only,
)
from fitspec.conformance.checks import (
    Build,
    clause,
    expect,
)
from fitspec.conformance.vocabulary.probes import SequenceOf
from fitspec.conformance.vocabulary.samples import ascending, column, constant


@clause("fit.validation_data.triple-weights")
def test_weights_in_validation_data_weight_its_loss(build: Build) -> None:
    """A third element of the validation data holds the weights of its samples."""
    validation = ascending(2), constant(2, 0), column(0.25, 3).ravel()

    def losses(batch_size: int = 2, **weights: Any) -> list[float]:
        fit = small_model(build).fit
        data = constant(2, 1), constant(2, 0)
        arguments = {"batch_size": batch_size, "epochs": 1, **weights}
        result = fit(*data, validation_data=validation, **arguments)
        found: list[float] = result.history.history["val_loss"]
        return found

    seen, of_training = losses(), {"sample_weight": column(10, 10).ravel()}
    seen += tried(losses, **of_training) or []
    # Whether class weights are taken, and weight validation data, are other clauses.
    of_classes = tried(losses, class_weight={0: 10.0}) or []
    seen += [6.125] if of_classes == [61.25] else of_classes
    seen += losses(batch_size=1)

    # (0.25·1 + 3·4)/2, whatever the weights of as many samples that are trained on, or of their
    # class, and in two batches as in one.
    expect(
        seen,
        equals=[6.125] * len(seen),
        otherwise={
            "the weights had no effect": [2.5] * len(seen),
            "the weighted loss is divided by the sum of the weights": [
                *[49 / 13] * (len(seen) - 1),
                2.5,
            ],
        },
    )


@clause("fit.validation_data.class-weight-not-applied")
def test_class_weights_do_not_touch_validation_data(build: Build) -> None:
    """Class weights act in training and leave the loss of the validation data alone."""
    data = constant(2, 1), column(0, 1)
    forms: list[Any] = [data]
    if validates_on_sequences(build):
        forms.append(SequenceOf([data]))
    # Whether it may have weights of its own is another clause.
    triple = (*data, np.ones(2, np.float32))
    if taken(small_model(build).fit, *data, epochs=1, validation_data=triple):
        forms.append(triple)

    expect_class_weights_in_training_only(
        build, *data, *({"validation_data": form} for form in forms)
    )
