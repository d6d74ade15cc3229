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
    """Make the weights of a model that waits for its first data, if their shapes can be seen."""
    shapes = _shapes_of(x)
    if getattr(model, "built", True) or shapes is None:
        return
    try:
        model.build(shapes)
    except Exception:  # noqa: BLE001  then the call itself has to make them, as it would have
        return


def _shapes_of(x: Any) -> Any:
    """Return the shape of batches of an array, or those of several; None of anything else."""
    if isinstance(x, (list, tuple)) and x:
        inner = [_shapes_of(each) for each in x]
        return None if None in inner else inner
    if isinstance(x, dict) and x:
        named = {name: _shapes_of(each) for name, each in x.items()}
        return None if None in named.values() else named
    shape = getattr(x, "shape", None)
    return None if shape is None else (None, *[int(each) for each in shape[1:]])


def beside_layers(model: Any) -> int:
    """Return how many weights a model has that are of none of its layers."""
    try:
        held = {id(each) for layer in model.layers for each in layer.weights}
        return sum(id(each) not in held for each in model.weights)
    except (AttributeError, TypeError, ValueError):
        return 0


def remembers(optimizer: Any) -> bool:
    """Return whether an optimizer holds anything of the updates that it made."""
    try:
        settings = optimizer.get_config()
        if "momentum" in settings and not settings["momentum"] and "rho" not in settings:
            return False
        if hasattr(optimizer, "get_weights"):
            state = optimizer.get_weights()
        else:
            variables = optimizer.variables
            state = variables() if callable(variables) else variables
        arrays = [np.asarray(each.numpy() if hasattr(each, "numpy") else each) for each in state]
    except Exception:  # noqa: BLE001  of what has none of these nothing is known
        return False
    return any(each.ndim and each.any() for each in arrays)


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
