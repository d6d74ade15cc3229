"""Calls of the documented methods, with their arguments as they were given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fitspec.reference.data.sources import Workers


@dataclass(frozen=True)
class FitRequest:
    """The arguments of fit, as they were given."""

    x: Any
    y: Any
    batch_size: Any
    epochs: Any
    verbose: Any
    callbacks: Any
    validation_split: Any
    validation_data: Any
    shuffle: Any
    class_weight: Any
    sample_weight: Any
    initial_epoch: Any
    steps_per_epoch: Any
    validation_steps: Any
    validation_freq: Any
    workers: Workers


@dataclass(frozen=True)
class RoundRequest:
    """The arguments of evaluate and predict, as they were given."""

    x: Any
    y: Any
    batch_size: Any
    verbose: Any
    sample_weight: Any
    steps: Any
    callbacks: Any
    workers: Workers
