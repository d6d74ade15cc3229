"""Regularizers: penalties on weights and outputs that training makes small along with the loss.

A regularizer is a function of a tensor that returns a penalty, a tensor with one element.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, TypeAlias

from fitspec.reference.config import lookup
from fitspec.reference.config.configuration import Configurable
from fitspec.reference.tensor.autodiff import Tensor, as_tensor
from fitspec.reference.tensor.blocks import during

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Regularizer: TypeAlias = Callable[[Tensor], Tensor]

_collected: ContextVar[list[Tensor] | None] = ContextVar("collected", default=None)


class L1L2(Configurable, repeats=True):
    """Penalizes by `l1 * sum(|x|) + l2 * sum(x ** 2)`.

    Args:
        l1: Factor on the sum of absolute values.
        l2: Factor on the sum of squares.

    """

    def __init__(self, l1: float = 0.0, l2: float = 0.0) -> None:
        self.l1 = float(l1)
        self.l2 = float(l2)

    def __call__(self, x: Tensor) -> Tensor:
        """Return the penalty."""
        penalty = as_tensor(0.0, like=x)
        if self.l1:
            penalty = penalty + abs(x).sum() * self.l1
        if self.l2:
            penalty = penalty + (x**2).sum() * self.l2
        return penalty


def l1(l: float = 0.01) -> L1L2:  # noqa: E741 - the documented name
    """Return a penalty on absolute values."""
    return L1L2(l1=l)


def l2(l: float = 0.01) -> L1L2:  # noqa: E741 - the documented name
    """Return a penalty on squares."""
    return L1L2(l2=l)


def l1_l2(l1: float = 0.01, l2: float = 0.01) -> L1L2:
    """Return a penalty on both."""
    return L1L2(l1, l2)


NAMES = {"L1L2": L1L2, "l1": l1, "l2": l2, "l1_l2": l1_l2}
"""Every name, with what makes the regularizer it stands for."""


def resolve(identifier: object, what: str = "regularizer") -> Regularizer | None:
    """Find a regularizer.

    Args:
        identifier: "l1", "l2", "l1_l2", a function, what was saved of one, or None for none.
        what: The argument's name, for messages.

    Raises:
        ValueError: It is none of these.

    """
    if identifier is None:
        return None
    found: Regularizer = lookup.find(what, identifier, NAMES, made=True)
    return found


@contextlib.contextmanager
def collected(weights: Iterable[tuple[Regularizer | None, Tensor]]) -> Iterator[list[Tensor]]:
    """Collect the penalties of weights, and of all outputs that are computed inside the block."""
    penalties: list[Tensor] = []
    with during(_collected, penalties):
        for regularizer, weight in weights:
            penalize(regularizer, weight)
        yield penalties


def penalize(regularizer: Regularizer | None, tensor: Tensor) -> None:
    """Add a penalty to those that are being collected, if any are."""
    if regularizer is None:
        return
    penalties = _collected.get()
    if penalties is not None:
        penalties.append(as_tensor(regularizer(tensor), like=tensor))
