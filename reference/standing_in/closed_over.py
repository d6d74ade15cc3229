"""Symbols that a loss of one's own refers to beside its arguments, as a variational one does."""

from __future__ import annotations

import functools
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NoReturn

from fitspec.reference.network.layer import Symbol
from fitspec.reference.tensor.blocks import during
from fitspec.reference.tensor.variable import calling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fitspec.reference.tensor.autodiff import Tensor

OPERATORS = ("add", "sub", "mul", "truediv", "gt", "ge", "lt", "le")


class Values:
    """What the symbols of a model are worth in the batch that is computed.

    Args:
        training: Whether it is trained.

    """

    def __init__(self, *, training: bool) -> None:
        self.training = training
        self.known: dict[Symbol, Tensor] | None = None

    def of(self, symbol: Symbol) -> Tensor:
        """Return the value of a symbol, computed if the outputs did not need it.

        Raises:
            ValueError: It depends on an input that the model has not.

        """
        known = self.known
        if known is None or (symbol not in known and not symbol.node.inputs):
            raise ValueError(
                f"loss: its function refers to what depends on {symbol.node.layer.name!r}, which "
                "is no input of the model"
            )
        if symbol not in known:
            node = symbol.node
            learns = self.training if node.training is None else node.training
            arguments = [self.of(one) for one in node.inputs]
            with calling(node.layer):
                results = node.layer.run(arguments, training=learns)
            known.update(zip(node.outputs, results, strict=True))
        return known[symbol]


computed: ContextVar[Values | None] = ContextVar("computed", default=None)
"""Those of the batch that is computed in this thread."""
compared: ContextVar[Values | None] = ContextVar("compared", default=None)
"""The same, while a loss compares outputs and targets."""


def kept(pairs: Iterable[tuple[Symbol, Tensor]]) -> dict[Symbol, Tensor]:
    """Make what the values of the symbols of a graph are kept in: those of the model stay known."""
    known, values = dict(pairs), computed.get()
    if values is not None and values.known is None:
        values.known = known
    return known


def knowing(compute: Callable[..., Any]) -> Callable[..., Any]:
    """Return the method `compute` of an engine, by which losses know the values of symbols."""

    @functools.wraps(compute)
    def called(*arguments: Any, training: bool) -> Any:
        with during(computed, Values(training=training)):
            return compute(*arguments, training=training)

    return called


def comparing(compare: Callable[..., Any]) -> Callable[..., Any]:
    """Return the method `__call__` of losses, in which symbols stand for their values."""

    @functools.wraps(compare)
    def called(*arguments: Any, **named: Any) -> Any:
        with during(compared, computed.get()):
            return compare(*arguments, **named)

    return called


def operator_of(method: Callable[[Tensor, Any], Tensor]) -> Callable[[Tensor, Any], Tensor]:
    """Return an operator of tensors that takes the value of a symbol."""

    @functools.wraps(method)
    def called(self: Tensor, other: Any) -> Tensor:
        if isinstance(other, Symbol) and (values := compared.get()) is not None:
            other = values.of(other)
        return method(self, other)

    return called


def as_array(self: Symbol, *_: object, **__: object) -> NoReturn:
    """Refuse to be numbers.

    Raises:
        TypeError: Always.

    """
    raise TypeError(
        f"the output of layer {self.node.layer.name!r} is a symbol, which has numbers only while a "
        "model computes: a loss may refer to it; a layer, or Lambda, takes it as an input; and "
        "what a metric makes of it is given to model.add_metric(symbol, name=...)"
    )
