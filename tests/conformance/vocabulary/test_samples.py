"""Tests of `vocabulary.samples`: the data of the checks."""

from __future__ import annotations

import numpy as np

from fitspec.conformance.vocabulary import samples


def test_the_targets_of_a_tally_tell_sets_apart() -> None:
    """Each set of targets has another mean, as each set of bits is another number."""
    targets = samples.far_below(4).ravel()
    sums = [targets[[bool(mask >> i & 1) for i in range(4)]].sum() for mask in range(16)]

    assert len(set(sums)) == 16


def test_data_have_a_feature_axis_and_the_documents_type() -> None:
    """Data are float32 of shape (samples, features)."""
    for data in (samples.ascending(3), samples.constant(3, 2.0), samples.column(1, 2, 3)):
        assert (data.dtype.name, data.shape) == ("float32", (3, 1))
    np.testing.assert_array_equal(samples.ascending(3).ravel(), [1, 2, 3])
    np.testing.assert_array_equal(samples.identity(2), [[1, 0], [0, 1]])
