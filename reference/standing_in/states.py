"""What stateful layers keep, as programs read and set it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.tensor import array_library
from fitspec.reference.tensor.autodiff import Tensor

if TYPE_CHECKING:
    from fitspec.reference.layers.recurrent import Recurrent


def reset_states(self: Recurrent, states: Any = None) -> None:
    """Start the next batch from zeros, or from states.

    Args:
        self: A recurrent layer.
        states: Arrays of shape (samples, units), one for each state, or one by itself; None for
            zeros.

    Raises:
        ValueError: There are more or fewer states, a shape differs, something is no number, or the
            layer keeps no states; the ones that are kept are unchanged then.

    """
    if states is None:
        self._states = None
        return
    if not self.stateful:
        raise ValueError(f"states: layer {self.name!r} keeps none, as it is not stateful")
    several = states if isinstance(states, (list, tuple)) else [states]
    if len(several) != self.kept:
        raise ValueError(f"states: layer {self.name!r} has {self.kept}, got {len(several)}")
    arrays = [array_library.numbers(each, "states") for each in several]
    samples = self.batch_size or len(np.atleast_1d(arrays[0]))
    for array in arrays:
        if array.shape != (samples, self.units):
            raise ValueError(
                f"states: layer {self.name!r} has states of shape {(samples, self.units)}, got "
                f"{array.shape}"
            )
    library = array_library.library(self.device)
    self._states = [library.array(each, array_library.FLOAT) for each in arrays]


def states_of(self: Recurrent) -> list[Tensor | None]:
    """Return the states that the next batch goes on from, None for each as long as it is zeros."""
    if self._states is None:
        return [None] * self.kept
    return [Tensor(each.copy()) for each in self._states]
