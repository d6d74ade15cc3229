"""Layers of one's own that hold other layers, call them on tensors, or have several outputs."""

from __future__ import annotations

import functools
import inspect
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from fitspec.reference import regularizers
from fitspec.reference.layers import Lambda
from fitspec.reference.network.keras_layers import ADAPTED, MARK, one_or_list, with_samples
from fitspec.reference.network.layer import Layer
from fitspec.reference.network.network import Network
from fitspec.reference.standing_in import input_spec, layer_methods, own_masks
from fitspec.reference.tensor import array_library, autodiff
from fitspec.reference.tensor.autodiff import Tensor
from fitspec.reference.tensor.blocks import during
from fitspec.reference.tensor.variable import calling, frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fitspec.reference.network.layer import Symbol
    from fitspec.reference.tensor.array_library import Shape
    from fitspec.reference.tensor.variable import Variable

_Found = TypeVar("_Found")

learns: ContextVar[bool] = ContextVar("learns", default=False)
"""Whether what computes in this thread trains."""

counts: ContextVar[bool | None] = ContextVar("counts", default=None)
"""Whether the batch that a model computes is trained or tested on; None outside of models."""

building: ContextVar[bool] = ContextVar("building", default=False)
"""Whether a layer makes its weights."""

_connect = Layer.connect
_forget_shape = Layer.forget_shape
_init_subclass = vars(Layer)["__init_subclass__"].__func__


def held(layer: Layer) -> list[Layer]:
    """Return the layers that are attributes of one written as for Keras, or in lists that are."""
    if not getattr(layer, MARK, False):
        return []
    # What was settled when it was compiled, if it is a model, may be the whole of it.
    values = [value for name, value in vars(layer).items() if name != "_settled"]
    return list(dict.fromkeys(inside(values, Layer)))


def inside(value: object, kind: type[_Found]) -> Iterator[_Found]:
    """Find what is of a class in lists and dicts, of any depth."""
    if isinstance(value, kind):
        yield value
    elif isinstance(value, (list, tuple, dict)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from inside(each, kind)


def own_variables(self: Layer) -> list[Variable]:
    """Return the weights of a layer but those of layers that it holds, also in lists of its own."""
    if not getattr(self, MARK, False):
        return self._variables
    trained, others = (vars(self).get(name, ()) for name in LISTS)
    for weight in others:
        weight.trainable = False
    return list(dict.fromkeys([*self._variables, *trained, *others]))


def variables(self: Layer) -> list[Variable]:
    """Every weight, those of layers that it holds after its own, and moving averages last."""
    own, layers = own_variables(self), held(self)
    if not layers:
        return own
    every = [*own, *(weight for layer in layers for weight in layer.variables)]
    return sorted(dict.fromkeys(every), key=lambda weight: not weight.trainable)


def trainable_variables(self: Layer) -> list[Variable]:
    """The weights that training changes."""
    if not self.trainable:
        return []
    own = [weight for weight in own_variables(self) if weight.trainable]
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
    with during(building, True):
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
        input_spec.check(self, inputs)
        return _connect(self, inputs, training)
    self.build_once([x.shape[1:] for x in several])
    with calling(self):
        outputs = self.run(list(several), training=learns.get() if training is None else training)
    for output in outputs:
        regularizers.penalize(self.activity_regularizer, output)
    return outputs


def run(self: Layer, inputs: list[Tensor], *, training: bool) -> list[Tensor]:
    """Compute all outputs for a batch."""
    if learns.get() is training:
        output: Any = called(self, inputs, training=training)
    else:
        with during(learns, training):
            output = called(self, inputs, training=training)
    outputs = list(output) if isinstance(output, (list, tuple)) else [output]
    if type(self).compute_mask is not own_masks.compute_mask:  # type: ignore[attr-defined]  # given
        return own_masks.with_own_masks(self, inputs, outputs)
    for tensor in inputs:
        if tensor.mask is not None:
            return [self.pass_mask(inputs, each) for each in outputs]
    return outputs


def called(layer: Layer, inputs: list[Tensor], *, training: bool) -> Any:
    """Call a layer, which updates weights of its own in training only, unless it is stateful."""
    if training or layer.stateful or not getattr(layer, MARK, False):
        return layer.call(inputs, training=training)
    with frozen():
        return layer.call(inputs, training=training)


def add_update(self: Layer, updates: object, inputs: object = None) -> None:
    """Do nothing: what updates a weight, such as `K.update_add`, has done it by then."""
    del self, updates, inputs


def listing(name: str, told: str | None = None) -> property:
    """Return a property that puts weights into a list in which programs for Keras have them.

    Args:
        name: The list.
        told: The property that says what there is of that kind; the list itself when left out.

    """
    known = vars(Layer)[told].fget if told else None

    def get(self: Layer) -> Any:
        return known(self) if known else vars(self).setdefault(name, [])

    def put(self: Layer, weights: Any) -> None:
        vars(self)[name] = list(weights)

    return property(get, put, doc="Weights, which may be set.")


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
    adds_metric = asks_for(type(self).call, "add_metric")  # which shows when it is called
    is_written = getattr(self, MARK, False) and written is not layer_methods.compute_output_shape
    if is_written and not adds_metric:
        return _samples(written(self, with_samples(shapes)))
    return tried(self, shapes) if adds_metric or held(self) else [self.shape_of_output(shapes)]


def asks_for(function: Callable[..., Any], name: str) -> bool:
    """Whether the code of a function has a name in it: what it then does is known by trying."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    return name in getattr(code, "co_names", ())


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
    # log(0) is nobody's
    with during(counts, False), autodiff.paused(), np.errstate(all="ignore"):
        return layer.run(inputs, training=False)


def taking_tensors(written: Callable[..., Any]) -> Callable[..., Any]:
    """Return the `call` of a class of layers, which takes a tensor as well as a list of one.

    So do classes that are derived from it, and written as for Keras, call it.
    """

    @functools.wraps(written)
    def called(self: Layer, inputs: Any, *, training: bool | None = None, **named: Any) -> Any:
        if training is not None and type(inputs) is list:  # as networks call it
            return written(self, inputs, training=training, **named)
        several = [inputs] if isinstance(inputs, Tensor) else inputs
        return written(
            self, several, training=learns.get() if training is None else training, **named
        )

    return called


def init_subclass(cls: type[Layer], /, **arguments: Any) -> None:
    """Have a class work that is derived from a provided layer and changes its `build` alone.

    It has no `call` by which to tell that it is written as for Keras: there shapes are not of one
    sample, and not named so.
    """
    _init_subclass(cls, **arguments)
    build = vars(cls).get("build")
    if build is None or getattr(cls, MARK, False) or issubclass(cls, Network):
        return
    if "shapes" not in inspect.signature(build).parameters:
        setattr(cls, *ADAPTED["build"](build))


LISTS = ("_trainable_weights", "_non_trainable_weights")
METHODS: dict[str, Any] = {
    **{name: listing(name) for name in LISTS},
    **{name[1:]: listing(name, name[1:]) for name in LISTS},
    "__init_subclass__": classmethod(init_subclass),
    "__call__": call,
    "add_update": add_update,
    "build_once": build_once,
    "compute_mask": own_masks.compute_mask,
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
