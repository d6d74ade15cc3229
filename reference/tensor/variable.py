"""Weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference.tensor.autodiff import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.data.arrays import Array


class Variable(Tensor):
    """A tensor that training may change, and a regularizer may keep small."""

    __slots__ = ("name", "regularizer", "trainable")

    def __init__(
        self,
        value: Array,
        name: str,
        *,
        trainable: bool = True,
        regularizer: Callable[[Tensor], Tensor] | None = None,
    ) -> None:
        super().__init__(value, requires_gradient=trainable)
        self.name = name
        self.trainable = trainable
        self.regularizer = regularizer

    def assign(self, value: Array) -> None:
        """Take over new values of the same shape; the array stays the same one."""
        self.data[...] = value
