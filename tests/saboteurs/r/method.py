"""Saboteurs of the R functions: class weights and shuffling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.r import arguments

from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur(
    "r.class_weight.named-list",
    also=["fit.class_weight.odd-entries"],
)
def names_of_class_weights_stay_texts(plant: Plant) -> None:
    """The names of class weights are handed on as they are."""
    plant(arguments, "by_index", lambda class_weight: class_weight)


@saboteur("r.class_weight.named-list")
def class_weights_count_by_their_places(plant: Plant) -> None:
    """The first of the class weights is for class 0, whatever its name."""
    original = arguments.by_index

    def by_place(class_weight: Any) -> Any:
        if isinstance(class_weight, dict) and {*class_weight} <= {"0", "1", "2", "3"}:
            return dict(enumerate(class_weight.values()))
        return original(class_weight)

    plant(arguments, "by_index", by_place)


@saboteur(
    "r.shuffle.logical-or-batch",
    also=[
        "fit.shuffle.batch-chunks",
        "fit.shuffle.batch-partial-chunk-last",
        "fit.shuffle.hdf5-purpose",
        "fit.shuffle.other-values",
    ],
)
def batch_is_taken_for_true(plant: Plant) -> None:
    """Anything but FALSE shuffles single samples."""
    plant(arguments, "shuffling", lambda shuffle: shuffle is not False)
