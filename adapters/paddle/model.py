"""The adapter of PaddlePaddle: `paddle.Model` has the documented methods in words of its own.

Arrays become a `TensorDataset`, of which the Model makes its batches; whatever else gives batches
is handed on as it is. Networks, losses and the optimizer are Paddle's, as its users write them.
"""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any

import numpy as np
import paddle

from fitspec.adapters.adapter import POSITIONAL, Adapter, NotOffered
from fitspec.adapters.forms import by_place, is_source, refuse_metrics_by_output
from fitspec.adapters.keras_style import FUNCTIONS, rows_times_first
from fitspec.adapters.networks import ModuleNetwork

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BY_PLACE = "the tensors of a batch are known by their places"

#: Documented name of a loss -> Paddle's layer for it.
LOSSES = {
    "mse": paddle.nn.MSELoss,
    "mae": paddle.nn.L1Loss,
    "binary_crossentropy": paddle.nn.BCELoss,
    "categorical_crossentropy": functools.partial(
        paddle.nn.CrossEntropyLoss, soft_label=True, use_softmax=False
    ),
    "sparse_categorical_crossentropy": functools.partial(
        paddle.nn.CrossEntropyLoss, use_softmax=False
    ),
}
#: What limits gradients in the vocabulary -> Paddle's class for it.
LIMITS = {"clipnorm": paddle.nn.ClipGradByNorm, "clipvalue": paddle.nn.ClipGradByValue}
#: Documented name of a metric -> Paddle's class for it.
METRICS = {
    "accuracy": paddle.metric.Accuracy,
    "acc": paddle.metric.Accuracy,
    "precision": paddle.metric.Precision,
}
#: Documented name of an activation -> Paddle's layer for it.
ACTIVATIONS = {
    "linear": paddle.nn.Identity,
    "sigmoid": paddle.nn.Sigmoid,
    "softmax": paddle.nn.Softmax,
}


class Concatenate(paddle.nn.Layer):  # Paddle is here only when it is run
    """Joins the last axes of its inputs."""

    def forward(self, *inputs: Any) -> Any:
        """Return `inputs` side by side."""
        return paddle.concat(list(inputs), axis=-1)


class TimesFirst(paddle.nn.Layer):
    """Multiplies each row of a batch by the first."""

    def forward(self, rows: Any) -> Any:
        """Return the products."""
        return rows_times_first(rows)


def dense(weights: Sequence[Any], units: int, use_bias: bool = True) -> Any:
    """Return Paddle's linear layer, of which `weights` know the number of inputs."""
    return paddle.nn.Linear(len(weights[0]), units, bias_attr=None if use_bias else False)


def batch_normalization(weights: Sequence[Any], epsilon: float, momentum: float) -> Any:
    """Return Paddle's normalization; its momentum is the share of the old, as documented."""
    return paddle.nn.BatchNorm1D(len(weights[0]), momentum, epsilon)


#: Kind of layer in the vocabulary -> what makes it of the layer's settings.
LAYERS: dict[str, Any] = {
    "dense": dense,
    "batch_normalization": batch_normalization,
    "dropout": lambda rate: paddle.nn.Dropout(rate),  # noqa: PLW0108  its argument is `p`
    "activation": lambda activation: ACTIVATIONS[activation](),
    "concatenate": Concatenate,
    "times_first": TimesFirst,
}
#: Kinds of layer that Paddle has in another form only.
MISSING = {
    "masking": "a layer of Paddle hands on tensors, which have no masks",
    "simple_rnn": "a recurrent layer of Paddle keeps no state from one call to the next",
}
#: Kind of layer -> the tensors that are its weights, in the documented order.
WEIGHTS = {
    "dense": ("weight", "bias"),
    "batch_normalization": ("weight", "bias", "_mean", "_variance"),
}


class Network(ModuleNetwork, paddle.nn.Layer):
    """Calls layers as a description says."""

    def __init__(self, layers: Sequence[Mapping[str, Any]], outputs: Sequence[str]) -> None:
        super().__init__(layers, outputs, part)

    def weights(self) -> dict[str, list[Any]]:
        """Return the weights by layer."""
        found = {
            item["name"]: tensors_of(self.parts[item["name"]], item["kind"])
            for item in self.calls.layers
            if item["kind"] in WEIGHTS
        }
        return {name: [np.array(item) for item in items] for name, items in found.items()}


def part(description: Mapping[str, Any]) -> Any:
    """Return the layer that a description asks for, with its weights.

    Raises:
        NotOffered: Paddle has no such layer.
    """
    kind, weights = description["kind"], description.get("weights")
    if kind not in LAYERS:
        raise NotOffered("probe", "layer " + kind, MISSING.get(kind, ""))
    settings = dict(description.get("settings", {}))
    if kind in WEIGHTS:
        settings["weights"] = weights
    layer = LAYERS[kind](**settings)
    for tensor, values in zip(tensors_of(layer, kind), weights or ()):
        tensor.set_value(values)
    return layer


def tensors_of(layer: Any, kind: str) -> list[Any]:
    """Return the weights of `layer` as Paddle holds them."""
    found = [getattr(layer, name) for name in WEIGHTS.get(kind, ())]
    return [tensor for tensor in found if tensor is not None]


def columns(argument: str, data: Any) -> list[Any]:
    """Return the arrays of `data`, alone or in a list, as tensors.

    Raises:
        NotOffered: they are known by names.
    """
    if isinstance(data, dict):
        raise NotOffered("argument", "%s by names" % argument, BY_PLACE)
    each = data if isinstance(data, (list, tuple)) else [] if data is None else [data]
    return [paddle.to_tensor(item) for item in each]


def data_of(argument: str, x: Any, y: Any = None) -> Any:
    """Return what a Model takes for the data `x` and `y`: a data set, or the source itself."""
    if x is None or is_source(x):
        return x
    return paddle.io.TensorDataset([*columns(argument, x), *columns("y", y)])


def loss_of(loss: Any) -> Any:
    """Return Paddle's layer of the documented name `loss`; anything else as it is.

    Raises:
        NotOffered: it is one for each output.
    """
    if isinstance(loss, (list, tuple, dict)):
        raise NotOffered("argument", "loss for each output", "one function judges all outputs")
    return LOSSES[loss]() if isinstance(loss, str) and loss in LOSSES else loss


def metrics_of(metrics: Any) -> list[Any]:
    """Return Paddle's objects for documented names of metrics; objects are as they are.

    Raises:
        NotOffered: it has none of that name, or they are for each output.
    """
    refuse_metrics_by_output(metrics)
    unknown = [item for item in metrics if isinstance(item, str) and item not in METRICS]
    if unknown:
        raise NotOffered("argument", "metric %r" % unknown[0], "a metric of Paddle is an object")
    return [METRICS[item]() if isinstance(item, str) else item for item in metrics]


class Paddle(Adapter):
    """PaddlePaddle."""

    callback_class = paddle.callbacks.Callback
    # Any object with a length and items is iterated.
    sequence_class = object

    methods: Mapping[str, str] = {
        "compile": "prepare",
        "train_on_batch": "train_batch",
        "test_on_batch": "eval_batch",
        "predict_on_batch": "predict_batch",
        "fit_generator": "fit",
        "evaluate_generator": "evaluate",
        "predict_generator": "predict",
    }
    arguments: Mapping[tuple[str, str], str] = {
        ("fit", "x"): "train_data",
        ("fit", "validation_data"): "eval_data",
        ("fit", "validation_freq"): "eval_freq",
        ("fit", "workers"): "num_workers",
        ("evaluate", "x"): "eval_data",
        ("evaluate", "steps"): "num_iters",
        ("evaluate", "workers"): "num_workers",
        ("predict", "x"): "test_data",
        ("predict", "workers"): "num_workers",
        ("train_on_batch", "x"): "inputs",
        ("train_on_batch", "y"): "labels",
        ("test_on_batch", "x"): "inputs",
        ("test_on_batch", "y"): "labels",
        ("predict_on_batch", "x"): "inputs",
        ("fit_generator", "generator"): "train_data",
        ("fit_generator", "validation_data"): "eval_data",
        ("fit_generator", "validation_freq"): "eval_freq",
        ("fit_generator", "workers"): "num_workers",
        ("evaluate_generator", "generator"): "eval_data",
        ("evaluate_generator", "steps"): "num_iters",
        ("evaluate_generator", "workers"): "num_workers",
        ("predict_generator", "generator"): "test_data",
        ("predict_generator", "workers"): "num_workers",
    }
    hooks: Mapping[str, str] = {
        "test_begin": "on_eval_begin",
        "test_batch_begin": "on_eval_batch_begin",
        "test_batch_end": "on_eval_batch_end",
        "test_end": "on_eval_end",
    }

    def versions(self) -> dict[str, str]:
        """Return the versions of PaddlePaddle and NumPy."""
        return {"paddlepaddle": paddle.__version__, "numpy": np.__version__}

    def signature(self, target: Any, name: str) -> inspect.Signature:
        """Return the signature of the Model's own method."""
        return inspect.signature(self.method(target, name))

    def call(self, target: Any, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Call a method of the Model, and read values by name as values in their order."""
        given = dict(zip(POSITIONAL[name], args), **kwargs)
        value = super().call(target, name, (), self._spelled(target, name, given))
        return by_place(value) if name.startswith("evaluate") else value

    def _spelled(self, model: Any, name: str, given: dict[str, Any]) -> dict[str, Any]:
        """Return the arguments in the forms that the Model takes."""
        if name == "compile":
            return self._parts(model, given)
        if name in ("fit", "evaluate", "predict"):
            given["x"] = data_of("x", given.get("x"), given.pop("y", None))
        if isinstance(given.get("validation_data"), (list, tuple)):
            x, y, *weights = given["validation_data"]
            if weights:
                raise NotOffered("argument", "weights in validation_data", "a batch has none")
            given["validation_data"] = data_of("validation_data", x, y)
        for key in ("x", "y"):
            if name.endswith("_on_batch") and key in given:
                given[key] = columns(key, given[key])
        return given

    def _parts(self, model: Any, given: dict[str, Any]) -> dict[str, Any]:
        if isinstance(given.get("optimizer"), str):
            raise NotOffered("argument", "optimizer by name", "an optimizer is an object")
        if callable(given.get("optimizer")):
            given["optimizer"] = given["optimizer"](parameters=model.parameters())
        if "loss" in given:
            given["loss"] = loss_of(given["loss"])
        if given.get("metrics"):
            given["metrics"] = metrics_of(given["metrics"])
        return given

    def build_sgd(self, rate: float, momentum: float = 0.0) -> Any:
        """Build what makes Paddle's optimizer of parameters: it has to be told them."""
        if momentum:
            return functools.partial(paddle.optimizer.Momentum, rate, momentum)
        return functools.partial(paddle.optimizer.SGD, rate)

    def build_limited_sgd(self, rate: float, limit: str, most: float) -> Any:
        """Build what makes Paddle's optimizer of parameters, which limits gradients."""
        return functools.partial(paddle.optimizer.SGD, rate, grad_clip=LIMITS[limit](most))

    def build_loss(self, name: str) -> Any:
        """Build a loss object of the class that stands for `name`."""
        return LOSSES[name]()

    def build_summed_loss(self, name: str) -> Any:
        """Build a loss object that adds up the losses of a batch."""
        return LOSSES[name](reduction="sum")

    def build_unreduced_loss(self, name: str) -> Any:
        """Build a loss object that gives all losses of a batch."""
        return LOSSES[name](reduction="none")

    def build_metric(self, name: str) -> Any:
        """Build a metric object of the class that stands for `name`."""
        return METRICS[name]()

    def build_function(self, form: str) -> Any:
        """Build a user's function, as the documents order its arguments, of one number a batch."""
        return lambda targets, predictions: FUNCTIONS[form](targets, predictions).mean()

    def build_tensor(self, values: Any) -> Any:
        """Build a tensor."""
        return paddle.to_tensor(values)

    def build_model(
        self, style: str, layers: Sequence[Mapping[str, Any]], outputs: Sequence[str]
    ) -> Any:
        """Build a Model of `layers`, one after the other if `style` is ``"sequential"``."""
        specs = []
        for item in layers:
            if "tensor" in item.get("settings", {}):
                raise NotOffered("argument", "Input(tensor)", "a Model has no inputs of its own")
            if item["kind"] == "input":
                shape = [None, *item["shape"]]
                specs.append(paddle.static.InputSpec(shape, "float32", item["name"]))
        return paddle.Model(Network(layers, [] if style == "sequential" else outputs), specs)

    def set_trainable(self, model: Any, layer: str, value: bool) -> None:
        """Set whether the parameters of a layer are trained."""
        for parameter in model.network.parts[layer].parameters():
            parameter.trainable = value

    def weights(self, model: Any) -> dict[str, list[Any]]:
        """Return the weights of a Model by layer."""
        found: dict[str, list[Any]] = model.network.weights()
        return found
