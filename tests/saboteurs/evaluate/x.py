"""Saboteurs of `evaluate`: the forms of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.api import calls
from fitspec.reference.data import sources
from fitspec.reference.training import loop

from ..changed_readings import change_items, without_weights
from ..changed_requests import change_request
from ..direct_calls import called
from ..later_batches import reverse_three
from ..planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.models.model import Model

    from ..planting import Plant


@saboteur("evaluate.x.array-list-dict")
def evaluates_the_inputs_of_a_dict_by_position(plant: Plant) -> None:
    """Takes the inputs of a dict in its own order."""

    def listed(_model: Model, request: Any) -> dict[str, Any]:
        return {"x": list(request.x.values())} if isinstance(request.x, dict) else {}

    change_request(plant, "evaluate", listed)


@saboteur("evaluate.x.generator-or-sequence", also=["evaluate_generator.equals-evaluate"])
def evaluates_items_without_their_weights(plant: Plant) -> None:
    """Ignores the sample weights in the items that `evaluate` reads."""
    change_items(plant, called(plant, "evaluate"), without_weights)


@saboteur("evaluate.x.none-with-tensors")
def divides_the_loss_of_tensors_by_the_steps(plant: Plant) -> None:
    """Divides the mean loss over tensors by the number of steps once more."""
    original = calls.evaluate

    def evaluate(model: Model, request: Any) -> Any:
        value = original(model, request)
        return value / request.steps if request.x is None else value

    plant(calls, "evaluate", evaluate)


@saboteur("evaluate.x.array-list-dict")
def evaluates_dicts_by_the_alphabet(plant: Plant) -> None:
    """Takes the entries of dicts by position, in the order of the alphabet."""

    def in_order(given: Any) -> Any:
        return [given[name] for name in sorted(given)] if isinstance(given, dict) else given

    change_request(plant, "evaluate", lambda _model, it: {"x": in_order(it.x), "y": in_order(it.y)})


@saboteur(
    "evaluate.x.generator-or-sequence",
    also=["evaluate_generator.loss-mean-over-samples", "evaluate_generator.equals-evaluate"],
)
def evaluates_streams_to_the_last_loss(plant: Plant) -> None:
    """Returns the loss of the last batch for a generator or Sequence, as Keras 2.3.1 does."""
    original = loop.mean_over_samples

    def mean_over_samples(losses: Any, sizes: Any) -> float:
        _model, request = evaluating.calls[-1][0] if evaluating else (None, None)
        is_stream = request is not None and sources.yields_batches(request.x)
        return float(losses[-1]) if is_stream else original(losses, sizes)

    evaluating = plant.during(calls, "evaluate")
    plant(loop, "mean_over_samples", mean_over_samples)


@saboteur("evaluate.x.array-list-dict")
def reverses_three_targets_in_later_batches_of_evaluate(plant: Plant) -> None:
    """Compares three outputs with the targets of a dict in reverse from the second batch on."""
    reverse_three(plant, "evaluate", "targets", dict, "y")
