"""Saboteurs of `evaluate`: the forms of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.api import calls
from fitspec.reference.data import feeding, sources
from fitspec.reference.training import loop

from ..changed_readings import change_items, in_order, without_weights
from ..changed_requests import change_request, read_bytes_with_a_sign
from ..direct_calls import called
from ..flat_vectors import refuse_vectors
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


@saboteur("evaluate.x.array-list-dict")
def evaluates_no_vector_of_targets(plant: Plant) -> None:
    """Refuses in `evaluate` the vectors of targets that `fit` takes."""
    refuse_vectors(plant, "evaluate", "y")


@saboteur("evaluate.x.array-list-dict")
def evaluates_no_vector_of_inputs(plant: Plant) -> None:
    """Refuses in `evaluate` the vectors of inputs that `fit` takes."""
    refuse_vectors(plant, "evaluate", "x")


@saboteur("evaluate.x.generator-or-sequence")
def evaluates_the_dicts_of_a_sequence_by_position(plant: Plant) -> None:
    """Takes the inputs of a dict in an item of a Sequence in the dict's own order."""
    original, now = feeding.training_batch, called(plant, "evaluate")

    def training_batch(feed_for: Any, each: Any, item: Any) -> Any:
        by_name = now() and isinstance(item[0], dict)
        return original(feed_for, each, (in_order(item[0]), *item[1:]) if by_name else item)

    plant(feeding, "training_batch", training_batch)


@saboteur("evaluate.x.array-list-dict")
def evaluates_bytes_with_a_sign(plant: Plant) -> None:
    """Takes bytes above 127 for numbers below 0."""
    read_bytes_with_a_sign(plant, "evaluate")
