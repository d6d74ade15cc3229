"""How layers are connected, as values that JSON can hold, and networks made of such values."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from fitspec.reference.config import configuration
from fitspec.reference.config.configuration import serialize
from fitspec.reference.models.sequential import Sequential
from fitspec.reference.network.input_layer import InputLayer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fitspec.reference.config.configuration import CustomObjects
    from fitspec.reference.network.graph import Graph
    from fitspec.reference.network.layer import Layer, Node, Symbol
    from fitspec.reference.network.network import Network

LAYERS = ("layers", "models")
"""Where the classes of layers are looked for."""


def get_config(model: Network) -> dict[str, Any]:
    """Return what to make another model like this with; see `Network.get_config`."""
    if not isinstance(model, Sequential):
        config = config_of(model.name, model.graph)
    else:
        config = {"name": model.name, "layers": [serialize(layer) for layer in model.layers]}
        if model.built:
            config["build_input_shape"] = (model.batch_size, *model.inputs[0].shape)
    return config if model.trainable else {**config, "trainable": False}


def from_config(kind: Any, config: Mapping[str, Any]) -> Any:
    """Make a model of a class as `get_config` wrote it down; see `Network.from_config`."""
    if not issubclass(kind, Sequential):
        model = kind(*graph_of(config), name=config.get("name"))
    else:
        model = kind(name=config.get("name"))
        for entry in config["layers"]:
            model.add(configuration.deserialize(entry, LAYERS))
        shape = config.get("build_input_shape")
        if shape is not None and not model.built:
            model.build([tuple(shape[1:])])
    model.trainable = config.get("trainable", True)
    return model


def config_of(name: str, graph: Graph) -> dict[str, Any]:
    """Write down a graph of layers.

    A call of a layer is found by the layer's name and the call's number, counted from 0; those of a
    network from 1, as in Keras, which counts how the network itself was made.
    """
    calls = Counter({layer.name: layer.first_call for layer in graph.layers})
    number: dict[Node, int] = {}
    inbound: dict[str, list[Any]] = {layer.name: [] for layer in graph.layers}
    inputs = dict.fromkeys(symbol.node for symbol in graph.inputs)
    for node in (*inputs, *graph.nodes):
        number[node] = calls[node.layer.name]
        calls[node.layer.name] += 1
        if node not in inputs:
            said = {} if node.training is None else {"training": node.training}
            inbound[node.layer.name].append([[*place(one, number), said] for one in node.inputs])
    entered = {node.layer: node for node in inputs}
    return {
        "name": name,
        "layers": [
            {
                "name": layer.name,
                **(written_input(entered[layer]) if layer in entered else serialize(layer)),
                "inbound_nodes": inbound[layer.name],
            }
            for layer in graph.layers
        ],
        "input_layers": [place(symbol, number) for symbol in graph.inputs],
        "output_layers": [place(symbol, number) for symbol in graph.outputs],
    }


def place(symbol: Symbol, number: Mapping[Node, int]) -> list[Any]:
    """Return where a symbol comes from: layer, call, and position among the call's outputs."""
    node = symbol.node
    return [node.layer.name, number[node], node.outputs.index(symbol)]


def written_input(node: Node) -> dict[str, Any]:
    """Write down what data enters by: an input, or what takes the place of a layer's output."""
    layer = node.layer
    if not isinstance(layer, InputLayer):
        layer = InputLayer(node.outputs[0].shape, name=layer.name)
    return serialize(layer)


def graph_of(config: Mapping[str, Any]) -> tuple[list[Symbol], list[Symbol]]:
    """Connect new layers as `config_of` wrote it down, and return inputs and outputs.

    Raises:
        ValueError: A layer is not known, or the calls do not depend on each other as they should.

    """
    layers: dict[str, Layer] = {}
    outputs: dict[tuple[str, int], Sequence[Symbol]] = {}
    pending: list[tuple[tuple[str, int], list[Any]]] = []
    for entry in config["layers"]:
        name = entry["name"]
        calls = entry["inbound_nodes"]
        if entry["class_name"] == "InputLayer":
            outputs[name, 0] = [InputLayer.from_config(entry["config"]).symbol]
        else:
            layers[name] = configuration.deserialize(entry, LAYERS)
        first = layers[name].first_call if name in layers else 0
        pending += [((name, index), sources) for index, sources in enumerate(calls, first)]
    while pending:
        ready = [call for call in pending if all(tuple(s[:2]) in outputs for s in call[1])]
        if not ready:
            raise ValueError(f"config: the inputs of layer {pending[0][0][0]!r} are nowhere made")
        for (name, index), sources in ready:
            symbols = [outputs[source[0], source[1]][source[2]] for source in sources]
            training = sources[0][3].get("training") if len(sources[0]) > 3 else None
            outputs[name, index] = layers[name].connect(symbols, training)
        pending = [call for call in pending if call[0] not in outputs]
    return (
        [outputs[name, index][position] for name, index, position in config["input_layers"]],
        [outputs[name, index][position] for name, index, position in config["output_layers"]],
    )


def model_from_config(config: Mapping[str, Any], custom_objects: CustomObjects = None) -> Any:
    """Make a model, with new weights, of its class and config.

    Args:
        config: As `serialize` returns it.
        custom_objects: Functions and classes of one's own, by name.

    Raises:
        ValueError: It is nothing of the kind, or a class is not known.

    """
    with configuration.custom_object_scope(custom_objects):
        return configuration.deserialize(config, ("models", "layers"))


def model_from_json(json_string: str, custom_objects: CustomObjects = None) -> Any:
    """Make a model, with new weights, of what `to_json` returned.

    Args:
        json_string: The JSON.
        custom_objects: Functions and classes of one's own, by name.

    Raises:
        ValueError: It is no JSON, not of a model, or a class is not known.

    """
    return model_from_config(json.loads(json_string), custom_objects)


def clone_model(model: Any) -> Any:
    """Make a model of the same layers with new weights."""
    return type(model).from_config(model.get_config())
