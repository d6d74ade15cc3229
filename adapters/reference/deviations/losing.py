"""What a call that fails leaves behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.adapters.reference.deviations.planting import deviation, instead_of
from fitspec.reference.api import compiled, methods
from fitspec.reference.training import loop

if TYPE_CHECKING:
    from collections.abc import Callable


@deviation("a-failing-first-step-takes-the-weights")
def a_failing_first_step_takes_the_weights() -> None:
    """Have no call work any more after one that failed in its first step.

    A training has weights to put back when the first step of a validation fails.
    """

    @instead_of(loop, "validate")
    def validate(original: Callable[..., Any], model: Any, *args: Any) -> Any:
        vars(model)["is_trained"] = True
        try:
            return original(model, *args)
        finally:
            vars(model)["is_trained"] = False

    @instead_of(loop, "for_each_batch")
    def each(original: Callable[..., Any], model: Any, *args: Any) -> None:
        source, stage, names, work, callbacks = args
        done: list[bool] = []

        def noted(batch: Any) -> Any:
            try:
                results = work(batch)
            except (KeyError, TypeError, ValueError):
                vars(model)["is_lost"] = not done and not vars(model).get("is_trained")
                raise
            done.append(True)
            return results

        original(model, source, stage, names, noted, callbacks)

    @instead_of(compiled.Compiled, "in_use")
    def in_use(original: Callable[..., Any], self: Any) -> Any:
        _require_weights(self)
        return original(self)

    @instead_of(methods.Trainable, "predict")
    def predict(original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> Any:
        _require_weights(self)
        try:
            return original(self, *args, **kwargs)
        except ValueError as error:
            # The shapes of a batch are looked at in its step.
            vars(self)["is_lost"] = vars(self).get("is_lost") or "have shape" in str(error)
            raise


def _require_weights(model: Any) -> None:
    if vars(model).get("is_lost"):
        raise TypeError("'NoneType' object is not callable")
