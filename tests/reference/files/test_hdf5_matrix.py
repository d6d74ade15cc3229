"""Data in a file."""

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from fitspec.reference import Sequential, layers
from fitspec.reference.utils import HDF5Matrix


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a file with the rows 0 to 9."""
    with h5py.File(tmp_path / "data.h5", "w") as file:
        file["rows"] = np.arange(10.0)[:, None]
    return tmp_path / "data.h5"


def test_a_range_of_rows_is_read_when_it_is_asked_for(path: Path) -> None:
    """Indices count from the start of the range."""
    matrix = HDF5Matrix(path, "rows", start=2, end=8)

    assert (len(matrix), matrix.shape, matrix.ndim, matrix.size) == (6, (6, 1), 2, 6)
    assert matrix.dtype == np.float64
    assert matrix[:2].tolist() == [[2], [3]]
    assert matrix[4:100].tolist() == [[6], [7]]
    assert matrix[::3].tolist() == [[2], [5]]
    assert matrix[0].tolist() == [2]
    assert matrix[-1].tolist() == [7]
    assert matrix[[0, 3]].tolist() == [[2], [5]]
    assert matrix[5:2].tolist() == []


def test_what_is_read_is_normalized(path: Path) -> None:
    """Shape and type are those of what the normalizer returns."""
    matrix = HDF5Matrix(path, "rows", normalizer=lambda rows: np.repeat(rows, 2, 1).astype("f4"))

    assert matrix.shape == (10, 2)
    assert matrix.dtype == np.dtype("float32")
    assert matrix[3:4].tolist() == [[3, 3]]


def test_a_model_is_trained_on_it(path: Path) -> None:
    """Whole batches are shuffled, and the last quarter is validated on."""
    model: Any = Sequential([layers.Dense(1, input_shape=(1,))])
    model.compile("sgd", "mse")
    x: Any = HDF5Matrix(path, "rows", end=8)

    history = model.fit(
        x, x, batch_size=2, epochs=2, shuffle="batch", validation_split=0.25, verbose=0
    )

    assert len(history.history["val_loss"]) == 2
    assert model.predict(x).shape == (8, 1)
    with pytest.raises(TypeError, match="shuffle='batch'"):
        model.fit(x, x, batch_size=3, verbose=0)


def test_rows_that_are_not_there_are_refused(path: Path) -> None:
    """So are data sets."""
    with pytest.raises(ValueError, match=r"dataset: .*\['rows'\], not 'columns'"):
        HDF5Matrix(path, "columns")
    with pytest.raises(ValueError, match="not within the 10 rows"):
        HDF5Matrix(path, "rows", end=11)
    with pytest.raises(IndexError, match="outside of the 10 rows"):
        HDF5Matrix(path, "rows")[10]
    with pytest.raises(FileNotFoundError):
        HDF5Matrix(path.with_name("gone"), "rows")
