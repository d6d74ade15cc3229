"""Defects in the calls of `train_on_batch`, `test_on_batch` and `predict_on_batch`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.models.model import Model
from fitspec.reference.training import loop

if TYPE_CHECKING:
    from collections.abc import Callable

    from .planting import Plant


def change_call(
    plant: Plant, method: str, change: Callable[..., tuple[tuple[Any, ...], dict[str, Any]]]
) -> None:
    """Have a method of the reference see other arguments than the user gave.

    Args:
        plant: plants the method.
        method: a method of `Model`.
        change: takes the arguments of a call and returns those that the method sees.
    """
    original = getattr(Model, method)

    def changed(self: Model, *args: Any, **kwargs: Any) -> Any:
        args, kwargs = change(*args, **kwargs)
        return original(self, *args, **kwargs)

    plant(Model, method, changed)


def change_result(plant: Plant, method: str, change: Callable[[Model, Any], Any]) -> None:
    """Have a method of the reference return something else.

    Args:
        plant: plants the method.
        method: a method of `Model`.
        change: takes the model and what the method returned, and returns what the user gets.
    """
    original = getattr(Model, method)

    def changed(self: Model, *args: Any, **kwargs: Any) -> Any:
        return change(self, original(self, *args, **kwargs))

    plant(Model, method, changed)


def by_position(x: Any, *others: Any, **named: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Take the inputs of a dict in its own order."""
    return (list(x.values()) if isinstance(x, dict) else x, *others), named


def ignore_weights(plant: Plant, method: str, rank: int) -> None:
    """Have a method take no notice of sample weights of one rank: 1 by sample, 2 by time step."""

    def change(*args: Any, **named: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        weights = named.get("sample_weight")
        ignored = weights is not None and np.ndim(weights) == rank
        return args, {**named, "sample_weight": None} if ignored else named

    change_call(plant, method, change)


def as_tuple(_model: Model, value: Any) -> Any:
    """Return several values as a tuple."""
    return tuple(value) if isinstance(value, list) else value


def reset_afterwards(plant: Plant, method: str) -> None:
    """Forget the metrics after a call, not before it."""
    original = getattr(Model, method)

    def changed(self: Model, *args: Any, reset_metrics: bool = True, **kwargs: Any) -> Any:
        value = original(self, *args, **kwargs, reset_metrics=False)
        if reset_metrics:
            loop.reset_metrics(self.plan)
        return value

    plant(Model, method, changed)


def by_alphabet(*data: Any, **named: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Take the entries of dicts by position, in the order of the alphabet."""
    return tuple(_sorted(one) for one in data), named


def _sorted(given: Any) -> Any:
    return [given[name] for name in sorted(given)] if isinstance(given, dict) else given


def change_data(plant: Plant, method: str, change: Callable[[Any, Any], tuple[Any, Any]]) -> None:
    """Have a method see other inputs and targets, where both are arrays.

    Args:
        plant: plants the method.
        method: a method of `Model` that takes inputs and targets.
        change: takes inputs and targets and returns those that the method sees.
    """

    def other(x: Any, y: Any, *rest: Any, **named: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        if isinstance(x, np.ndarray) and isinstance(y, np.ndarray):
            x, y = change(x, y)
        return (x, y, *rest), named

    change_call(plant, method, other)


def repeated_to_the_length(x: Any, y: Any) -> tuple[Any, Any]:
    """Repeat a single target for every sample, as broadcasting does."""
    return x, np.repeat(y, len(x), axis=0) if len(y) == 1 else y


def update_without_weights(plant: Plant, argument: str, rank: int = 0) -> None:
    """Have `train_on_batch` report the weighted loss and make the unweighted update.

    Args:
        plant: plants the method.
        argument: ``sample_weight`` or ``class_weight``.
        rank: of sample weights: 1 by sample, 2 by time step; 0 for a dict of class weights.
    """
    original = Model.train_on_batch

    def train_on_batch(self: Model, x: Any, y: Any, *args: Any, **kwargs: Any) -> Any:
        given = kwargs.get(argument)
        if given is None or np.ndim(given) != rank:
            return original(self, x, y, *args, **kwargs)
        before = self.get_weights()
        value = original(self, x, y, *args, **kwargs)
        self.set_weights(before)
        original(self, x, y, *args, **{**kwargs, argument: None})
        return value

    plant(Model, "train_on_batch", train_on_batch)
