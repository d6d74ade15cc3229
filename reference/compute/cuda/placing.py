"""All data of a call in the memory of a device, for as long as the call takes."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from fitspec.reference.data.batches import Column, Port, Samples

SHARE_FOR_DATA = 0.5
"""The part of a device's free memory that data may fill for as long as they are used."""


def placed(samples: Samples, library: Any) -> Samples:
    """Return data in the memory of a device, in the types of the model, where they fit.

    Those that are read from elsewhere piece by piece stay there, and so do all the others.

    Args:
        samples: The data.
        library: The array library of the device.

    """
    if samples.kind is None:
        return samples
    free, _ = library.cuda.runtime.memGetInfo()
    if nbytes(samples) > free * SHARE_FOR_DATA:
        return samples

    def there(column: Column | None, port: Port | None) -> Any:
        if column is None or port is None:
            return None
        return library.asarray(column, dtype=port.dtype)

    return replace(
        samples,
        inputs=list(map(there, samples.inputs, samples.input_ports)),
        targets=list(map(there, samples.targets, samples.target_ports)),
        weights=[None if one is None else library.asarray(one) for one in samples.weights],
    )


def nbytes(samples: Samples) -> int:
    """Return how much memory data take, in the types that they have."""
    columns = [*samples.inputs, *samples.targets, *samples.weights]
    return sum(
        math.prod(column.shape) * np.dtype(column.dtype).itemsize
        for column in columns
        if column is not None
    )
