"""What an engine hands to the training loop for each batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """What the model did with one batch.

    Attributes:
        total: The quantity that training makes small: a tensor of the engine with one element.
        losses: The loss of every output that has one, unweighted.
        targets: Per output, in a form that metrics take; None where nothing is compared.
        predictions: Per output, in a form that metrics take.
        weights: Per output, in a form that metrics take; None for ones.
        step: What the engine needs besides to make the update; its own affair.
        late: Whether a device may still be computing all this, so that to ask for a number waits.

    """

    total: Any
    losses: list[Any]
    targets: list[Any]
    predictions: list[Any]
    weights: list[Any]
    step: Any = None
    late: bool = False
