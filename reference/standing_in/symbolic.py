"""Operators and functions of the backend on the symbols between layers, for losses that are added.

What comes of them is no part of a model, as in Keras 2.3: there a `Lambda` computes.
"""

from __future__ import annotations

import functools
import operator
from typing import TYPE_CHECKING, Any

from fitspec.reference import regularizers
from fitspec.reference.network.graph import order_of_computation
from fitspec.reference.network.layer import Layer, Symbol
from fitspec.reference.network.network import Network
from fitspec.reference.standing_in import closed_over, own_layers
from fitspec.reference.tensor.autodiff import Tensor, as_tensor
from fitspec.reference.tensor.repeatable import is_repeatable, repeatable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from fitspec.reference.tensor.array_library import Shape

_connect = Network._connect  # noqa: SLF001 - what it is done by, and checked after
OPERATORS = (
    *("add", "sub", "mul", "truediv", "pow", "matmul", "neg", "abs", "getitem"),
    *("gt", "ge", "lt", "le"),
)
REFLECTED = ("add", "sub", "mul", "truediv")


class Operation(Layer):
    """A function of tensors, called on symbols.

    Args:
        function: The function.
        arguments: What to call it on: symbols, other things, and lists of these.
        named: Those by name.

    """

    supports_masking = True

    def __init__(
        self, function: Callable[..., Any], arguments: Sequence[Any], named: Mapping[str, Any]
    ) -> None:
        super().__init__()
        self.function = function
        self.given = list(arguments), dict(named)
        self.is_number = False

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Call it with tensors in the place of symbols."""
        tensors = iter(inputs)
        arguments, named = in_place(self.given, tensors)
        return as_tensor(self.function(*arguments, **named))

    def shapes_of_outputs(self, shapes: list[Shape]) -> list[Shape]:
        """Find the shape by trying."""
        (found,) = own_layers.outputs_of_zeros(self, shapes)
        self.is_number = found.ndim == 0
        return own_layers.tried(self, shapes)

    def pass_mask(self, inputs: list[Tensor], output: Tensor) -> Tensor:  # noqa: ARG002 - as Layer
        """Return the output, in which all counts."""
        return output


class Added(Layer):
    """Base of what a model computes beside its outputs."""

    supports_masking = True


class AddedLoss(Added):
    """Adds what is computed to what training makes small."""

    adds_loss = True

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Return it."""
        (loss,) = inputs
        regularizers.penalize(single, loss)
        return loss


def single(loss: Tensor) -> Tensor:
    """Return a loss that is added.

    Raises:
        ValueError: It is not one number.

    """
    if loss.data.size != 1:
        raise ValueError(
            f"losses: one that is added must be one number, as K.mean makes it, not of shape "
            f"{loss.shape}"
        )
    return loss.reshape()


def in_place(value: Any, tensors: Iterator[Tensor]) -> Any:
    """Return arguments with the next tensor in the place of each symbol."""
    if isinstance(value, Symbol):
        tensor = next(tensors)
        # Where shapes are found by trying, all that is tried has an axis of samples.
        is_number = getattr(value.node.layer, "is_number", False) and tensor.ndim
        return tensor.sum() if is_number else tensor
    if isinstance(value, dict):
        return {name: in_place(each, tensors) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(in_place(each, tensors) for each in value)
    return value


def accepting(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of tensors that takes symbols as well, and then returns one."""

    @functools.wraps(function)
    def called(*arguments: Any, **named: Any) -> Any:
        symbols = list(own_layers.inside((arguments, named), Symbol))
        if not symbols:
            return function(*arguments, **named)
        values = closed_over.compared.get()
        if values is None:
            return Operation(function, arguments, named)(symbols)
        given = in_place((arguments, named), map(values.of, symbols))
        return function(*given[0], **given[1])

    return repeatable(called) if is_repeatable(function) else called


def operators() -> dict[str, Any]:
    """Return the methods of symbols by which operators compute."""
    found: dict[str, Any] = {
        f"__{name}__": accepting(getattr(operator, f"__{name}__")) for name in OPERATORS
    }
    for name in REFLECTED:
        function = getattr(operator, name)
        found[f"__r{name}__"] = accepting(functools.partial(reflected, function))
    return {**found, "__iter__": None}


def reflected(function: Callable[[Any, Any], Any], right: Any, left: Any) -> Any:
    """Call a function with its arguments the other way around."""
    return function(left, right)


def add_loss(self: Layer, losses: Any, inputs: Any = None) -> None:
    """Add to what training makes small: in `call` of a layer a tensor, and of a model a symbol.

    A model also takes a number, which is added to the loss of every batch.

    Args:
        self: The layer or model.
        losses: One, or a list of several, each of one number.
        inputs: What it depends on, which is known.

    Raises:
        ValueError: One is not one number, or depends on an input that the model has not; or a layer
            makes its weights.
        TypeError: It is neither a tensor, in `call`, nor a symbol or number, of a model.

    """
    del inputs
    if own_layers.building.get():
        raise ValueError(
            f"losses: layer {self.name!r} adds one in build, where it is a number that stays: add "
            "it in call, or give add_weight a regularizer"
        )
    for loss in losses if isinstance(losses, (list, tuple)) else [losses]:
        if isinstance(loss, Tensor):
            regularizers.penalize(single, loss)
        elif isinstance(loss, (Symbol, float, int)) and isinstance(self, Network):
            compute_too(self, AddedLoss()(symbol_of(loss, self)))
        else:
            raise TypeError(
                f"losses: layer {self.name!r} takes tensors in its call, where a number is "
                f"K.constant(number), and a model symbols and numbers, not {loss!r}"
            )


def symbol_of(loss: Symbol | float, model: Network) -> Symbol:
    """Return a loss, or a number that is one for every batch of a model, as a symbol."""
    if isinstance(loss, Symbol):
        return loss
    symbol: Symbol = accepting(lambda _: as_tensor(float(loss)))(model.graph.inputs[0])
    return symbol


def compute_too(model: Network, added: Symbol) -> None:
    """Have a model compute something beside its outputs."""
    known = model.graph
    ends = [node.outputs[0] for node in known.nodes if isinstance(node.layer, Added)]
    known.nodes = order_of_computation(known.inputs, (*known.outputs, *ends, added))


def connect(self: Network, inputs: Sequence[Symbol], outputs: Sequence[Symbol]) -> None:
    """Join a network, of layers alone.

    Raises:
        ValueError: An output is computed by operators or functions of the backend.

    """
    _connect(self, inputs, outputs)
    computed = [node for node in self.graph.nodes if isinstance(node.layer, Operation)]
    if computed:
        self._graph = None
        raise ValueError(
            "outputs: operators, and functions of the backend, compute with symbols for add_loss "
            "and add_metric alone: what is a part of a model computes in a Lambda, as "
            "Lambda(lambda x: x * 2)(symbol)"
        )
