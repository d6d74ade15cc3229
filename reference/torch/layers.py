"""A module inside of a model, as the documented API shows layers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from fitspec.reference.torch.tensors import array_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.tensor.array_library import Array


@dataclass
class Layer:
    """A module and the name it has in the one around it.

    Attributes:
        name: The name.
        module: The module itself.

    """

    name: str
    module: torch.nn.Module

    @property
    def trainable(self) -> bool:
        """Whether training changes a weight; set it to freeze or release all weights."""
        return any(weight.requires_grad for weight in self.module.parameters())

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self.module.requires_grad_(value)

    def get_weights(self) -> list[Array]:
        """Return a copy of all that `state_dict` holds, in its order, as NumPy arrays."""
        return [array_of(value, copy=True) for value in self.module.state_dict().values()]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Replace all that `state_dict` holds.

        Raises:
            ValueError: The number of arrays or a shape differs; nothing is changed then.

        """
        state = self.module.state_dict()
        if len(weights) != len(state):
            raise ValueError(f"weights: {self.name!r} has {len(state)}, got {len(weights)}")
        given = [torch.as_tensor(weight) for weight in weights]
        for (name, value), new in zip(state.items(), given, strict=True):
            if new.shape != value.shape:
                raise ValueError(
                    f"weights: {self.name}.{name} has shape {tuple(value.shape)}, "
                    f"got {tuple(new.shape)}"
                )
        with torch.no_grad():
            for value, new in zip(state.values(), given, strict=True):
                value.copy_(new)
