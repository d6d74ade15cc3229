"""`fit`: no data from outside."""

from __future__ import annotations

from fitspec.conformance.checks import SGD, Build, clause, expect, outcome
from fitspec.conformance.vocabulary.models import fed_by_tensor, linear
from fitspec.conformance.vocabulary.probes import NativeTensor
from fitspec.conformance.vocabulary.samples import column


@clause("fit.x.none-with-framework-tensors")
def test_a_model_built_on_tensors_needs_no_data(build: Build) -> None:
    """A model on tensors draws `steps_per_epoch` batches an epoch from them, without x and y."""
    model = build(fed_by_tensor(NativeTensor(column(1, 1)), weight=1.0))
    model.compile(SGD(0.25), "mse", target_tensors=NativeTensor(column(0, 0)))

    model.fit(steps_per_epoch=2, epochs=3)

    # Gradient 2·w at x = 1: each of the 2·3 updates halves w.
    expect(
        model.weight("y"),
        equals=2.0**-6,
        otherwise={"each epoch drew one batch": 2.0**-3, "no update was made": 1.0},
    )


@clause("fit.x.none-without-steps-ValueError")
def test_training_on_nothing_is_refused(build: Build) -> None:
    """Neither data nor a number of steps is a ValueError for a model that is fed from outside."""
    model = build(linear())
    model.compile(SGD(0.0), "mse")

    expect(outcome(model.fit), equals="ValueError")
