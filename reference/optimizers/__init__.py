"""Optimizers: how gradients change weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from fitspec.reference.config import lookup
from fitspec.reference.optimizers.adaptive import Adadelta, Adagrad, Adam, Adamax, Nadam, RMSprop
from fitspec.reference.optimizers.base import Optimizer, OptimizerArguments

if TYPE_CHECKING:
    from fitspec.reference.tensor.array_library import Array

__all__ = [
    "NAMES",
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "Adamax",
    "Nadam",
    "Optimizer",
    "RMSprop",
    "is_known",
    "resolve",
]


class SGD(Optimizer):
    """Goes against the gradient, with momentum if asked.

    Args:
        learning_rate: Factor on the gradient.
        momentum: Part of the previous step that is taken again.
        nesterov: Whether to take the gradient's step after the momentum's.
        **arguments: As `Optimizer`.

    """

    slots = 1

    def __init__(
        self,
        learning_rate: float = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
        **arguments: Unpack[OptimizerArguments],
    ) -> None:
        super().__init__(learning_rate, **arguments)
        self.momentum = momentum
        self.nesterov = nesterov

    def step(self, gradient: Array, memory: list[Array]) -> Array:
        """Return the step."""
        downhill: Array = self.factor * gradient
        if not self.momentum:
            return downhill
        velocity = memory[0] = self.momentum * memory[0] + downhill
        return self.momentum * velocity + downhill if self.nesterov else velocity


CLASSES: tuple[type[Optimizer], ...] = (SGD, RMSprop, Adagrad, Adadelta, Adam, Adamax, Nadam)

NAMES = {one.__name__.lower(): one for one in CLASSES}
"""Every name in lower case, with the class it stands for."""


def is_known(optimizer: Optimizer) -> bool:
    """Whether an optimizer's steps are known to do nothing but compute."""
    return type(optimizer) in CLASSES


def resolve(identifier: object) -> Optimizer:
    """Find an optimizer.

    Args:
        identifier: A name in any case, what was saved of an optimizer, or an `Optimizer`, which is
            used as it is.

    Raises:
        ValueError: It is none of these (`compile.optimizer.unknown-ValueError`).

    """
    if isinstance(identifier, str):
        identifier = identifier.lower()
    # compile.optimizer.string-name
    known = {**NAMES, **{one.__name__: one for one in CLASSES}}
    # compile.optimizer.instance: it is found as it is
    found: Optimizer = lookup.find("optimizer", identifier, known, instance_of=Optimizer)
    return found
