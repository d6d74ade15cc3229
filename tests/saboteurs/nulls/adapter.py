"""The adapter of the null implementations, none of which does what the documents say.

`FITSPEC_NULL` names the one that is meant. Models are made by the reference, so that there is
something to call; its methods are never called.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.adapters.reference.plain import Reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


class History:
    """What a null implementation returns from `fit`: as many values as there are epochs."""

    def __init__(self, epochs: range, labels: Iterable[str], value: Callable[[], float]) -> None:
        self.epoch = list(epochs)
        self.history = {label: [value() for _ in epochs] for label in labels}


def refuses_everything(_model: Any, name: str, _given: Mapping[str, Any]) -> Any:
    """Refuse every call with the ValueError that the documents promise for wrong arguments."""
    raise ValueError(f"{name} is refused")


def claims_not_to_be_compiled(_model: Any, name: str, _given: Mapping[str, Any]) -> Any:
    """Refuse every call with the RuntimeError of a model that was not compiled."""
    raise RuntimeError(f"{name} needs a compiled model")


def refuses_all_but_compile(model: Any, name: str, given: Mapping[str, Any]) -> Any:
    """Accept whatever `compile` is given, and refuse every other call."""
    return None if name == "compile" else refuses_everything(model, name, given)


def returns_none(_model: Any, _name: str, _given: Mapping[str, Any]) -> Any:
    """Do nothing, and return None."""


def returns_zeros(model: Any, name: str, given: Mapping[str, Any]) -> Any:
    """Accept everything, look at no data, and return zeros of the documented form."""
    return _of_the_form(model, name, given, lambda: 0.0, first=True)


def pretends_to_train(model: Any, name: str, given: Mapping[str, Any]) -> Any:
    """Accept everything, look at no data, and return losses that fall and predictions of 1."""

    def falling() -> float:
        vars(model)["looked"] = vars(model).get("looked", 0) + 1
        return float(1 / vars(model)["looked"])

    return _of_the_form(model, name, given, falling, first=False)


#: What each null implementation makes of a call of a documented method.
NULLS = {
    kind.__name__: kind
    for kind in (
        refuses_everything,
        claims_not_to_be_compiled,
        refuses_all_but_compile,
        returns_none,
        returns_zeros,
        pretends_to_train,
    )
}
#: The names of what is given by position.
POSITIONAL = {
    "compile": ("optimizer", "loss"),
    "get_layer": ("name", "index"),
    "fit_generator": ("generator", "steps_per_epoch"),
    "evaluate_generator": ("generator", "steps"),
    "predict_generator": ("generator", "steps"),
}


class Null(Reference):
    """Models of the reference whose methods do nothing that is documented."""

    # A program that imports the reference has the reference itself.
    dialect = ""
    attributes = {"metrics_names": "null_labels"}  # noqa: RUF012  as in the class above

    def call(self, target: Any, name: str, args: Any, kwargs: Mapping[str, Any]) -> Any:
        """Answer the call as this null implementation does."""
        given = dict(zip(POSITIONAL.get(name, ("x", "y")), args, strict=False), **kwargs)
        return NULLS[os.environ["FITSPEC_NULL"]](target, name, given)

    def iterations(self, model: Any) -> int:  # noqa: ARG002  there are none of any model
        """Return that nothing was updated."""
        return 0


def _of_the_form(
    model: Any, name: str, given: Mapping[str, Any], value: Callable[[], float], *, first: bool
) -> Any:
    """Return what a method returns, by its form."""
    if name == "compile":
        model.null_labels = _labels(model, given)
        return None
    if name == "get_layer":
        return model.layers[0 if first else -1]
    # Without a `compile` there is the loss alone.
    labels = vars(model).get("null_labels", ["loss"])
    if name in {"fit", "fit_generator"}:
        epochs = range(given.get("initial_epoch", 0), given.get("epochs", 1))
        if given.get("validation_data") is not None or given.get("validation_split"):
            labels = [*labels, *(f"val_{label}" for label in labels)]
        return History(epochs, labels, value)
    if name.startswith("predict"):
        shapes = [(_rows(given), *symbol.shape[1:]) for symbol in model.graph.outputs]
        arrays = [np.full(shape, 0.0 if first else 1.0, np.float32) for shape in shapes]
        return arrays if len(arrays) > 1 else arrays[0]
    values = [value() for _ in labels]
    return values if len(values) > 1 else values[0]


def _labels(model: Any, given: Mapping[str, Any]) -> list[str]:
    """Return a label for the total, for the loss of each of several outputs, and each metric."""
    outputs = model.output_names
    labels = ["loss", *(f"{name}_loss" for name in outputs if len(outputs) > 1)]
    for metrics in (given.get("metrics") or [], given.get("weighted_metrics") or []):
        nested = isinstance(metrics, list) and any(isinstance(item, list) for item in metrics)
        for place, output in enumerate(outputs):
            if isinstance(metrics, dict):
                own = metrics.get(output) or []
            else:
                own = (metrics[place] if place < len(metrics) else []) if nested else metrics
            prefix = f"{output}_" if len(outputs) > 1 else ""
            labels += [f"{prefix}{item}" for item in (own if isinstance(own, list) else [own])]
    return labels


def _rows(given: Mapping[str, Any]) -> int:
    """Return how many rows there are, as far as lengths tell; of what has none, one a step."""
    data = given.get("x", given.get("generator"))
    while isinstance(data, (dict, list, tuple)) and data:
        data = next(iter(data.values() if isinstance(data, dict) else data))
    return len(data) if hasattr(data, "__len__") else int(given.get("steps") or 1)
