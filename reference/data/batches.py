"""Data of a known number of samples, and the batches that are cut from them."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from fitspec.reference.data import devices
from fitspec.reference.data.arrays import FLOAT, Array, Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Rows: TypeAlias = slice | Array
    Column: TypeAlias = Any
    """An array, or an object that gives rows like one, such as an HDF5 data set."""


@dataclass(frozen=True)
class Port:
    """An input or output of a model: what data must look like there.

    Attributes:
        name: Key in a dict of data.
        shape: Shape of one sample, None for lengths that may vary.
        checked: Whether data of another shape is refused.
        dtype: The type that data are brought into; None to leave them as they are.

    """

    name: str
    shape: Shape
    checked: bool = True
    dtype: str | None = FLOAT


@dataclass(slots=True)  # and not frozen, as there is one for every step
class Batch:
    """The samples of one step.

    Attributes:
        inputs: One array per input that takes data from outside.
        targets: One array per output; None where no target comes from outside.
        weights: One array per output, None for ones.
        size: Number of samples.
        kind: Batches of the same kind and size have arrays of the same shapes and types; None if
            nothing is known.

    """

    inputs: list[Array]
    targets: list[Array | None]
    weights: list[Array | None]
    size: int
    kind: object = None


@dataclass
class Samples:
    """Data of a known number of samples, from which batches are cut.

    Attributes:
        input_ports: The inputs that take data from outside.
        target_ports: One per output; None where no target comes from outside.
        inputs: One array per input, or an object that gives rows like one.
        targets: One per output; None where no target comes from outside.
        weights: One array per output, None for ones.
        count: Number of samples.
        kind: Of the batches that are cut from here, see `Batch`.
        library: That of a device, if all data are there; None otherwise.

    """

    input_ports: list[Port]
    target_ports: list[Port | None]
    inputs: list[Column]
    targets: list[Column | None]
    weights: list[Array | None]
    count: int

    def __post_init__(self) -> None:
        """See what need not be looked at again for every batch."""
        columns = [one for one in (*self.inputs, *self.targets) if one is not None]
        ports = [one for one in (*self.input_ports, *self.target_ports) if one is not None]
        # Batches of a size that are cut from arrays are sure to be alike.
        self.kind = object() if all(map(devices.is_array, columns)) else None
        self.library = devices.library_of(columns, self.weights)
        #: Inputs and targets from which rows can be taken as they are.
        self._ready: tuple[list[Any], list[Any]] | None = None
        if all(is_ready(*pair, self.library) for pair in zip(columns, ports, strict=True)):
            inputs = of_ports(with_feature_axis, self.inputs, self.input_ports)
            self._ready = inputs, of_ports(with_feature_axis, self.targets, self.target_ports)

    def batch(self, rows: Rows) -> Batch:
        """Return the samples at `rows`.

        Inputs, targets and weights stay together (`fit.shuffle.keeps-x-y-weights-aligned`).
        """
        if self.library is not None and not isinstance(rows, slice):
            rows = self.library.asarray(rows)
        weights = [None if weight is None else weight[rows] for weight in self.weights]
        if self._ready is not None:
            inputs = [column[rows] for column in self._ready[0]]
            targets = [None if column is None else column[rows] for column in self._ready[1]]
        else:
            read = functools.partial(load, rows)
            inputs = of_ports(read, self.inputs, self.input_ports)
            targets = of_ports(read, self.targets, self.target_ports)
        return Batch(inputs, targets, weights, length_of(rows), self.kind)

    def whole(self) -> Batch:
        """Return all samples as one batch."""
        return self.batch(slice(0, self.count))

    def cut(self, boundary: int) -> tuple[Samples, Samples]:
        """Return the samples before `boundary` and those from it on."""
        # fit.validation_split.multi-input-output: everything is cut at the same index
        return self._between(0, boundary), self._between(boundary, self.count)

    def _between(self, start: int, stop: int) -> Samples:
        def piece(column: Column | None) -> Column | None:
            return None if column is None else Tail.of(column, start, stop)

        return replace(
            self,
            inputs=[piece(column) for column in self.inputs],
            targets=[piece(column) for column in self.targets],
            # fit.validation_split.carries-sample-weights
            weights=[None if one is None else one[start:stop] for one in self.weights],
            count=stop - start,
        )


class Tail:
    """The last rows of an object that is too large, or too slow, to be copied."""

    def __init__(self, column: Column, start: int) -> None:
        self.column = column
        self.start = start

    @staticmethod
    def of(column: Column, start: int, stop: int) -> Column:
        """Return rows `start` to `stop`, without reading them unless that costs nothing."""
        if devices.is_array(column):
            return column[start:stop]
        # Of a head nobody asks for more than its rows.
        return Tail(column, start) if start else column

    def __getitem__(self, rows: slice) -> Array:
        # What is set apart is read in order.
        selected: Array = self.column[rows.start + self.start : rows.stop + self.start]
        return selected


def of_ports(
    change: Callable[[Column, Port], Any], columns: list[Any], ports: Sequence[Port | None]
) -> list[Any]:
    """Return what becomes of every column at its port; None where there is none."""
    return [
        None if port is None else change(column, port)
        for column, port in zip(columns, ports, strict=True)
    ]


def is_ready(column: Column, port: Port, library: Any) -> bool:
    """Whether rows of a column are in memory, on a device if all are, in the type of the model."""
    is_there = type(column) is np.ndarray or library is not None
    return is_there and port.dtype in (None, column.dtype)


def length_of(rows: Rows) -> int:
    """Return the number of rows that are selected."""
    return int(rows.stop - rows.start) if isinstance(rows, slice) else len(rows)


def load(rows: Rows, column: Column, port: Port) -> Array:
    """Read rows of a column, in the type of the model."""
    selected = column[rows] if isinstance(rows, slice) else scattered(column, rows, port)
    return with_feature_axis(devices.typed(selected, port.dtype), port)


def scattered(column: Column, rows: Array, port: Port) -> Array:
    """Read rows that do not follow each other.

    Raises:
        TypeError: The column can only be read in order (`fit.shuffle.hdf5-purpose`).

    """
    try:
        selected: Array = column[devices.beside(column, rows)]
    except TypeError as error:
        raise TypeError(
            f"the data for {port.name!r} cannot be read in arbitrary order: "
            "pass shuffle='batch', which reads whole batches, or shuffle=False"
        ) from error
    return selected


def with_feature_axis(array: Array, port: Port) -> Array:
    """Take a flat vector as one feature per sample (`fit.x.one-d-array`)."""
    return array[:, None] if array.ndim == 1 and port.shape else array


def split_index(count: int, split: float) -> int:
    """Return the index of the first validation sample (`fit.validation_split.index-rule`)."""
    return int(count * (1.0 - split))


def split(samples: Samples, fraction: float) -> tuple[Samples, Samples]:
    """Return the training part and the validation part (`fit.validation_split.tail`).

    Raises:
        ValueError: Either part would be empty.

    """
    # fit.validation_split.before-shuffling: the order is the one the data came in
    head, tail = samples.cut(split_index(samples.count, fraction))
    if not head.count or not tail.count:
        raise ValueError(
            f"validation_split={fraction} leaves {head.count} of {samples.count} samples to train "
            f"on and {tail.count} to validate on; both parts need at least one"
        )
    return head, tail
