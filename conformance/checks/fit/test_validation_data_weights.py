"""`fit`: the weights of the data that it validates on."""

from __future__ import annotations

from typing import Any

import numpy as np

from fitspec.conformance.arrangements.compiled import small_model
from fitspec.conformance.arrangements.taken import taken, tried, validates_on_sequences
from fitspec.conformance.arrangements.weighted_losses import (
    expect_class_weights_in_training_only,
)
from fitspec.conformance.checks import Build, Generator, clause, expect
from fitspec.conformance.vocabulary.probes import SequenceOf
from fitspec.conformance.vocabulary.samples import ascending, column, constant


@clause("fit.validation_data.triple-weights")
def test_weights_in_validation_data_weight_its_loss(build: Build) -> None:
    """A third element of the validation data holds the weights of its samples."""
    validation = ascending(2), constant(2, 0), column(0.25, 3).ravel()

    def losses(batch_size: int = 2, **others: Any) -> list[float]:
        fit = small_model(build).fit
        data = constant(2, 1), constant(2, 0)
        arguments = {"batch_size": batch_size, "epochs": 1, "validation_data": validation, **others}
        found: list[float] = fit(*data, **arguments).history.history["val_loss"]
        return found

    seen = {"arrays": losses(), "in batches of one": losses(batch_size=1)}
    # Whether training takes weights, and these weight validation data, are other clauses.
    beside: dict[str, tuple[dict[str, Any], Any]] = {
        "beside weights of samples": ({"sample_weight": column(10, 10).ravel()}, None),
        "beside weights of classes": ({"class_weight": {0: 10.0}}, [61.25]),
    }
    for name, (weights, weighted) in beside.items():
        if (found := tried(losses, **weights)) not in (None, weighted):
            seen[name] = found
    # So is whether Sequences and generators are validated on.
    pair, two = validation[:2], {"validation_steps": 2}
    items = [validation, (*pair, column(1, 0.5).ravel())]
    streams: dict[str, tuple[type[SequenceOf | Generator], dict[str, int]]] = {
        "in a Sequence": (SequenceOf, {}),
        "in a generator": (Generator, two),
    }
    for name, (kind, needed) in streams.items():
        if tried(losses, validation_data=kind([pair] * 2), **needed) == [2.5]:
            found = tried(losses, validation_data=kind(items), **needed)
            seen |= {} if found is None else {name: found}

    # (0.25·1 + 3·4)/2, whatever the weights of as many samples that are trained on, or of their
    # class, whatever they come in, and in two batches as in one.
    # The second item of a stream has (1·1 + 0.5·4)/2, and both the mean of the two.
    right, unweighted = dict.fromkeys(seen, [6.125]), dict.fromkeys(seen, [2.5])
    right |= {name: [3.8125] for name in streams if name in seen}
    expect(
        seen,
        equals=right,
        otherwise={
            "the weights had no effect": unweighted,
            "the weights in items had no effect": {
                name: (unweighted if name in streams else right)[name] for name in seen
            },
            "the weighted loss is divided by the sum of the weights": {
                # 12.25/3.25; of items the mean of that and of 3/1.5.
                **{name: [75 / 26] if name in streams else [49 / 13] for name in seen},
                "in batches of one": [2.5],
            },
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
