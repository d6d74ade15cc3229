"""Defects that the first call of a method on a model does not show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.models.model import Model

from .changed_requests import change_request

if TYPE_CHECKING:
    from .planting import Plant


def ignore_in_later_calls(plant: Plant, step: str, argument: str) -> None:
    """Have a step of the reference, as ``"fit"``, ignore an argument but in a model's first call.

    Args:
        plant: plants the step.
        step: that takes a model and a request.
        argument: whose place None takes.
    """

    def change(model: Model, _request: Any) -> dict[str, Any]:
        return {argument: None} if _called_before(model, step) else {}

    change_request(plant, step, change)


def ignore_in_later_batches(plant: Plant, method: str, argument: str) -> None:
    """Have a method of a batch ignore a named argument but in a model's first call."""
    original = getattr(Model, method)

    def changed(self: Model, *args: Any, **named: Any) -> Any:
        later = _called_before(self, method) and argument in named
        return original(self, *args, **({**named, argument: None} if later else named))

    plant(Model, method, changed)


def keep_the_first_weights(plant: Plant, method: str) -> None:
    """Have a method compute with the weights that the model had in its first call."""
    original = getattr(Model, method)

    def changed(self: Model, *args: Any, **named: Any) -> Any:
        weights = self.get_weights()
        self.set_weights(vars(self).setdefault(f"{method}_weights", weights))
        try:
            return original(self, *args, **named)
        finally:
            self.set_weights(weights)

    plant(Model, method, changed)


def _called_before(model: Model, step: str) -> bool:
    """Return whether a step was asked for this model, and note that it is now."""
    before: bool = vars(model).get(f"{step}_called", False)
    vars(model)[f"{step}_called"] = True
    return before


def keep_of_the_first_call(plant: Plant, step: str, argument: str) -> None:
    """Have a step of the reference go on, on a model, with an argument of that model's first call.

    Args:
        plant: plants the step.
        step: that takes a model and a request.
        argument: the one that is kept.
    """

    def change(model: Model, request: Any) -> dict[str, Any]:
        given = getattr(request, argument)
        return {argument: vars(model).setdefault(f"{argument}_of_{step}", given)}

    change_request(plant, step, change)


def keep(plant: Plant, step: str, argument: str) -> None:
    """Have a model keep an argument of the last call of a step, as an attribute ``kept_…``."""

    def note(model: Model, request: Any) -> dict[str, Any]:
        vars(model)[f"kept_{argument}"] = getattr(request, argument)
        return {}

    change_request(plant, step, note)


def go_on_with(plant: Plant, step: str, argument: str) -> None:
    """Have a step take an argument from an earlier call on the model where it is given none."""

    def change(model: Model, request: Any) -> dict[str, Any]:
        given = getattr(request, argument) or vars(model).get(f"earlier_{argument}")
        vars(model)[f"earlier_{argument}"] = given
        return {argument: given}

    change_request(plant, step, change)
