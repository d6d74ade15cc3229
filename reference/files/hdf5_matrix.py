"""Data that stay in a file until a batch of them is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.config import formats

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.config.formats import Path_
    from fitspec.reference.tensor.array_library import Array


class HDF5Matrix:
    """A range of the rows of a data set in an HDF5 file, to be given to a model as data.

    Rows are read in order: train with `shuffle="batch"` or without shuffling.

    Args:
        datapath: The file.
        dataset: Name of the data set in it.
        start: Index of the first row.
        end: Index after the last row; the number of rows when left out.
        normalizer: Is called with what is read, and returns what is given.

    Raises:
        ImportError: h5py is not installed.
        ValueError: There is no such data set, or no such rows.

    """

    def __init__(
        self,
        datapath: Path_,
        dataset: str,
        start: int = 0,
        end: int | None = None,
        normalizer: Callable[[Array], Array] | None = None,
    ) -> None:
        with formats.expected(datapath, "HDF5"):
            file = formats.required("h5py").File(datapath, "r")
        if dataset not in file:
            raise ValueError(f"dataset: {datapath} has {sorted(file)}, not {dataset!r}")
        self.data = file[dataset]
        rows = self.data.shape[0]
        self.start = start
        self.end = rows if end is None else end
        if not 0 <= self.start <= self.end <= rows:
            raise ValueError(f"start, end: {start} to {end} are not within the {rows} rows")
        self.normalizer = normalizer
        first = self.of(self.data[self.start : self.start + 1])
        self.shape: tuple[int, ...] = (len(self), *first.shape[1:])
        self.dtype = first.dtype

    def of(self, read: Any) -> Array:
        """Return what is given in place of what was read."""
        return np.asarray(read if self.normalizer is None else self.normalizer(read))

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of elements."""
        return int(np.prod(self.shape))

    def __len__(self) -> int:
        return self.end - self.start

    def __getitem__(self, key: Any) -> Array:
        """Read rows: a slice, an index, or indices in ascending order."""
        if isinstance(key, slice):
            first, last, step = key.indices(len(self))
            return self.of(self.data[first + self.start : max(first, last) + self.start : step])
        indices = np.asarray(key)
        if indices.size and not -len(self) <= indices.min() <= indices.max() < len(self):
            raise IndexError(f"index {key!r} is outside of the {len(self)} rows")
        rows = np.where(indices < 0, indices + len(self), indices) + self.start
        return self.of(self.data[int(rows) if rows.ndim == 0 else rows])
