"""How layers are connected, as values that JSON can hold, and networks made of such values."""

from __future__ import annotations

import contextlib
import importlib
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from fitspec.reference.config import configuration
from fitspec.reference.config.configuration import serialize
from fitspec.reference.models.sequential import Sequential
from fitspec.reference.network.graph import order_of_computation
from fitspec.reference.network.input_layer import InputLayer
from fitspec.reference.network.network import Network
from fitspec.reference.tensor.autodiff import Tensor
from fitspec.reference.tensor.blocks import during

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fitspec.reference.config.configuration import CustomObjects
    from fitspec.reference.network.graph import Graph
    from fitspec.reference.network.layer import Layer, Node, Symbol

LAYERS = ("layers", "models")
"""Where the classes of layers are looked for."""
_WRONG = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


@contextlib.contextmanager
def reading(place: str) -> Iterator[None]:
    """Have what is wrong with a part of a configuration be told with its place.

    Args:
        place: Where the part stands.

    Raises:
        ValueError: The block raised what comes of a part that is missing, or is of another kind.

    """
    try:
        yield
    except RecursionError as error:
        raise ValueError(f"{place}: it is nested too deeply") from error
    except _WRONG as error:
        if isinstance(error.__cause__, RecursionError):  # of which many places know
            raise
        told = f"there is no {error}" if isinstance(error, KeyError) else str(error)
        raise ValueError(f"{place}: {told.removeprefix('config: ')}") from error


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
    with reading("config"):
        name, trainable = config.get("name"), config.get("trainable", True)
        if not isinstance(name, str | None) or not isinstance(trainable, bool):
            raise TypeError(f"name {name!r} and trainable {trainable!r} are no text and no bool")
        if not issubclass(kind, Sequential):
            model = kind(*graph_of(config), name=name)
        else:
            model = kind(name=name)
            for number, entry in enumerate(config["layers"]):
                with reading(f"layers[{number}]"):
                    model.add(configuration.deserialize(entry, LAYERS))
            shape = config.get("build_input_shape")
            if shape is not None and not model.built:
                model.build([tuple(shape[1:])])
        model.trainable = trainable
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
    for node in (*inputs, *order_of_computation(graph.inputs, graph.outputs)):
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


def graph_of(
    config: Mapping[str, Any], inputs: Mapping[str, Symbol] | None = None
) -> tuple[list[Symbol], list[Symbol]]:
    """Connect new layers as `config_of` wrote it down, and return inputs and outputs.

    Args:
        config: What was written down.
        inputs: By the names of inputs, what takes their place.

    Raises:
        ValueError: A layer is not known, or the calls do not depend on each other as they should.

    """
    layers: dict[str, Layer] = {}
    outputs: dict[tuple[str, int], Sequence[Symbol]] = {}
    pending: list[tuple[tuple[str, int], list[Any]]] = []
    for number, entry in enumerate(config["layers"]):
        with reading(f"layers[{number}]"):
            name = entry["name"]
            calls = entry["inbound_nodes"]
            if inputs and name in inputs:
                outputs[name, 0] = [inputs[name]]
            elif entry["class_name"] == "InputLayer":
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
            with reading(f"layers, {name!r}, inbound_nodes"):
                symbols = [outputs[source[0], source[1]][source[2]] for source in sources]
                training = sources[0][3].get("training") if len(sources[0]) > 3 else None
                outputs[name, index] = layers[name].connect(symbols, training)
        pending = [call for call in pending if call[0] not in outputs]
    ends = []
    for key in ("input_layers", "output_layers"):
        with reading(key):
            ends.append([outputs[name, index][position] for name, index, position in config[key]])
    return ends[0], ends[1]


def model_from_config(config: Mapping[str, Any], custom_objects: CustomObjects = None) -> Any:
    """Make a model, with new weights, of its class and config.

    Args:
        config: As `serialize` returns it.
        custom_objects: Functions and classes of one's own, by name.

    Raises:
        ValueError: It is nothing of the kind, or a class is not known.

    """
    with configuration.custom_object_scope(custom_objects), reading("config"):
        return configuration.deserialize(config, ("models", "layers"))


def model_from_json(json_string: str, custom_objects: CustomObjects = None) -> Any:
    """Make a model, with new weights, of what `to_json` returned.

    Args:
        json_string: The JSON.
        custom_objects: Functions and classes of one's own, by name.

    Raises:
        ValueError: It is no JSON, not of a model, or a class is not known.

    """
    with reading("json_string"):
        config = json.loads(json_string)
    return model_from_config(config, custom_objects)


def clone_model(model: Any, input_tensors: Any = None) -> Any:
    """Make a model of the same layers with new weights; functions of one's own are the same ones.

    Args:
        model: The model.
        input_tensors: Symbols that take the place of its inputs, in their order; or tensors, which
            the new model then has of its own.

    Raises:
        ValueError: It is no model, or there is not one for each input.

    """
    if not isinstance(model, Network):
        # As for all else that a model cannot be made of.
        raise ValueError(f"model: a model was expected, not {model!r}")  # noqa: TRY004
    own = {type(layer).__name__: type(layer) for layer in model.layers}
    with during(configuration.keeps_functions, True), configuration.custom_object_scope(own):
        return cloned(model, model.get_config(), input_tensors)


def cloned(model: Network, config: dict[str, Any], input_tensors: Any) -> Any:
    """Make a model of what another one wrote down; see `clone_model`."""
    if input_tensors is None:
        return type(model).from_config(config)
    several = input_tensors if isinstance(input_tensors, (list, tuple)) else [input_tensors]
    symbols: list[Any] = [
        InputLayer(input_tensor=one).symbol if isinstance(one, Tensor) else one for one in several
    ]
    if len(symbols) != len(model.inputs):
        raise ValueError(f"input_tensors: got {len(symbols)}, for {len(model.inputs)} inputs")
    if isinstance(model, Sequential):
        layers: list[Any] = [configuration.deserialize(one, LAYERS) for one in config["layers"]]
        return Sequential([*symbols, *layers], model.name)
    names = [name for name, *_ in config["input_layers"]]
    return type(model)(*graph_of(config, dict(zip(names, symbols, strict=True))), name=model.name)


def to_yaml(model: Network, **options: Any) -> str:
    """Return the layers and how they are connected as YAML, of which JSON is a part.

    Args:
        model: The model.
        **options: As for `json.dumps`.

    Raises:
        ValueError: A layer cannot be written down.

    """
    return model.to_json(**options)


def model_from_yaml(yaml_string: str, custom_objects: CustomObjects = None) -> Any:
    """Make a model, with new weights, of what `to_yaml`, or that of Keras, returned.

    Args:
        yaml_string: The YAML; what is no JSON needs the package PyYAML.
        custom_objects: Functions and classes of one's own, by name.

    Raises:
        ValueError: It is not of a model, or a class is not known.
        ImportError: It is no JSON, and the package is not installed.

    """
    try:
        config = json.loads(yaml_string)
    except ValueError:
        try:
            yaml = importlib.import_module("yaml")
        except ImportError as error:
            raise ImportError("YAML that is no JSON needs the package PyYAML") from error
        config = yaml.safe_load(yaml_string)
    return model_from_config(config, custom_objects)
