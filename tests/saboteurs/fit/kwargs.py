"""Saboteurs of `fit`: keywords that are no argument."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from fitspec.reference.api import arguments
from fitspec.reference.models.model import Model

from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur("fit.kwargs.backwards-compatible", also=["fit.kwargs.nb_epoch"])
def takes_no_keyword_but_its_arguments(plant: Plant) -> None:
    """Has no place for keywords of older code in `fit`."""
    original = Model.fit
    signature = inspect.signature(original)
    own = [item for item in signature.parameters.values() if item.kind is not item.VAR_KEYWORD]

    plant(Model, "fit", original)
    Model.fit.__signature__ = signature.replace(parameters=own)  # type: ignore[attr-defined]  # Python's own way


@saboteur("fit.kwargs.nb_epoch")
def does_not_know_the_older_spelling(plant: Plant) -> None:
    """Ignores `nb_epoch`."""
    original = arguments.epochs_of

    def epochs_of(epochs: object, older: Any) -> int:
        return original(epochs, {name: older[name] for name in older if name != "nb_epoch"})

    plant(arguments, "epochs_of", epochs_of)


@saboteur("fit.kwargs.unknown")
def ignores_unknown_keywords(plant: Plant) -> None:
    """Ignores keywords that are neither arguments nor older spellings of one."""
    original = arguments.epochs_of

    def epochs_of(epochs: object, older: Any) -> int:
        known = {name: value for name, value in older.items() if name == "nb_epoch"}
        return original(epochs, known)

    plant(arguments, "epochs_of", epochs_of)
