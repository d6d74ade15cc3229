"""Saboteurs of `fit`: the targets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..changed_readings import change_items, in_order
from ..changed_requests import change_request
from ..fit_on_streams import Fitting, change_in_fit, refuse_when_trained
from ..later_batches import reverse_three
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


@saboteur("fit.y.dict-by-output-name")
def trains_towards_dicts_in_items_by_position(plant: Plant) -> None:
    """Takes the targets of a dict in an item that `fit` reads in the dict's own order."""

    def change(inputs: Any, targets: Any, weights: Any) -> Any:
        return inputs, in_order(targets), weights

    change_items(plant, Fitting(plant).__bool__, change)


@saboteur("fit.y.forbidden-with-generator")
def passes_over_a_list_of_targets_beside_a_generator(plant: Plant) -> None:
    """Ignores a list of targets beside a generator or Sequence."""
    change_in_fit(
        plant,
        "training_source",
        lambda request: {"y": None} if isinstance(request.y, list) else {},
    )


@saboteur("fit.y.forbidden-with-generator")
def refuses_targets_beside_a_generator_too_late(plant: Plant) -> None:
    """Trains on a generator or Sequence before it refuses targets beside it."""
    refuse_when_trained(plant, "y", None)


@saboteur("fit.y.list-multi-output")
def reverses_three_targets_of_a_list_in_later_batches(plant: Plant) -> None:
    """Compares three outputs with the targets of a list in reverse from the second batch on."""
    reverse_three(plant, "fit", "targets", list, "y")


@saboteur("fit.y.dict-by-output-name")
def reverses_three_targets_of_a_dict_in_later_batches(plant: Plant) -> None:
    """Compares three outputs with the targets of a dict in reverse from the second batch on."""
    reverse_three(plant, "fit", "targets", dict, "y")
