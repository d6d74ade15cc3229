"""Saboteurs of `fit_generator`: what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.data import sources
from fitspec.reference.models.model import Model

from ..changed_readings import change_parts
from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur("fit_generator.raises.bad-format")
def takes_a_dict_for_a_pair(plant: Plant) -> None:
    """Takes a dict of two entries for inputs and targets."""

    def change(item: object) -> Any:
        pair = isinstance(item, dict) and len(item) == 2
        return (*item.values(), None) if pair else None  # type: ignore[attr-defined]  # a dict

    change_parts(plant, change)


@saboteur("fit_generator.raises.none-item")
def passes_over_nothing_in_the_background(plant: Plant) -> None:
    """Draws the next item in place of one that is None, unless on the main thread."""
    original = sources.drawn
    now = plant.during(Model, "fit_generator")

    def drawn(iterator: Any, workers: Any) -> Any:
        items = original(iterator, workers)
        return (item for item in items if item is not None or not (now and workers.count))

    plant(sources, "drawn", drawn)


@saboteur("fit_generator.raises.not-compiled")
def draws_an_item_before_it_looks_at_the_model(plant: Plant) -> None:
    """Draws the first item of a generator before it refuses an uncompiled model."""
    original = Model.fit_generator

    def fit_generator(self: Model, generator: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            _ = self.plan
        except RuntimeError:
            next(generator)
        return original(self, generator, *args, **kwargs)

    plant(Model, "fit_generator", fit_generator)
