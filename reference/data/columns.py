"""Data as users give it, brought into the form that batches are cut from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.data import devices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.data.batches import Column, Port


def columns(value: object, ports: Sequence[Port], what: str) -> list[Column]:
    """Match data to the inputs or outputs of a model.

    Args:
        value: One array, a list by position, or a dict by name.
        ports: The inputs or outputs that take data from outside.
        what: The argument's name, for messages.

    Raises:
        ValueError: Wrong number of arrays, a name missing from a dict, not numbers, or samples of
            another shape.

    """
    if isinstance(value, Mapping):
        missing = [port.name for port in ports if port.name not in value]
        if missing:  # fit.raises.dict-names
            raise ValueError(f"{what} has no entry {missing[0]!r}, only {list(value)}")
        # fit.x.dict-by-name, fit.y.dict-by-output-name
        given = [value[port.name] for port in ports]
    else:
        given = entries(value, len(ports))
    # fit.raises.number-of-inputs, fit.raises.number-of-targets
    if len(given) != len(ports):
        raise ValueError(f"{what}: the model takes {len(ports)} arrays, got {len(given)}")
    found = [as_column(one, what) for one in given]
    for column, port in zip(found, ports, strict=True):
        check_shape(column, port, what)
    return found


def entries(value: object, expected: int) -> list[object]:
    """Return the arrays in `value`: those of a list of arrays, or `value` itself."""
    if value is None:
        return []
    if isinstance(value, (list, tuple)) and (
        expected > 1 or any(hasattr(one, "shape") and len(one.shape) for one in value)
    ):
        return list(value)  # fit.x.list-multi-input, fit.y.list-multi-output
    return [value]  # fit.x.array


def as_column(value: object, what: str) -> Column:
    """Return an object with rows that hold numbers.

    Raises:
        ValueError: `value` does not hold numbers, or has no rows.

    """
    column: Column = on_host(value)
    if not devices.is_array(column) and not is_read_lazily(column):
        try:
            column = np.asarray(column)
        except ValueError as error:
            raise ValueError(f"{what}: rows of different lengths make no array") from error
    if np.dtype(column.dtype).kind not in "biuf":
        raise ValueError(f"{what}: expected numbers, got {type(value).__name__} of {column.dtype}")
    if isinstance(column, np.ma.MaskedArray):
        raise ValueError(f"{what}: a mask would be lost; expected an array without one")  # noqa: TRY004  as for all data
    if not column.shape:
        raise ValueError(f"{what}: expected an array of samples, got the single value {value!r}")
    return column


def is_read_lazily(value: object) -> bool:
    """Whether `value` gives rows on demand, as an HDF5 data set does."""
    return (
        all(hasattr(value, name) for name in ("shape", "dtype", "__getitem__"))
        and not hasattr(value, "__array_interface__")
        # A table selects columns, not rows, by square brackets.
        and not hasattr(value, "iloc")
    )


def on_host(value: Any) -> Any:
    """Return the array in a tensor of any library, and anything else as it is."""
    if isinstance(value, np.ndarray):
        return value
    if hasattr(value, "detach") and hasattr(value, "cpu"):
        return value.detach().cpu().numpy()
    if hasattr(value, "shape") and callable(getattr(value, "numpy", None)):
        # A tensor that holds an array of its own gives it as it is, wherever it may be.
        own = getattr(value, "data", None)
        return own if devices.is_array(own) else value.numpy()
    return value


def check_shape(column: Column, port: Port, what: str) -> None:
    """Refuse data whose samples do not have the shape that the model takes.

    Raises:
        ValueError: Rank or a length differs (`fit.raises.input-shape`).

    """
    shape = tuple(column.shape[1:]) or ((1,) if port.shape else ())
    fits = len(shape) == len(port.shape) and all(
        wanted in (None, length) for length, wanted in zip(shape, port.shape, strict=True)
    )
    if port.checked and not fits:
        raise ValueError(
            f"{what}: samples for {port.name!r} must have shape {port.shape}, got {shape}"
        )


def number_of_samples(what: str, each: Sequence[Column], own: int) -> int:
    """Return the number of rows that all arrays share.

    Args:
        what: What the arrays are, for messages.
        each: The arrays.
        own: What it is where there are none.

    Raises:
        ValueError: The numbers of rows differ, or there are none.

    """
    if not each:
        return own
    lengths = {int(column.shape[0]) for column in each}
    # fit.raises.unequal-sample-counts, fit_generator.output.same-length
    if len(lengths) > 1:
        raise ValueError(f"{what} must have equal numbers of samples, got {sorted(lengths)}")
    count = lengths.pop()
    if not count:
        raise ValueError(f"{what}: there are no samples")
    return count
