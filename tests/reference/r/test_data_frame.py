"""Tests of `reference.r.data_frame`."""

from __future__ import annotations

import pytest

from fitspec.reference.r.data_frame import DataFrame
from fitspec.reference.utils.plotting import TRAINING, VALIDATION


@pytest.fixture
def frame() -> DataFrame:
    """Three rows: two of training, one of validation."""
    frame = DataFrame()
    frame.add(1, 0.5, "loss", TRAINING)
    frame.add(2, 0.25, "loss", TRAINING)
    frame.add(1, 0.75, "acc", VALIDATION)
    return frame


def test_columns_are_those_of_r(frame: DataFrame) -> None:
    """The columns are epoch, value, metric and data, one entry a row."""
    assert frame.columns() == {
        "epoch": [1, 2, 1],
        "value": [0.5, 0.25, 0.75],
        "metric": ["loss", "loss", "acc"],
        "data": ["training", "training", "validation"],
    }


def test_levels_keep_their_order(frame: DataFrame) -> None:
    """Metrics are in the order of their appearance; the data are always both."""
    levels = frame.levels("metric"), frame.levels("data"), DataFrame().levels("data")

    assert levels == (["loss", "acc"], ["training", "validation"], ["training", "validation"])


def test_numbers_have_no_levels(frame: DataFrame) -> None:
    """Only the two columns of categories have levels."""
    with pytest.raises(ValueError, match="'metric' or 'data', not 'epoch'"):
        frame.levels("epoch")


def test_rows_come_in_order(frame: DataFrame) -> None:
    """A table is as long as its rows, and gives them in the order they were added in."""
    rows = [(1, 0.5, "loss", TRAINING), (2, 0.25, "loss", TRAINING), (1, 0.75, "acc", VALIDATION)]

    assert (list(frame), len(frame)) == (rows, 3)
