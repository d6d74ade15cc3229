"""Saboteurs of `evaluate`: the size of a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.api import calls
from fitspec.reference.data import sources
from fitspec.reference.training import loop

from ..changed_requests import change_request
from ..direct_calls import change_calls
from ..planting import saboteur

if TYPE_CHECKING:
    from fitspec.reference.models.model import Model

    from ..planting import Plant


@saboteur("evaluate.batch_size.default-32")
def evaluates_64_samples_at_a_time(plant: Plant) -> None:
    """Takes 64 samples for a batch of `evaluate` when nothing else is said."""

    def widen(_model: Model, request: Any) -> dict[str, Any]:
        if sources.yields_batches(request.x):
            return {}
        return {"batch_size": 64} if request.batch_size is None and request.steps is None else {}

    change_request(plant, "evaluate", widen)


@saboteur(
    "evaluate.batch_size.invariance",
    also=[
        "evaluate.batch_size.stateful-remainder",
        "evaluate.batched",
        "evaluate.batch_size.default-32",
        "evaluate.sample_weight.temporal",
        "evaluate_generator.equals-evaluate",
        "evaluate_generator.loss-mean-over-samples",
    ],
)
def evaluates_to_the_loss_of_the_last_batch(plant: Plant) -> None:
    """Returns the loss of the last batch as that of all."""
    original = loop.mean_over_samples

    def mean_over_samples(losses: Any, sizes: Any) -> float:
        return float(losses[-1]) if evaluating else original(losses, sizes)

    evaluating = plant.during(calls, "evaluate")
    plant(loop, "mean_over_samples", mean_over_samples)


@saboteur("evaluate.batch_size.stateful-remainder")
def evaluates_on_the_full_batches_of_a_stateful_model(plant: Plant) -> None:
    """Leaves out the samples that do not fill the batches of a stateful model, in `evaluate`."""

    def cut(model: Model, request: Any) -> dict[str, Any]:
        if not model.is_stateful or request.batch_size is None:
            return {}
        whole = len(request.x) // request.batch_size * request.batch_size
        return {"x": request.x[:whole], "y": request.y[:whole]}

    change_request(plant, "evaluate", cut)


@saboteur("evaluate.batch_size.not-with-generator")
def ignores_a_batch_size_beside_batches(plant: Plant) -> None:
    """Ignores the `batch_size` that `evaluate` gets with a generator or Sequence."""

    def ignore(request: Any) -> dict[str, Any]:
        return {"batch_size": None} if sources.yields_batches(request.x) else {}

    change_calls(plant, "evaluate", ignore)
