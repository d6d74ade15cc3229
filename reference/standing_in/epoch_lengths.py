"""How many batches an epoch has, told anew for a Sequence whose length changes between epochs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference.callbacks import CallbackList
from fitspec.reference.data.sources import SequenceBatches, number_of_batches

if TYPE_CHECKING:
    from collections.abc import Mapping

_begin_epoch = CallbackList.begin_epoch


def begin_epoch(self: CallbackList, epoch: int) -> None:
    """Tell that an epoch begins, and first of its number of batches, as Keras 2.3 does."""
    source, params = vars(self).get("trained_on", (None, {}))
    if epoch_ends_with(source) and vars(self).get("has_begun"):
        tell(self, {**params, "steps": number_of_batches(source.data)})
    vars(self)["has_begun"] = True
    _begin_epoch(self, epoch)


def epoch_ends_with(source: object) -> bool:
    """Whether an epoch is one pass over a Sequence, as no number of steps was given."""
    return isinstance(source, SequenceBatches) and vars(source)["_steps"] is None


def tell(callbacks: CallbackList, params: Mapping[str, object]) -> None:
    """Tell all callbacks what the call is about."""
    for callback in callbacks.callbacks:
        callback.set_params(params)
