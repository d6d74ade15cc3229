"""Defects in the calls of `train_on_batch`, `test_on_batch` and `predict_on_batch`."""

from __future__ import annotations

import inspect
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


def ignore_weights_of_double_precision(plant: Plant, method: str) -> None:
    """Have a method take no notice of sample weights of double precision."""

    def change(*args: Any, **named: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        ignored = getattr(named.get("sample_weight"), "dtype", None) == np.float64
        return args, {**named, "sample_weight": None} if ignored else named

    change_call(plant, method, change)


def as_tuple(_model: Model, value: Any) -> Any:
    """Return several values as a tuple."""
    return tuple(value) if isinstance(value, list) else value


def reset_afterwards(plant: Plant, method: str) -> None:
    """Forget the metrics after a call, not before it."""
    original = getattr(Model, method)

    def changed(self: Model, *args: Any, **kwargs: Any) -> Any:
        given = inspect.signature(original).bind(self, *args, **kwargs)
        reset = given.arguments.get("reset_metrics", True)
        given.arguments["reset_metrics"] = False
        value = original(*given.args, **given.kwargs)
        if reset:
            loop.reset_metrics(self.plan)
        return value

    plant(Model, method, changed)


def by_alphabet(*data: Any, **named: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Take the entries of dicts by position, in the order of the alphabet."""
    return (*(_sorted(one) for one in data[:2]), *data[2:]), named


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


def losses_of_two_alone(model: Model, value: Any) -> Any:
    """Return the total alone of two outputs that have no metrics."""
    alone = len(model.output_names) == 2 and np.size(value) == 3
    return value[0] if alone else value


def change_default(plant: Plant, method: str, **defaults: Any) -> None:
    """Have a method act as if arguments that were left out had other defaults than it shows."""
    original = getattr(Model, method)

    def changed(self: Model, *args: Any, **kwargs: Any) -> Any:
        given = inspect.signature(original).bind_partial(self, *args).arguments
        left_out = {name: value for name, value in defaults.items() if name not in given}
        return original(self, *args, **{**left_out, **kwargs})

    plant(Model, method, changed)


def reset_the_first_metric(plant: Plant) -> None:
    """Have a single step forget what the first metric has seen, and no other."""
    original, now = loop.reset_metrics, plant.during(loop, "single_step")

    def reset_metrics(plan: Any) -> None:
        if not now:
            original(plan)
            return
        for metric in plan.all_metrics[:1]:
            metric.reset_states()

    plant(loop, "reset_metrics", reset_metrics)


def without_place(plant: Plant, method: str, place: int, default: object = None) -> None:
    """Have a method of a batch take the default of an argument that it is given by position."""

    def change(*data: Any, **named: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        if len(data) > place:
            data = (*data[:place], default, *data[place + 1 :])
        return data, named

    change_call(plant, method, change)


def update_with_two_outputs(plant: Plant, step: str) -> None:
    """Have a test of a model with two outputs make an update.

    Args:
        plant: plants the step.
        step: function of the loop that is at work then.
    """
    original, now = loop.test_step, plant.during(loop, step)

    def test_step(model: Any, batch: Any) -> Any:
        results = original(model, batch)
        outputs = model.plan.outputs
        if now and len(outputs) == 2 and not training:
            outcome = model.engine.forward(batch, outputs, training=True)
            model.engine.update(outcome, model.optimizer)
        return results

    training = plant.during(loop, "train")
    plant(loop, "test_step", test_step)
