"""What an optimizer remembers of earlier updates."""

from __future__ import annotations

from typing import Any


def forget_momentum(optimizer: Any) -> None:
    """Set to zero what an optimizer remembers of earlier updates."""
    for remembered in vars(optimizer)["_memory"].values():
        for array in remembered:
            array[...] = 0
