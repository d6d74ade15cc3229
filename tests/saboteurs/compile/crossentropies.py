"""Saboteurs of `compile`: the losses that are surprises about classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.losses import base, crossentropies

from ..planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.tensor.autodiff import Tensor

    from ..planting import Plant


@saboteur("compile.loss.crossentropies", also=["compile.metrics.accuracy-resolution"])
def knows_no_classes_of_steps(plant: Plant) -> None:
    """Refuses time steps in a crossentropy."""
    original = crossentropies._logits  # noqa: SLF001  what a saboteur changes

    def logits(y_pred: Tensor, kind: str, *, given: bool) -> Any:
        if y_pred.ndim > 2:
            raise ValueError("a crossentropy is of samples, not of steps")
        return original(y_pred, kind, given=given)

    plant(crossentropies, "_logits", logits)


@saboteur("compile.loss.crossentropies-of-no-probabilities")
def divides_all_classes_by_their_sum(plant: Plant) -> None:
    """Divides classes by their sum before they are limited, and limits yes and no on one side."""
    original = crossentropies._probability  # noqa: SLF001  as above

    def probability(x: Tensor) -> Any:
        if x.shape[-1] == 1:
            return original(x) - base.EPSILON
        return original(x / x.sum(axis=-1, keepdims=True))

    plant(crossentropies, "_probability", probability)
