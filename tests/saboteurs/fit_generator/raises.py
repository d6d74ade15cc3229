"""Saboteurs of `fit_generator`: what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.data import feeding, sources
from fitspec.reference.models.model import Model

from ..changed_readings import change_parts
from ..on_sequences import OnSequence
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


@saboteur("fit_generator.raises.bad-format")
def leaves_out_what_items_of_a_sequence_have_besides(plant: Plant) -> None:
    """Takes no notice of what comes behind the weights in an item of a Sequence."""
    on_sequence = OnSequence(plant, "fit_generator")

    def cut(item: Any) -> Any:
        four = on_sequence and isinstance(item, tuple) and len(item) == 4
        return item[:3] if four else None

    change_parts(plant, cut)


@saboteur("fit_generator.raises.none-item")
def passes_over_none_in_a_sequence(plant: Plant) -> None:
    """Leaves out items of a Sequence that are None."""
    original = vars(sources.SequenceBatches)["_items"]

    def items(self: Any, indices: list[int]) -> Any:
        return (item for item in original(self, indices) if item is not None)

    plant(sources.SequenceBatches, "_items", items)


@saboteur("fit_generator.raises.not-compiled")
def looks_at_a_sequence_first(plant: Plant) -> None:
    """Reads the first item of a Sequence before it looks whether the model was compiled."""
    original = Model.fit_generator

    def fit_generator(self: Model, generator: Any, *args: Any, **named: Any) -> Any:
        if sources.is_sequence(generator) and not self.is_compiled:
            generator[0]
        return original(self, generator, *args, **named)

    plant(Model, "fit_generator", fit_generator)


@saboteur("fit_generator.raises.bad-format")
def looks_at_the_form_of_the_first_item_alone(plant: Plant) -> None:
    """Takes the first three of more parts of an item, but for the first item of a call."""
    original = feeding.parts_of
    now = plant.during(Model, "fit_generator")
    looked_at: list[Any] = []

    def parts_of(item: object) -> Any:
        later = now and any(call is now.calls[-1] for call in looked_at)
        if now:
            looked_at.append(now.calls[-1])
        return original(item[:3] if later and isinstance(item, tuple) else item)

    plant(feeding, "parts_of", parts_of)
