"""`train_on_batch`: sample weights."""

from __future__ import annotations

from fitspec.conformance.arrangements.weighted_losses import (
    expect_weighted_samples,
    expect_weighted_steps,
)
from fitspec.conformance.checks import Build, clause


@clause("train_on_batch.sample_weight.flat")
def test_flat_weights_weight_the_loss_of_a_batch(build: Build) -> None:
    """A flat array holds one factor for the loss of each sample."""
    expect_weighted_samples(build, lambda model: model.train_on_batch, trains=True, third=True)


@clause("train_on_batch.sample_weight.temporal")
def test_2d_weights_weight_each_time_step_of_a_trained_batch(build: Build) -> None:
    """In temporal mode a 2D array holds one factor for each step of each sample."""
    expect_weighted_steps(build, lambda model: model.train_on_batch, trains=True)
