"""What kind of thing a method returned."""

from __future__ import annotations

from typing import Any

import numpy as np

from fitspec.conformance.worker.remote import class_of


def kind(value: object) -> str:
    """Say what a prediction is, as far as its promise goes: arrays of NumPy, or a list of them."""
    if isinstance(value, list):
        return f"list of {', '.join(kind(item) for item in value)}"
    return "NumPy array" if isinstance(value, np.ndarray) else class_of(value)


def loss_in(results: Any) -> float:
    """Return the loss among what evaluation, or training on a batch, returned: first, or alone."""
    return float(np.ravel(results)[0])
