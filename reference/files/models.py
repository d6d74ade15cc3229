"""Models in files, and out of files."""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any

from fitspec.reference.config import configuration
from fitspec.reference.data.describing import listed
from fitspec.reference.files import weight_files
from fitspec.reference.models import architecture
from fitspec.reference.tensor import array_library
from fitspec.reference.training.plan import numbered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.config.configuration import CustomObjects
    from fitspec.reference.config.formats import Place
    from fitspec.reference.files.weight_files import Stored
    from fitspec.reference.network.layer import Layer
    from fitspec.reference.network.network import Network
    from fitspec.reference.tensor.array_library import Array
    from fitspec.reference.tensor.variable import Variable

AUTHOR = "fitspec.reference"
"""Marks files whose optimizer has its state in the layout that is known here."""


def save_weights(network: Network, filepath: Place, *, overwrite: bool = True) -> None:
    """Write the weights; see `Network.save_weights`."""
    weight_files.write(filepath, stored(network), overwrite=overwrite)


def load_weights(
    network: Network,
    filepath: Place,
    *,
    by_name: bool = False,
    skip_mismatch: bool = False,
    reshape: bool = False,
) -> None:
    """Replace the weights; see `Network.load_weights`."""
    read = weight_files.read(filepath)
    options = {"by_name": by_name, "skip_mismatch": skip_mismatch, "reshape": reshape}
    assign(matched(network, read, filepath, **options))


def stored(network: Network) -> Stored:
    """Return the weights of a network as files have them."""
    return [
        (layer.name, list(zip(names_of(layer), map(host, layer.weights), strict=True)))
        for layer in built(network).layers
    ]


def built(network: Network) -> Network:
    """Return a network that has weights; RuntimeError if it knows no shape yet."""
    _ = network.graph
    return network


def names_of(layer: Layer) -> list[str]:
    """Return a name for each weight of a layer that no other one has."""
    return numbered(weight.name for weight in layer.weights)


def host(weight: Variable) -> Array:
    """Return the values of a weight."""
    return weight.numpy()


def matched(  # noqa: PLR0913 - as `load_weights`
    network: Network,
    layers: Stored,
    where: Place,
    *,
    by_name: bool,
    skip_mismatch: bool = False,
    reshape: bool = False,
) -> list[tuple[Variable, Array]]:
    """Return every weight with its new values.

    Args:
        network: Whose weights they are.
        layers: What was read.
        where: The file, for messages.
        by_name: Whether layers are found by name, and those not found left alone, or in order.
        skip_mismatch: Whether a layer found by name that does not fit is left alone, with a
            warning.
        reshape: Whether weights of as many numbers are laid out in the shapes that there are.

    Raises:
        ValueError: The file does not fit.

    """
    if skip_mismatch and not by_name:
        raise ValueError("skip_mismatch=True needs by_name=True: in order, all layers have to fit")
    own = [layer for layer in built(network).layers if layer.variables]
    given = [layer for layer in layers if layer[1]]
    if by_name:
        named = {layer.name: layer for layer in network.layers}
        pairs = [(named[name], weights) for name, weights in given if name in named]
    elif len(own) != len(given):
        raise ValueError(
            f"cannot load the weights of {len(given)} layers into a model of {len(own)} layers. "
            f"{where} has those of{listed([name for name, _ in given])}, the model has"
            f"{listed([layer.name for layer in own])}"
        )
    else:
        pairs = [(layer, weights) for layer, (_, weights) in zip(own, given, strict=True)]
    result = []
    for layer, weights in pairs:
        arrays = [array for _, array in weights]
        try:
            result += fitted(layer, arrays, where, reshape=reshape)
        except ValueError as error:
            if not skip_mismatch:
                raise
            warnings.warn(f"Skipping loading of weights due to mismatch of {error}", stacklevel=4)
    return result


def fitted(
    layer: Layer, arrays: list[Array], where: Place, *, reshape: bool
) -> list[tuple[Variable, Array]]:
    """Return the weights of a layer with their new values.

    Raises:
        ValueError: Their number or a shape differs.

    """
    variables = layer.weights
    if len(variables) != len(arrays):
        raise ValueError(
            f"{where}: layer {layer.name!r} expects {len(variables)} weights, but the saved one "
            f"has {len(arrays)} of them"
        )
    if reshape:
        sizes = zip(variables, arrays, strict=True)
        arrays = [
            array.reshape(weight.shape) if array.size == weight.data.size else array
            for weight, array in sizes
        ]
    pairs = list(zip(variables, arrays, strict=True))
    for weight, array in pairs:
        if weight.shape != array.shape:
            raise ValueError(
                f"{where}: {weight.name} of layer {layer.name!r} has shape {weight.shape}, but the "
                f"saved one has shape {array.shape}"
            )
    return pairs


def assign(pairs: Sequence[tuple[Variable, Array]]) -> None:
    """Give weights new values.

    Raises:
        ValueError: Some are no numbers; no weight is changed then.

    """
    found = [(weight, array_library.numbers(array, weight.name)) for weight, array in pairs]
    for weight, array in found:
        weight.assign(array_library.namespace(weight.data).asarray(array))


def save_model(model: Any, filepath: Place, overwrite: bool, include_optimizer: bool) -> None:
    """Write a model; see `models.save_model`."""
    texts = {"model_config": json.dumps(configuration.serialize(model))}
    state: list[Array] = []
    if include_optimizer and model.is_compiled:
        said = {name: configuration.encode(value) for name, value in model.compiled_with.items()}
        said["optimizer_config"] = configuration.serialize(model.optimizer)
        texts["training_config"] = json.dumps(said)
        state = model.optimizer.get_weights()
    with weight_files.created(filepath, overwrite=overwrite) as file:
        file.attrs["backend"] = b"tensorflow"
        file.attrs["keras_version"] = weight_files.KERAS_VERSION.encode()
        file.attrs["author"] = AUTHOR
        for name, text in texts.items():
            weight_files.write_text(file, name, text)
        weight_files.write_group(file.create_group("model_weights"), stored(model))
        if state:
            named = [(f"optimizer/{number}", array) for number, array in enumerate(state)]
            weight_files.write_arrays(file.create_group("optimizer_weights"), named)


def load_model(filepath: Place, custom_objects: CustomObjects, compile: bool) -> Any:  # noqa: A002 - the documented name
    """Make a model of a file; see `models.load_model`."""
    state: list[Array] = []
    with weight_files.opened(filepath) as file:
        config = weight_files.read_text(file, "model_config")
        if config is None:
            raise ValueError(f"{filepath} has no model_config: weights alone go to load_weights")
        if '"function_type": "lambda"' in config:
            what = "a Lambda, of which Keras saves the code, and that is not run"
            raise ValueError(f"{filepath}: {what}; build the model, and load_weights of this file")
        said = weight_files.read_text(file, "training_config")
        layers = weight_files.read_group(file["model_weights"])
        is_own = file.attrs.get("author") == AUTHOR
        if "optimizer_weights" in file:
            state = [array for _, array in weight_files.read_arrays(file["optimizer_weights"])]
    with configuration.custom_object_scope(custom_objects):
        model = architecture.model_from_json(config)
        assign(matched(model, layers, filepath, by_name=False))
        if compile and said is not None:
            with architecture.reading(f"{filepath}: training_config"):
                compile_as_said(model, json.loads(said))
            restore_optimizer(model, state, is_own=is_own)
    return model


def compile_as_said(model: Any, said: dict[str, Any]) -> None:
    """Compile a model as a file says.

    Raises:
        ValueError: A name is not known.

    """
    optimizer = configuration.deserialize(said["optimizer_config"], ("optimizers",))
    names = ("loss", "metrics", "loss_weights", "sample_weight_mode", "weighted_metrics")
    modules = ("losses", "metrics")
    arguments = {
        name: configuration.decode(said.get(name), modules if name == "loss" else modules[::-1])
        for name in names
    }
    model.compile(optimizer, **arguments)


def restore_optimizer(model: Any, state: list[Array], *, is_own: bool) -> None:
    """Give an optimizer the state that it had.

    Raises:
        ValueError: It does not fit, though it was written by this module.

    """
    if not state:
        return
    if len(state) > len(model.optimizer.numbers):  # else nothing was trained
        for weight in model.trainable_variables:
            model.optimizer.memory_of(weight)
    try:
        model.optimizer.set_weights(state)
    except ValueError:
        if is_own:
            raise
        warnings.warn("the state of the optimizer is not loaded: it does not fit", stacklevel=3)
