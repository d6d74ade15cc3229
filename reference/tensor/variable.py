"""Weights."""

from __future__ import annotations

import contextlib
from contextvars import ContextVar
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from fitspec.reference.tensor.autodiff import Tensor
from fitspec.reference.tensor.blocks import during
from fitspec.reference.tensor.repeatable import Settings
from fitspec.reference.training.plan import Users

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fitspec.reference.data.arrays import Array

_frozen: ContextVar[frozenset[int] | None] = ContextVar("frozen", default=frozenset())
_in_place: ContextVar[Mapping[int, Any]] = ContextVar("in_place", default=MappingProxyType({}))
_NOTHING = contextlib.nullcontext()


class Variable(Tensor):
    """A tensor that training may change, and a regularizer may keep small."""

    __slots__ = ("_array", "_regularizer", "constraint", "name", "trainable", "users")

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
        self.users = Users()

    @property
    def data(self) -> Array:
        """The values, or what stands for them in this thread."""
        stands_for: Array = _in_place.get().get(id(self), self._array)
        return stands_for

    @data.setter
    def data(self, array: Array) -> None:
        self._array = array

    @property
    def regularizer(self) -> Callable[[Tensor], Tensor] | None:
        """What it is penalized by in training."""
        return self._regularizer

    @regularizer.setter
    def regularizer(self, regularizer: Callable[[Tensor], Tensor] | None) -> None:
        self._regularizer = regularizer
        Settings.changes += 1

    def assign(self, value: Array) -> None:
        """Take over new values of the same shape; the array stays the same one."""
        self.data[...] = value

    def move(self, value: Array) -> None:
        """Take over what a training batch makes of it, unless what is called is frozen."""
        if _frozen.get() is not None:
            self.assign(value)


def frozen(layers: Iterable[object] | None = None) -> contextlib.AbstractContextManager[None]:
    """Compute, in this thread, with some layers frozen; with None, inside of one of them."""
    return during(_frozen, None if layers is None else frozenset(map(id, layers)))


def calling(layer: object) -> contextlib.AbstractContextManager[None]:
    """Call a layer, which changes no moving average if it is frozen, or is inside of what is."""
    known = _frozen.get()
    return frozen() if known and id(layer) in known else _NOTHING


def standing_for(arrays: Mapping[Variable, Any]) -> contextlib.AbstractContextManager[None]:
    """Compute with other arrays in the place of those of some weights, in this thread alone."""
    return during(_in_place, {id(variable): array for variable, array in arrays.items()})
