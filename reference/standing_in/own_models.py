"""Models that are classes with a `call` of their own, which see their first data to be built."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.reference.api import arguments, compiling
from fitspec.reference.config.configuration import custom_object_scope
from fitspec.reference.data import columns
from fitspec.reference.network.compiled_network import CompiledNetwork
from fitspec.reference.network.input_layer import Input
from fitspec.reference.network.keras_layers import MARK
from fitspec.reference.network.layer import Layer, listed
from fitspec.reference.network.network import Network
from fitspec.reference.standing_in import own_layers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from fitspec.reference.config.configuration import CustomObjects
    from fitspec.reference.data.feeding import Feed
    from fitspec.reference.tensor.array_library import Shape
    from fitspec.reference.tensor.autodiff import Tensor
    from fitspec.reference.tensor.variable import Variable

_init, _feed = Network.__init__, CompiledNetwork.feed
_from_config: Callable[..., Any] = vars(Network)["from_config"].__func__
_layers: Callable[..., Any] = vars(Network)["layers"].fget
_output_names: Callable[..., Any] = vars(Network)["output_names"].fget


class Body(Layer):
    """Computes what the `call` of a model says.

    Args:
        model: The model.

    """

    supports_masking = True

    def __init__(self, model: Network) -> None:
        super().__init__(name=f"{model.name}_call")
        self.model = model

    def call(self, inputs: list[Tensor], *, training: bool) -> Any:
        """Call it."""
        return self.model.call(inputs, training=training)

    @property
    def variables(self) -> list[Variable]:
        """Every weight of the model."""
        return own_layers.variables(self.model)

    def shapes_of_outputs(self, shapes: list[Shape]) -> list[Shape]:
        """Find the shapes by trying."""
        return own_layers.tried(self, shapes)

    def get_config(self) -> dict[str, Any]:
        """Refuse.

        Raises:
            ValueError: Always.

        """
        raise ValueError(
            f"model {self.model.name!r} computes by a call of its own, which cannot be written "
            "down: make another one, and take save_weights and load_weights"
        )


def init(self: Network, inputs: Any = None, outputs: Any = None, name: str | None = None) -> None:
    """Make a model of symbols; or, of a class that defines `call`, one that data decide about.

    Raises:
        TypeError: There are no symbols, and there is no `call`.

    """
    if inputs is not None or outputs is not None:
        _init(self, inputs, outputs, name)
        return
    if not getattr(type(self), MARK, False):
        raise TypeError(
            f"{type(self).__name__}: a model needs inputs and outputs, or a class that is derived "
            "from Model and defines call(self, inputs)"
        )
    Layer.__init__(self, name=name)
    self._graph = None
    vars(self)["calls_itself"] = True


def calls_itself(model: Network) -> bool:
    """Whether a model computes by a `call` of its own."""
    return bool(vars(model).get("calls_itself"))


def build(self: Network, shapes: list[Shape]) -> None:
    """Make all weights, and what was compiled before, for inputs of the given shapes."""
    if not calls_itself(self) or self._graph is not None:
        return
    inputs = [Input(shape) for shape in shapes]
    body: Any = Body(self)
    self._connect(inputs, listed(body(inputs)))
    if isinstance(self, CompiledNetwork) and self.is_compiled:
        plan = self.plan
        given = arguments.Request(
            **self.compiled_with,
            optimizer=plan.optimizer,
            target_tensors=None,
            kwargs=plan.backend_arguments,
        )
        if len(self.outputs) > 1:
            self._plan = compiling.resolve(self.output_names, self.vocabulary, given)
        self.was_compiled(given)


def feed(self: CompiledNetwork, x: object) -> Feed:
    """Return what data must look like; the first data decide the shapes of such a model."""
    if calls_itself(self) and self._graph is None:
        given: list[Any] = columns.entries(x, 1)
        build(self, [np.shape(one)[1:] or (1,) for one in given])
    return _feed(self, x)


def tentatively(self: CompiledNetwork) -> contextlib.AbstractContextManager[None]:
    """Undo within a block that raises what data decided about the model."""
    decided = not calls_itself(self) or self._graph is not None
    return contextlib.nullcontext() if decided else undoing(self)


@contextlib.contextmanager
def undoing(model: CompiledNetwork) -> Iterator[None]:
    """Have a model know no shape again if the block raises before anything was computed."""
    unbuilt = [layer for layer in own_layers.held(model) if not layer.built]
    try:
        yield
    except BaseException:
        if model._engine is None:  # noqa: SLF001 - it is made when something is computed
            model._graph = None  # noqa: SLF001 - what is forgotten
            model.built = False
            for layer in unbuilt:
                layer.forget_shape()
        raise


def layers(self: Network) -> list[Layer]:
    """The layers, in the order of their indices; those that a model with a `call` holds."""
    found: list[Layer] = own_layers.held(self) if calls_itself(self) else _layers(self)
    return found


def output_names(self: Network) -> list[str]:
    """The names by which targets in a dict are found."""
    if not calls_itself(self):
        names: list[str] = _output_names(self)
        return names
    count = 1 if self._graph is None else len(self._graph.outputs)
    return [f"output_{number}" for number in range(1, count + 1)]


def from_config(
    cls: type[Network], config: Mapping[str, Any], custom_objects: CustomObjects = None
) -> Any:
    """Make a model, with new weights, of what `get_config` returned.

    Args:
        cls: The class of the model.
        config: What was returned.
        custom_objects: Functions and classes of one's own, by name.

    Raises:
        ValueError: The class of a layer is not known.

    """
    with custom_object_scope(custom_objects):
        return _from_config(cls, config)


METHODS: dict[str, Any] = {
    "__init__": init,
    "build": build,
    "from_config": classmethod(from_config),
    "layers": property(layers),
    "output_names": property(output_names),
}
"""By name, what all networks have."""
