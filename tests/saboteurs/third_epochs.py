"""Defects that begin with the third epoch of a training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.training import loop

if TYPE_CHECKING:
    from .planting import Plant


class ThirdEpoch:
    """Whether a training is in its third epoch, or a later one, or in the validation after it.

    Args:
        plant: watches trainings and their epochs.
    """

    def __init__(self, plant: Plant) -> None:
        self.epochs = 0
        train, train_epoch = loop.train, loop.train_epoch

        def counted(*args: Any) -> Any:
            self.epochs += 1
            return train_epoch(*args)

        def training(*args: Any) -> None:
            self.epochs = 0
            try:
                train(*args)
            finally:
                self.epochs = 0

        plant(loop, "train_epoch", counted)
        plant(loop, "train", training)

    def __bool__(self) -> bool:
        return self.epochs > 2
