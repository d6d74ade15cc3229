"""Arrays to tensors and back."""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np
import torch


class ModulePlace:
    """Where a module computes, and in which type.

    Both are asked for anew each time, because a user may move the module.
    """

    def __init__(self, module: torch.nn.Module) -> None:
        self._module = module

    @property
    def device(self) -> torch.device:
        """The device of the first weight or buffer; the default device if there is none."""
        first = next(chain(self._module.parameters(), self._module.buffers()), None)
        return torch.get_default_device() if first is None else first.device

    @property
    def dtype(self) -> torch.dtype:
        """The type of the first weight that is no whole number; the default type if none is."""
        types = (one.dtype for one in self._module.parameters() if one.is_floating_point())
        return next(types, torch.get_default_dtype())

    @property
    def array_dtype(self) -> str:
        """The type of NumPy that arrays of such numbers have before they become tensors."""
        return "float64" if self.dtype == torch.float64 else "float32"

    def tensor(self, array: Any) -> torch.Tensor:
        """Return a tensor of its own with the values of an array.

        Whole numbers stay whole, since embeddings and class indices need them. It shares no memory,
        since a module may change its input in place.
        """
        given = torch.tensor(np.ascontiguousarray(array), device=self.device)
        if given.is_floating_point():
            return given.to(self.dtype)
        return given if given.dtype == torch.bool else given.long()


def array_of(tensor: torch.Tensor, *, copy: bool = False) -> Any:
    """Return the values of a tensor as a NumPy array."""
    detached = tensor.detach()
    if detached.dtype == torch.bfloat16:  # NumPy has no such type
        detached = detached.float()
    return detached.to("cpu", copy=copy).numpy()
