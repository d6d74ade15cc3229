"""Constraints: what weights are brought back to after every update.

A constraint is a function of a tensor that returns one of the same shape.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from fitspec.reference.config import lookup
from fitspec.reference.config.configuration import Configurable
from fitspec.reference.tensor.autodiff import Tensor, clip

if TYPE_CHECKING:
    from fitspec.reference.tensor.variable import Variable

EPSILON = 1e-7
"""Added to norms, by which weights are divided."""

Axes: TypeAlias = "int | tuple[int, ...] | list[int]"
Constrains: TypeAlias = Callable[[Tensor], Tensor]

NAMES = lookup.Names()
"""Every name, with the class of constraints that it stands for."""


class Constraint(Configurable):
    """Base of all constraints; one of one's own overrides `__call__`."""

    def __call__(self, w: Tensor) -> Tensor:
        """Return what becomes of a weight."""
        return w


@NAMES.known("non_neg", "nonneg")
class NonNeg(Constraint):
    """Makes elements below 0 to 0."""

    def __call__(self, w: Tensor) -> Tensor:
        """Return what becomes of a weight."""
        return clip(w, 0.0)


@NAMES.known("unit_norm", "unitnorm")
class UnitNorm(Constraint):
    """Gives every unit's weights the Euclidean norm 1.

    Args:
        axis: What the norm is over: 0 for the inputs of a `Dense`, [0, 1, 2] for those of a
            `Conv2D`.

    """

    def __init__(self, axis: Axes = 0) -> None:
        self.axis = axis

    def __call__(self, w: Tensor) -> Tensor:
        """Return what becomes of a weight."""
        axes = tuple(self.axis) if isinstance(self.axis, list) else self.axis
        norm = (w * w).sum(axes, keepdims=True) ** 0.5
        scale: Tensor = self.wanted(norm) / (norm + EPSILON)
        return w * scale

    def wanted(self, norm: Tensor) -> Any:  # noqa: ARG002 - for those that are derived
        """Return the norms that are wanted in the place of these."""
        return 1.0


@NAMES.known("max_norm", "maxnorm")
class MaxNorm(UnitNorm):
    """Gives every unit's weights a Euclidean norm that is not above a limit.

    Args:
        max_value: The limit.
        axis: As of `UnitNorm`.

    """

    def __init__(self, max_value: float = 2, axis: Axes = 0) -> None:
        super().__init__(axis)
        self.max_value = max_value

    def wanted(self, norm: Tensor) -> Any:
        """Return the norms that are wanted in the place of these."""
        return clip(norm, 0.0, self.max_value)


@NAMES.known("min_max_norm")
class MinMaxNorm(UnitNorm):
    """Brings the Euclidean norm of every unit's weights between two limits, or towards them.

    Args:
        min_value: The lower limit.
        max_value: The upper limit.
        rate: Which part of the way an update goes: 1 for all of it.
        axis: As of `UnitNorm`.

    """

    def __init__(
        self, min_value: float = 0.0, max_value: float = 1.0, rate: float = 1.0, axis: Axes = 0
    ) -> None:
        super().__init__(axis)
        self.min_value = min_value
        self.max_value = max_value
        self.rate = rate

    def wanted(self, norm: Tensor) -> Any:
        """Return the norms that are wanted in the place of these."""
        return clip(norm, self.min_value, self.max_value) * self.rate + norm * (1 - self.rate)


def resolve(identifier: object, what: str = "constraint") -> Constrains | None:
    """Find a constraint.

    Args:
        identifier: A name such as "max_norm", a function, what was saved of one, or None for none.
        what: The argument's name, for messages.

    Raises:
        ValueError: It is none of these.

    """
    if identifier is None:
        return None
    found: Constrains = lookup.find(what, identifier, NAMES, made=True)
    return found


def keep(weight: Variable, constraint: Constrains | None) -> None:
    """Have every update bring a weight back to what a constraint allows."""
    weight.constraint = constraint  # type: ignore[attr-defined]  # a slot that stays empty without


def of(weight: Variable) -> Constrains | None:
    """Return the constraint of a weight, None if it may be anything."""
    return getattr(weight, "constraint", None)


# As functions, and by older names.
max_norm = maxnorm = MaxNorm
non_neg = nonneg = NonNeg
unit_norm = unitnorm = UnitNorm
min_max_norm = MinMaxNorm
