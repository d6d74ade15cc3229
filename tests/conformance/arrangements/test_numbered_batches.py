"""Tests of `arrangements.numbered_batches`: batches that can be told apart."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from fitspec.conformance.arrangements import numbered_batches


def test_rows_of_batches_are_samples_of_one_tally() -> None:
    """Batches hold the rows asked for, of as many features as there are samples in all."""
    batches = numbered_batches.of_rows([[0, 1], [2]])

    inputs = [x.tolist() for x, _ in batches]
    targets = [y.ravel().tolist() for _, y in batches]
    assert inputs == [[[1, 0, 0], [0, 1, 0]], [[0, 0, 1]]]
    assert targets == [[-1, -2], [-4]]


def test_the_mean_of_errors_tells_which_batches_were_validated_on() -> None:
    """Up to three of twelve batches, or all, are read off the float32 mean of their errors."""
    choices = [
        list(chosen) for size in (1, 2, 3, 12) for chosen in itertools.combinations(range(12), size)
    ]

    means = [float(np.float32(sum(2**one for one in each)) / len(each)) for each in choices]
    found = numbered_batches.validated(
        {"val_loss": [1.0], "loss": [1.0], "val_metric": [float(np.float32(one)) for one in means]}
    )
    assert found == choices


@pytest.mark.parametrize("mean", [0.0, 0.3, -1.0], ids=["zero", "no fraction of it", "negative"])
def test_a_mean_of_no_batches_tells_none(mean: float) -> None:
    """A value that no choice of batches has as its mean is none of them."""
    assert numbered_batches.validated({"val_metric": [mean]}) == [[]]


def test_without_a_metric_nothing_was_validated_on() -> None:
    """Without a validation metric there was no validation; the validation loss does not count."""
    assert numbered_batches.validated({"loss": [1.0], "val_loss": [1.0]}) == []
