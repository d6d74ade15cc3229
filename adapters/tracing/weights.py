"""The weights of a model, layer by layer, as a side has them and as another one gets them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def layers_of(model: Any) -> Iterator[Any]:
    """Yield the layers with weights, those of a model within a model in its place."""
    for layer in getattr(model, "layers", ()):
        if getattr(layer, "layers", None):
            yield from layers_of(layer)
        elif layer.get_weights():
            yield layer


def weights_of(model: Any) -> list[tuple[str, list[Any]]]:
    """Return the name of each layer with weights, and these; of one not built yet there are none.

    Layers come in the order of the model.
    """
    if not getattr(model, "built", True):
        return []
    return [
        (layer.name, [np.asarray(each) for each in layer.get_weights()])
        for layer in layers_of(model)
    ]


def build(model: Any, x: Any) -> None:
    """Make the weights of a model that waits for its first data, if their shape can be seen."""
    shape = getattr(x, "shape", None)
    if getattr(model, "built", True) or shape is None:
        return
    try:
        model.build((None, *[int(each) for each in shape[1:]]))
    except Exception:  # noqa: BLE001  then the call itself has to make them, as it would have
        return


def set_weights(model: Any, given: Sequence[Sequence[Any]], done: set[int]) -> list[str]:
    """Set weights, layer by layer; return in words what could not be set.

    Args:
        model: whose they become.
        given: for each layer with weights, in order, its weights.
        done: layers that are left as they are, by identity; those that are set are put there.
    """
    layers = list(layers_of(model))
    if len(layers) != len(given):
        return [
            "the model has %d layers with weights here, and %d on the first side: none was set"
            % (len(layers), len(given))
        ]
    words = []
    for layer, arrays in zip(layers, given):
        if id(layer) in done:
            continue
        done.add(id(layer))
        here = [tuple(np.shape(each)) for each in layer.get_weights()]
        there = [tuple(np.shape(each)) for each in arrays]
        if here != there:
            words.append(
                "layer %s: its weights have the shapes %s here, and %s on the first side: not set"
                % (layer.name, _shapes(here), _shapes(there))
            )
            continue
        if not all(np.array_equal(*pair) for pair in zip(layer.get_weights(), arrays)):
            layer.set_weights(list(arrays))
    return words


def _shapes(shapes: Sequence[tuple[int, ...]]) -> str:
    return " ".join("x".join(map(str, each)) or "()" for each in shapes)
