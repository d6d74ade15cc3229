"""What kind of thing a method returned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.conformance.worker.remote import RemoteObject, class_of

if TYPE_CHECKING:
    from collections.abc import Container, Mapping


def kind(value: object) -> str:
    """Say what a prediction is, as far as its promise goes: arrays of NumPy, or a list of them."""
    if isinstance(value, list):
        return f"list of {', '.join(kind(item) for item in value)}"
    return "NumPy array" if isinstance(value, np.ndarray) else class_of(value)


def numbers(predicted: Any) -> list[float]:
    """Return all numbers of a prediction, output by output, whatever holds them.

    What holds them is a matter of other clauses, such as `predict.returns.numpy-single`.
    """
    if isinstance(predicted, RemoteObject):
        predicted = predicted.array
    if isinstance(predicted, dict):
        predicted = [*predicted.values()]
    if isinstance(predicted, (list, tuple)):
        return [number for part in predicted for number in numbers(part)]
    plain: list[float] = np.ravel(predicted).tolist()
    return plain


def metric_in(results: Any) -> float:
    """Return the metric among what evaluation, or training on a batch, returned: the last."""
    return numbers(results)[-1]


def loss_in(results: Any) -> float:
    """Return the loss among what evaluation, or training on a batch, returned: first, or alone."""
    return float(np.ravel(results)[0])


def beside(plain: Container[str], history: Mapping[str, Any]) -> list[Any]:
    """Return what History has under names that it has not in a plain case, as without metrics.

    What metrics and the losses of outputs are called is open, and so is what else a library
    records, such as the rate of the optimizer.
    """
    return [values for name, values in history.items() if name not in plain]
