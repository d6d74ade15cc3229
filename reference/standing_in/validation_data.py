"""The arrays that are validated on, as callbacks find them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from fitspec.reference.callbacks import CallbackList, History
from fitspec.reference.data import devices

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fitspec.reference.callbacks import Callback
    from fitspec.reference.callbacks.base import Model
    from fitspec.reference.data.sources import Source
    from fitspec.reference.training.loop import Validation

_sources: WeakKeyDictionary[Callback, Validation | None] = WeakKeyDictionary()
"""What the call validates on that a callback was told of last; no part of what is copied of it."""

_prepare = CallbackList.prepare


def prepare(
    self: CallbackList,
    model: Model,
    params: Mapping[str, object],
    validation: Validation | None = None,
    source: Source | None = None,
) -> None:
    """Tell all callbacks about the model and the call, and what it validates on."""
    vars(self)["trained_on"] = source, params
    _sources.update((one, validation) for one in self.callbacks if type(one) is not History)
    _prepare(self, model, params)


class ValidationData:
    """The attribute of callbacks: inputs, targets and sample weights, one after the other.

    None where nothing in memory is validated on. Who sets the attribute finds what was set.
    """

    def __get__(self, callback: Callback | None, owner: type | None = None) -> Any:
        return None if callback is None else arrays_in(_sources.get(callback))


def arrays_in(validation: Validation | None) -> list[Any] | None:
    """Return what is validated on, in the types of the model; None if it is not in memory."""
    samples: Any = None if validation is None else getattr(validation.source, "arrays", None)
    if samples is None:
        return None
    targets = [one for one in samples.targets if one is not None]
    if not all(map(devices.is_array, (*samples.inputs, *targets))):
        return None
    batch = samples.whole()
    weights = [np.ones(batch.size, "float32") if one is None else one for one in batch.weights]
    known = [*batch.inputs, *(one for one in batch.targets if one is not None)]
    given = [*samples.inputs, *targets]
    return [*map(the_same, given, known), *weights]


def the_same(given: Any, known: Any) -> Any:
    """Return the array that was given, rather than one in a model's type, if they are alike."""
    alike = (given.dtype, given.shape) == (known.dtype, known.shape)
    return given if alike else known
