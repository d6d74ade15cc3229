"""Models that are one layer after the other."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import numpy as np

from fitspec.reference.api import get_layer
from fitspec.reference.models.model import Model
from fitspec.reference.network.input_layer import Input, InputLayer
from fitspec.reference.network.layer import Layer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fitspec.reference.data.feeding import Feed
    from fitspec.reference.network.layer import Symbol
    from fitspec.reference.tensor.array_library import Array, Shape


class Sequential(Model):
    """A stack of layers.

    The weights are made as soon as the shape of the input is known: from the `input_shape` of the
    first layer, or from the first data.

    Args:
        layers: Layers in order; more can follow by `add`.
        name: Made up when left out.

    Example:
        >>> model = Sequential([layers.Dense(1, input_shape=(1,))])
        >>> model.compile("sgd", loss="mse")

    """

    def __init__(self, layers: Iterable[Layer] = (), name: str | None = None) -> None:
        Layer.__init__(self, name=name)
        self._graph = None
        self._stack: list[Layer] = []
        for layer in layers:
            self.add(layer)

    @property
    def layers(self) -> list[Layer]:
        """The layers in order; the input, which nobody added, is not among them."""
        return list(self._stack)

    @property
    def output_names(self) -> list[str]:
        """The name of the last layer, in a list."""
        return [self._added[-1].name]

    @property
    def _added(self) -> list[Layer]:
        if not self._stack:
            raise RuntimeError(f"model {self.name!r} has no layers")
        return self._stack

    def add(self, layer: Layer | Symbol) -> None:
        """Put a layer on top.

        Raises:
            TypeError: It is no layer.
            ValueError: Its name is taken.

        """
        start: Symbol | None = None
        if not isinstance(layer, Layer):
            layer = getattr(getattr(layer, "node", None), "layer", layer)
        if isinstance(layer, InputLayer):
            if self._stack or self._graph is not None:
                raise ValueError("an input can only be the first layer of a Sequential")
            self._connect([layer.symbol], [layer.symbol])
            return
        if not isinstance(layer, Layer):
            raise TypeError(f"layer must be a Layer, not {layer!r}")
        get_layer.require_distinct(one.name for one in (*self._stack, layer))
        if self._graph is not None:
            start = self._graph.outputs[0]
        elif not self._stack and layer.given_shape is not None:
            shape = (layer.batch_size, *layer.given_shape)
            start = Input(batch_shape=shape, name=f"{layer.name}_input")
        if start is not None:
            inputs = self._graph.inputs if self._graph is not None else [start]
            self._connect(inputs, [layer(start)])
        self._stack.append(layer)
        self._plan = None

    def pop(self) -> None:
        """Take the last layer off.

        Raises:
            TypeError: There is none.

        """
        if not self._stack:
            raise TypeError(f"model {self.name!r} has no layers to take off")
        layer = self._stack.pop()
        self._plan = self._engine = None
        if self._graph is None:
            return
        (node,) = (symbol.node for symbol in self._graph.outputs)
        layer.nodes.remove(node)
        if self._stack or layer.given_shape is None:
            self._connect(self._graph.inputs, node.inputs)
        else:
            self._forget_shape_of([])

    def predict_proba(
        self, x: object, batch_size: int | None = None, verbose: int = 0
    ) -> Array | list[Array]:
        """As `predict`, for a model whose outputs are probabilities."""
        return self.predict(x, batch_size, verbose)

    def predict_classes(self, x: object, batch_size: int | None = None, verbose: int = 0) -> Array:
        """Return the most likely class of each sample; of two, shape (samples, 1)."""
        found = np.asarray(self.predict(x, batch_size, verbose))
        classes: Array = found.argmax(-1) if found.shape[-1] > 1 else (found > 0.5).astype("int32")
        return classes

    def build(self, input_shape: Shape | list[Shape]) -> None:
        """Make all weights for an input of the given shape, if that was not known before.

        Args:
            input_shape: Shape of a batch of the input; in a list, that of one sample.

        """
        if self._graph is None:
            shape = input_shape[0] if isinstance(input_shape, list) else input_shape[1:]
            start = Input(shape, name=f"{self._added[0].name}_input")
            end = start
            for layer in self._stack:
                end = layer(end)
            self._connect([start], [end])

    def forget_shape(self) -> None:
        """Drop the weights of all layers."""
        self._forget_shape_of(self._stack)

    def _forget_shape_of(self, layers: Iterable[Layer]) -> None:
        self._graph = None
        self.batch_size = self.given_shape = None
        self.built = False
        for layer in layers:
            layer.forget_shape()

    @contextlib.contextmanager
    def tentatively(self) -> Iterator[None]:
        """Undo within a block that raises that the shape was taken from data, if it was.

        Once anything was computed the weights stay.
        """
        unshaped = self._graph is None
        unbuilt = [layer for layer in self._stack if not layer.built]
        try:
            yield
        except BaseException:
            if unshaped and self._engine is None:
                self._forget_shape_of(unbuilt)
            raise

    def feed(self, x: object) -> Feed:
        """Return what data must look like; the first data ever decide the input's shape."""
        if self._graph is None:
            first = next(iter(x.values())) if isinstance(x, dict) and x else x
            if isinstance(first, (list, tuple)) and len(first) == 1:
                first = first[0]
            if first is None:
                raise ValueError("x: the model does not know its input's shape, and got no data")
            shape = getattr(first, "shape", None) or np.shape(np.asarray(first))
            self.build([tuple(shape[1:]) or (1,)])
        return super().feed(x)
