"""Defects that show where items of a Sequence, or of a generator, are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.api import calls
from fitspec.reference.data import feeding, sources
from fitspec.reference.models.model import Model

if TYPE_CHECKING:
    from collections.abc import Callable

    from .planting import Plant


def drop_weights_of_items(plant: Plant, applies: Callable[[], object]) -> None:
    """Have the weights in items of generators and Sequences ignored where `applies()`."""
    original = feeding.parts_of

    def parts_of(item: object) -> tuple[object, object, object]:
        x, y, weights = original(item)
        return x, y, None if applies() else weights

    plant(feeding, "parts_of", parts_of)


class OnSequence:
    """Whether a method is at work on a Sequence.

    Args:
        plant: watches the method.
        method: ``fit``, by itself, or ``fit_generator``, which works through it.
    """

    def __init__(self, plant: Plant, method: str) -> None:
        self._fit = plant.during(calls, "fit")
        self._generator = plant.during(Model, "fit_generator")
        self._through = method == "fit_generator"

    def __bool__(self) -> bool:
        at_work = bool(self._fit) and bool(self._generator) == self._through
        return at_work and sources.is_sequence(self.request.x)

    @property
    def request(self) -> Any:
        """The arguments of the call."""
        return self._fit.calls[-1][0][1]
