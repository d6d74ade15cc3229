"""What is validated on, and where the results go."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fitspec.adapters.reference.deviations.planting import deviation, instead_of
from fitspec.reference.api import calls
from fitspec.reference.callbacks import dispatch
from fitspec.reference.data import feeding, sources
from fitspec.reference.training import loop

if TYPE_CHECKING:
    from collections.abc import Callable


@deviation("class-weights-reach-the-split")
def class_weights_reach_the_split() -> None:
    """Multiply class weights in before the tail is split off, so that it keeps them."""

    @instead_of(calls, "array_training_source")
    def source(original: Callable[..., Any], model: Any, request: Any) -> Any:
        if request.class_weight is None:
            return original(model, request)
        factors = feeding.class_weights_per_output(model.plan.output_names, request.class_weight)
        weighted = feeding.class_weighted(calls.arrays_of(model, request), factors)
        with_weights = request.but(
            class_weight=None,
            sample_weight=weighted.weights if len(weighted.weights) > 1 else weighted.weights[0],
        )
        return original(model, with_weights)


@deviation("logs-of-validation-come-first")
def logs_of_validation_come_first() -> None:
    """Put values of validation in front of those of training, in the logs of an epoch."""

    @instead_of(dispatch.CallbackList, "end_epoch")
    def end_epoch(original: Callable[..., Any], self: Any, epoch: int, logs: Any) -> None:
        first = {name: value for name, value in logs.items() if name.startswith("val_")}
        original(self, epoch, first | logs)


@dataclass(frozen=True)
class Remembered(loop.Validation):
    """A validation whose last results are known."""

    last: dict[str, float] = field(default_factory=dict)


@deviation("validation-stays-in-the-logs-of-streams")
def validation_stays_in_the_logs_of_streams() -> None:
    """Repeat the last values of validation after each epoch of a generator or Sequence."""

    @instead_of(calls, "validation_of")
    def remembering(original: Callable[..., Any], model: Any, request: Any, tail: Any) -> Any:
        found = original(model, request, tail)
        if found is not None and sources.yields_batches(request.x):
            return Remembered(found.source, found.frequency)
        return found

    @instead_of(loop, "validate")
    def validated(
        original: Callable[..., Any], model: Any, validation: Any, *args: Any
    ) -> dict[str, float]:
        results: dict[str, float] = original(model, validation, *args)
        if isinstance(validation, Remembered):
            validation.last.update(results)
            return dict(validation.last)
        return results
