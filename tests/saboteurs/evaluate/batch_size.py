"""Saboteurs of `evaluate`: the size of a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import calls
from fitspec.reference.data import sources
from fitspec.reference.training import loop

from ..changed_requests import change_request
from ..direct_calls import called, change_calls
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


@saboteur("evaluate.batch_size.not-with-generator")
def takes_32_for_no_batch_size(plant: Plant) -> None:
    """Lets the batch size that arrays have by default pass beside a stream in `evaluate`."""

    def without(_model: Model, request: Any) -> dict[str, Any]:
        given = request.batch_size == 32 and sources.yields_batches(request.x)
        return {"batch_size": None} if given else {}

    change_request(plant, "evaluate", without)


@saboteur("evaluate.batch_size.default-32")
def evaluates_many_samples_by_64(plant: Plant) -> None:
    """Takes 64 samples for a batch where there are more than that and nothing else is said."""

    def widen(request: Any) -> dict[str, Any]:
        many = isinstance(request.x, np.ndarray) and len(request.x) > 64
        return {"batch_size": 64} if many and request.batch_size is None else {}

    change_calls(plant, "evaluate", widen)


@saboteur("evaluate.batch_size.default-32")
def evaluates_lists_in_batches_of_64_by_default(plant: Plant) -> None:
    """Takes 64 samples for a batch of `evaluate` by default, of arrays in a list."""
    change_request(
        plant,
        "evaluate",
        lambda _, request: (
            {"batch_size": 64}
            if isinstance(request.x, list) and request.batch_size is None and request.steps is None
            else {}
        ),
    )


@saboteur("evaluate.batch_size.invariance", also=["compile.loss.parts-add-up"])
def averages_the_total_of_two_outputs_over_batches(plant: Plant) -> None:
    """Averages the total of two outputs over batches in `evaluate`, whatever their sizes."""
    original, now = loop.means, called(plant, "evaluate")

    def means(losses: list[list[Any]], sizes: list[int]) -> list[float]:
        found = original(losses, sizes)
        if now() and len(found) == 3:
            found[0] = sum(float(each[0]) for each in losses) / len(losses)
        return found

    plant(loop, "means", means)


@saboteur("evaluate.batch_size.default-32")
def goes_on_with_the_batch_size_of_fit(plant: Plant) -> None:
    """Evaluates in batches as large as the model was trained in where no size is given."""

    def keep(model: Any, request: Any) -> dict[str, Any]:
        if request.batch_size:
            vars(model)["size_of_fit"] = request.batch_size
        return {}

    def kept(model: Any, request: Any) -> dict[str, Any]:
        left_out = request.batch_size is None and isinstance(request.x, np.ndarray)
        size = None if request.steps else vars(model).get("size_of_fit")
        return {"batch_size": size} if left_out and size else {}

    change_request(plant, "fit", keep)
    change_request(plant, "evaluate", kept)
