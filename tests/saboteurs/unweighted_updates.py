"""Updates that ignore weights which the loss is reported with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fitspec.reference.api import calls
from fitspec.reference.training import loop

from .direct_calls import called

if TYPE_CHECKING:
    from fitspec.reference.data.batches import Batch
    from fitspec.reference.models.model import Model

    from .planting import Plant


def update_without_weights(plant: Plant, argument: str, method: str = "fit") -> None:
    """Have updates ignore all weights in a call of `method` that was given `argument`."""
    fits, applies = plant.during(calls, "fit"), called(plant, method)
    original = loop.train_step

    def train_step(model: Model, batch: Batch) -> list[float]:
        if not applies() or getattr(fits.calls[-1][0][1], argument) is None:
            return original(model, batch)
        return step_without_weights(model, batch)

    plant(loop, "train_step", train_step)


def step_without_weights(model: Model, batch: Batch) -> list[float]:
    """Update without weights, and return the results with them."""
    reported = loop.test_step(model, batch)
    unweighted = replace(batch, weights=[None] * len(batch.weights))
    outcome = model.engine.forward(unweighted, model.plan.outputs, training=True)
    model.engine.update(outcome, model.optimizer)
    return reported
