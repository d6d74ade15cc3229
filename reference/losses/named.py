"""Losses as objects, made of the functions that have names."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, ClassVar

from fitspec.reference.losses.base import CLASSES, MEAN, FunctionLoss, form_of
from fitspec.reference.losses.differences import mean_absolute_error, mean_squared_error
from fitspec.reference.tensor.repeatable import is_repeatable

if TYPE_CHECKING:
    from fitspec.reference.losses.base import LossFunction, Reducing


class NamedLoss(FunctionLoss):
    """A loss made of one of the functions that have names.

    Args:
        reduction: As `Loss`.
        name: Label for messages; the name of the function when left out.

    """

    of: ClassVar[LossFunction]

    def __init_subclass__(cls, *, of: LossFunction | None = None, **arguments: Any) -> None:
        """Enter a class by its name, if it is made of a function that may be recorded."""
        super().__init_subclass__(repeats=is_repeatable(of), **arguments)
        if of is not None:
            cls.of = staticmethod(of)
            cls.parameters = tuple(inspect.signature(of).parameters)[2:]
            CLASSES[cls.__name__] = cls

    def __init__(self, reduction: Reducing = MEAN, name: str | None = None) -> None:
        function = type(self).of
        super().__init__(function, form_of(function), reduction, name)


class MeanSquaredError(NamedLoss, of=mean_squared_error):
    """Mean of squared differences."""


class MeanAbsoluteError(NamedLoss, of=mean_absolute_error):
    """Mean of absolute differences."""
