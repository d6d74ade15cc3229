"""Layers of one's own that hold other layers, call them on tensors, or have several outputs."""

from __future__ import annotations

import functools
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from fitspec.reference import regularizers
from fitspec.reference.layers import Lambda
from fitspec.reference.network.keras_layers import MARK, one_or_list, with_samples
from fitspec.reference.network.layer import Layer
from fitspec.reference.standing_in import layer_methods
from fitspec.reference.tensor import array_library, autodiff
from fitspec.reference.tensor.autodiff import Tensor
from fitspec.reference.tensor.variable import calling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fitspec.reference.network.layer import Symbol
    from fitspec.reference.tensor.array_library import Shape
    from fitspec.reference.tensor.variable import Variable

_Found = TypeVar("_Found")

learns: ContextVar[bool] = ContextVar("learns", default=False)
"""Whether what computes in this thread trains."""

_connect = Layer.connect
_forget_shape = Layer.forget_shape


def held(layer: Layer) -> list[Layer]:
    """Return the layers that are attributes of one written as for Keras, or in lists that are."""
    if not getattr(layer, MARK, False):
        return []
    return list(
        dict.fromkeys(one for value in vars(layer).values() for one in inside(value, Layer))
    )


def inside(value: object, kind: type[_Found]) -> Iterator[_Found]:
    """Find what is of a class in lists and dicts, of any depth."""
    if isinstance(value, kind):
        yield value
    elif isinstance(value, (list, tuple, dict)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from inside(each, kind)


def variables(self: Layer) -> list[Variable]:
    """Every weight, those of layers that it holds after its own, and moving averages last."""
    layers = held(self)
    if not layers:
        return self._variables
    every = [*self._variables, *(weight for layer in layers for weight in layer.variables)]
    return sorted(dict.fromkeys(every), key=lambda weight: not weight.trainable)


def trainable_variables(self: Layer) -> list[Variable]:
    """The weights that training changes."""
    if not self.trainable:
        return []
    own = [weight for weight in self._variables if weight.trainable]
    inner = [weight for layer in held(self) for weight in layer.trainable_variables]
    return list(dict.fromkeys([*own, *inner]))


def frozen_layers(self: Layer) -> list[Layer]:
    """What is frozen here: the whole, or layers that it holds."""
    if not self.trainable:
        return [self]
    return [frozen for layer in held(self) for frozen in layer.frozen_layers]


def forget_shape(self: Layer) -> None:
    """Drop the weights, and those of layers that it holds."""
    _forget_shape(self)
    for layer in held(self):
        layer.forget_shape()


def reset_states(self: Layer) -> None:
    """Let the layers that it holds start anew."""
    for layer in held(self):
        layer.reset_states()


def build_once(self: Layer, shapes: list[Shape]) -> None:
    """Make the weights, unless they are there; those of layers that it holds by trying it."""
    if self.built:
        return
    self.build(shapes)
    if not all(layer.built for layer in held(self)):
        tried(self, shapes)
    self.built = True
    if self._starting_weights is not None:
        self.set_weights(self._starting_weights)


def call(self: Layer, inputs: Any, *, training: bool | None = None) -> Any:
    """Join the layer to the graph that ends in `inputs`, or compute, if these are tensors."""
    return one_or_list(self.connect(inputs, training))


def connect(
    self: Layer, inputs: Any, training: bool | None = None
) -> tuple[Symbol, ...] | list[Tensor]:
    """Join the layer to a graph, or compute its outputs for tensors, as a layer's `call` does it.

    Without `training` it learns if the layer around it does.
    """
    several = [inputs] if isinstance(inputs, Tensor) else inputs
    if not isinstance(several, (list, tuple)) or not any(isinstance(x, Tensor) for x in several):
        return _connect(self, inputs, training)
    self.build_once([x.shape[1:] for x in several])
    with calling(self):
        outputs = self.run(list(several), training=learns.get() if training is None else training)
    for output in outputs:
        regularizers.penalize(self.activity_regularizer, output)
    return outputs


def run(self: Layer, inputs: list[Tensor], *, training: bool) -> list[Tensor]:
    """Compute all outputs for a batch."""
    token = learns.set(training)
    try:
        output: Any = self.call(inputs, training=training)
    finally:
        learns.reset(token)
    outputs = list(output) if isinstance(output, (list, tuple)) else [output]
    if any(tensor.mask is not None for tensor in inputs):
        outputs = [self.pass_mask(inputs, each) for each in outputs]
    return outputs


def shapes_of_outputs(self: Layer, shapes: list[Shape]) -> list[Shape]:
    """Return the shape of one sample of every output.

    They are as the layer says, or found by trying it with zeros, if it holds layers.
    """
    written: Any = type(self).compute_output_shape  # type: ignore[attr-defined]
    if isinstance(self, Lambda):
        given = self._output_shape
        if callable(given):
            return _samples(given(with_samples(shapes)))
        return tried(self, shapes) if given is None else [tuple(given)]
    if getattr(self, MARK, False) and written is not layer_methods.compute_output_shape:
        return _samples(written(self, with_samples(shapes)))
    return tried(self, shapes) if held(self) else [self.shape_of_output(shapes)]


def _samples(shape: Any) -> list[Shape]:
    several = shape if isinstance(shape[-1], (list, tuple)) else [shape]
    return [tuple(each[1:]) for each in several]


def tried(layer: Layer, shapes: list[Shape]) -> list[Shape]:
    """Return the shapes of outputs, as a layer makes them of zeros."""
    # Lengths that follow from unknown ones differ between the two.
    with regularizers.collected(()):
        first, second = (outputs_of_zeros(layer, shapes, unknown) for unknown in (2, 3))
    return [
        tuple(a if a == b else None for a, b in zip(one.shape[1:], other.shape[1:], strict=True))
        for one, other in zip(first, second, strict=True)
    ]


def outputs_of_zeros(layer: Layer, shapes: list[Shape], unknown: int = 2) -> list[Tensor]:
    """Return what a layer makes of zeros, with some number for each length that is not known."""
    zeros = array_library.library(layer.device).zeros
    lengths = [[unknown if n is None else n for n in shape] for shape in shapes]
    inputs = [Tensor(zeros((2, *each), array_library.FLOAT)) for each in lengths]
    with autodiff.paused(), np.errstate(all="ignore"):  # log(0) is nobody's
        return layer.run(inputs, training=False)


def taking_tensors(written: Callable[..., Any]) -> Callable[..., Any]:
    """Return the `call` of a class of layers, which takes a tensor as well as a list of one.

    So do classes that are derived from it, and written as for Keras, call it.
    """

    @functools.wraps(written)
    def called(self: Layer, inputs: Any, *, training: bool | None = None, **named: Any) -> Any:
        several = [inputs] if isinstance(inputs, Tensor) else inputs
        return written(
            self, several, training=learns.get() if training is None else training, **named
        )

    return called


METHODS: dict[str, Any] = {
    "__call__": call,
    "build_once": build_once,
    "connect": connect,
    "forget_shape": forget_shape,
    "frozen_layers": property(frozen_layers),
    "reset_states": reset_states,
    "run": run,
    "shapes_of_outputs": shapes_of_outputs,
    "trainable_variables": property(trainable_variables),
    "variables": property(variables),
}
"""By name, what all layers have."""
