"""What adapters of libraries with Keras's class names share: models, optimizers, callbacks.

Nothing here decides behaviour. It spells descriptions in the library's own constructors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.adapters.adapter import Adapter, NotOffered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class KerasStyle(Adapter):
    """An adapter of a library whose modules and classes bear Keras's names.

    Args of the subclass: `library`, the imported package, and `rate`, the name of SGD's learning
    rate.
    """

    library: Any
    rate = "learning_rate"

    @property
    def layer_classes(self) -> dict[str, Any]:
        """Kind of layer in the vocabulary -> the library's class."""
        layers = self.library.layers
        return {
            "dense": layers.Dense,
            "dropout": layers.Dropout,
            "activation": layers.Activation,
            "concatenate": layers.Concatenate,
        }

    def build_sgd(self, rate: float, momentum: float = 0.0) -> Any:
        """Build plain stochastic gradient descent."""
        return self.library.optimizers.SGD(**{self.rate: rate, "momentum": momentum})

    def build_model(
        self,
        style: str,
        layers: Sequence[Mapping[str, Any]],
        outputs: Sequence[str],
    ) -> Any:
        """Build a ``"functional"`` or ``"sequential"`` model and give its layers their weights."""
        if style == "sequential":
            model = self._sequential(layers)
        else:
            model = self._functional(layers, outputs)
        for layer in layers:
            if layer.get("weights") is not None:
                model.get_layer(layer["name"]).set_weights(layer["weights"])
        return model

    def _layer(self, description: Mapping[str, Any], **more: Any) -> Any:
        kind = self.layer_classes.get(description["kind"])
        if kind is None:
            raise NotOffered("probe", "layer " + description["kind"])
        return kind(name=description["name"], **dict(description.get("settings", {}), **more))

    def _input(self, description: Mapping[str, Any]) -> Any:
        return self.library.layers.Input(tuple(description["shape"]), name=description["name"])

    def _functional(self, layers: Sequence[Mapping[str, Any]], outputs: Sequence[str]) -> Any:
        tensors: dict[str, Any] = {}
        inputs = []
        for description in layers:
            name = description["name"]
            if description["kind"] == "input":
                tensors[name] = self._input(description)
                inputs.append(tensors[name])
            else:
                feeds = [tensors[item] for item in description["inputs"]]
                layer = self._layer(description)
                tensors[name] = layer(feeds[0] if len(feeds) == 1 else feeds)
        ends = [tensors[name] for name in outputs]
        # One input or output is given bare: a list of one means a list of one to some versions.
        return self.library.Model(
            inputs[0] if len(inputs) == 1 else inputs, ends[0] if len(ends) == 1 else ends
        )

    def _sequential(self, layers: Sequence[Mapping[str, Any]]) -> Any:
        model = self.library.Sequential()
        if layers[0]["kind"] == "input":
            # The one spelling of a Sequential's input that every version knows.
            first = self._layer(layers[1], input_shape=tuple(layers[0]["shape"]))
            rest = layers[2:]
        else:
            first, rest = self._layer(layers[0]), layers[1:]
        for layer in [first] + [self._layer(description) for description in rest]:
            model.add(layer)
        return model

    def weights(self, model: Any) -> dict[str, list[Any]]:
        """Return the weights of `model` by layer."""
        weights = {layer.name: layer.get_weights() for layer in model.layers}
        return {
            name: [np.asarray(item) for item in items] for name, items in weights.items() if items
        }
