"""Saboteurs of `evaluate`: what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import calls
from fitspec.reference.data import columns, sources
from fitspec.reference.models.model import Model

from ..changed_requests import change_request
from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur("evaluate.raises.not-compiled")
def says_ValueError_when_evaluating_is_not_compiled(plant: Plant) -> None:  # noqa: N802  an exception's name
    """Raises a ValueError when a model is evaluated that was never compiled."""
    original = Model.evaluate

    def evaluate(self: Model, *args: Any, **kwargs: Any) -> Any:
        try:
            return original(self, *args, **kwargs)
        except RuntimeError as error:
            raise ValueError(str(error)) from error

    plant(Model, "evaluate", evaluate)


@saboteur("evaluate.raises.invalid-arguments-ValueError")
def broadcasts_targets_in_evaluation(plant: Plant) -> None:
    """Takes targets of any shape in `evaluate`."""
    original = columns.check_shape

    def check_shape(column: Any, port: Any, what: str) -> None:
        if not (evaluating and what == "y"):
            original(column, port, what)

    evaluating = plant.during(calls, "evaluate")
    plant(columns, "check_shape", check_shape)


@saboteur("evaluate.raises.invalid-arguments-ValueError")
def evaluates_a_single_target_for_all(plant: Plant) -> None:
    """Broadcasts a single target over all samples in `evaluate`."""

    def repeated(_model: Model, request: Any) -> dict[str, Any]:
        x, y = request.x, request.y
        if not (isinstance(x, np.ndarray) and isinstance(y, np.ndarray) and len(y) == 1):
            return {}
        return {"y": np.repeat(y, len(x), axis=0)}

    change_request(plant, "evaluate", repeated)


@saboteur("evaluate.raises.not-compiled")
def says_ValueError_of_streams_when_not_compiled(plant: Plant) -> None:  # noqa: N802  as above
    """Raises a ValueError when a model that was never compiled is evaluated on a stream."""
    original = Model.evaluate

    def evaluate(self: Model, x: Any = None, *args: Any, **kwargs: Any) -> Any:
        if sources.yields_batches(x) and not self.is_compiled:
            raise ValueError("the model is not compiled")
        return original(self, x, *args, **kwargs)

    plant(Model, "evaluate", evaluate)
