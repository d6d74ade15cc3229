"""`evaluate`: sample weights."""

from __future__ import annotations

from fitspec.conformance.arrangements.taken import takes_sequences
from fitspec.conformance.arrangements.weighted_losses import (
    expect_weighted_samples,
    expect_weighted_steps,
)
from fitspec.conformance.checks import Build, clause


@clause("evaluate.sample_weight.flat")
def test_sample_weights_weight_the_evaluated_loss(build: Build) -> None:
    """A flat array holds one factor for the loss of each sample."""
    # Batch by batch: 10.5 and 3.
    expect_weighted_samples(build, lambda model: model.evaluate, batch_size=2)


@clause("evaluate.sample_weight.temporal")
def test_2d_weights_weight_each_time_step_in_evaluation(build: Build) -> None:
    """In temporal mode a 2D array holds one factor for each step of each sample."""
    # Batch by batch: 44.5/3 and 3.5/3, unweighted 14/3 and 1.
    expect_weighted_steps(
        build,
        lambda model: model.evaluate,
        batch_size=1,
        # Whether Sequences are taken is another clause.
        on_items=takes_sequences(build, "evaluate"),
        otherwise={
            "each batch is divided by the sum of its weights": (44.5 / 6.5 + 1) / 2,
            "the weights of the first batch are used for every batch": (44.5 + 6.5) / 6,
        },
    )
