"""Saboteurs of `fit`: the targets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..changed_requests import change_request
from ..fit_on_streams import change_in_fit
from ..planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.api.arguments import Request
    from fitspec.reference.models.model import Model

    from ..planting import Plant


@saboteur("fit.y.list-multi-output")
def gives_the_targets_of_a_list_in_reverse(plant: Plant) -> None:
    """Gives the last array of a list of targets to the first output."""

    def reverse(_: Model, request: Request) -> dict[str, Any]:
        return {"y": request.y[::-1]} if isinstance(request.y, list) else {}

    change_request(plant, "array_training_source", reverse)


@saboteur("fit.y.dict-by-output-name")
def gives_a_dict_of_targets_in_its_order(plant: Plant) -> None:
    """Gives the first array of a dict of targets to the first output, whatever its name."""

    def list_values(_: Model, request: Request) -> dict[str, Any]:
        return {"y": list(request.y.values())} if isinstance(request.y, dict) else {}

    change_request(plant, "array_training_source", list_values)


@saboteur("fit.y.dict-by-output-name")
def gives_a_dict_of_targets_by_the_alphabet(plant: Plant) -> None:
    """Gives the arrays of a dict to the outputs in the alphabetical order of their names."""

    def list_values(model: Model, request: Request) -> dict[str, Any]:
        if not isinstance(request.y, dict) or set(request.y) != set(model.output_names):
            return {}
        return {"y": [request.y[name] for name in sorted(request.y)]}

    change_request(plant, "array_training_source", list_values)


@saboteur("fit.y.forbidden-with-generator")
def ignores_targets_beside_a_generator(plant: Plant) -> None:
    """Ignores `y` where the batches bring targets."""
    change_in_fit(plant, "training_source", lambda _: {"y": None})
