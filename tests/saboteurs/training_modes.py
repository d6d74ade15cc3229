"""Networks that stay in training mode where they ought not to be in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.api import calls
from fitspec.reference.compute.engine import RecordedEngine
from fitspec.reference.network.engine import ArrayEngine
from fitspec.reference.network.network import Network

from .unrecorded_steps import compute_every_step

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.models.model import Model

    from .planting import Plant


def stay_in_training_mode(plant: Plant, applies: Callable[[], object], *, predicts: bool) -> None:
    """Have networks compute as in training where `applies()`.

    Args:
        plant: plants it.
        applies: whether they do.
        predicts: whether that is in prediction, or in testing.
    """
    original = Network.run

    def run(self: Network, inputs: Any, *, training: bool = False) -> Any:
        return original(self, inputs, training=training or bool(applies()))

    plant(Network, "run", run)
    if predicts:
        plant(RecordedEngine, "outputs", ArrayEngine.outputs)
    else:
        compute_every_step(plant)


def stay_in_it_after_a_break(plant: Plant, step: str) -> None:
    """Have a step, as ``"evaluate"``, compute as in training once a `fit` broke off."""
    original, now, broken = calls.fit, plant.during(calls, step), list[Any]()

    def fit(model: Model, request: Any) -> Any:
        broken.append(model)
        history = original(model, request)
        broken.clear()
        return history

    def applies() -> bool:
        return any(call[0][0] is model for call in now.calls for model in broken)

    plant(calls, "fit", fit)
    stay_in_training_mode(plant, applies, predicts=step == "predict")
