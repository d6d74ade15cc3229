"""What adapters of PyTorch's training wrappers share: models, optimizers, losses and tensors.

All of it is PyTorch's own, built as a user of any of the wrappers builds it. Nothing here decides
how a model is trained.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from fitspec.adapters.adapter import Adapter, NotOffered
from fitspec.adapters.forms import by_place, is_source  # noqa: F401  where adapters look for them
from fitspec.adapters.keras_style import KerasStyle, rows_times_first
from fitspec.adapters.networks import ModuleNetwork

if TYPE_CHECKING:
    import inspect
    from collections.abc import Callable, Mapping, Sequence

#: Documented name of a loss -> PyTorch's module for it.
LOSSES = {
    "mse": torch.nn.MSELoss,
    "mae": torch.nn.L1Loss,
    "binary_crossentropy": torch.nn.BCELoss,
}

#: Documented name of an activation -> PyTorch's module for it.
ACTIVATIONS = {
    "linear": torch.nn.Identity,
    "sigmoid": torch.nn.Sigmoid,
    "softmax": functools.partial(torch.nn.Softmax, dim=-1),
}


class Concatenate(torch.nn.Module):
    """Joins the last axes of its inputs."""

    def forward(self, *inputs: Any) -> Any:
        """Return `inputs` side by side."""
        return torch.cat(inputs, dim=-1)


class TimesFirst(torch.nn.Module):
    """Multiplies each row of a batch by the first."""

    def forward(self, rows: Any) -> Any:
        """Return the products."""
        return rows_times_first(rows)


def dense(
    units: int, use_bias: bool = True, weights: Any = None, kernel_regularizer: Any = None
) -> Any:
    """Return PyTorch's linear layer, of which `weights` know the number of inputs.

    Raises:
        NotOffered: its weights shall have a penalty.
    """
    if kernel_regularizer is not None:
        raise NotOffered("argument", "kernel_regularizer", "penalties are terms of a user's loss")
    if weights is None:
        return torch.nn.LazyLinear(units, use_bias)
    return torch.nn.Linear(len(weights[0]), units, use_bias)


def batch_normalization(epsilon: float, momentum: float, weights: Any) -> Any:
    """Return PyTorch's normalization; its momentum is the share of the new, not of the old."""
    return torch.nn.BatchNorm1d(len(weights[0]), epsilon, 1 - momentum)


#: Kind of layer in the vocabulary -> what makes it of the layer's settings.
LAYERS: dict[str, Any] = {
    "dense": dense,
    "batch_normalization": batch_normalization,
    "dropout": lambda rate: torch.nn.Dropout(rate),  # noqa: PLW0108  its argument is `p`
    "activation": lambda activation: ACTIVATIONS[activation](),
    "concatenate": Concatenate,
    "times_first": TimesFirst,
}

#: Kinds of layer that PyTorch has in another form only.
MISSING = {
    "masking": "a module of PyTorch hands on tensors, which have no masks",
    "simple_rnn": "a recurrent module of PyTorch keeps no state from one call to the next",
}

#: Kind of layer -> the tensors of the module that are its weights, in the documented order.
WEIGHTS = {
    torch.nn.Linear: ("weight", "bias"),
    torch.nn.BatchNorm1d: ("weight", "bias", "running_mean", "running_var"),
}


class Network(ModuleNetwork, torch.nn.Module):
    """A module that calls others as a description of layers says."""

    def __init__(self, layers: Sequence[Mapping[str, Any]], outputs: Sequence[str]) -> None:
        super().__init__(layers, outputs, part)


def part(description: Mapping[str, Any]) -> Any:
    """Return the module that a layer's description asks for, with its weights.

    Raises:
        NotOffered: PyTorch has no such module.
    """
    kind, weights = description["kind"], description.get("weights")
    if kind not in LAYERS:
        raise NotOffered("probe", "layer " + kind, MISSING.get(kind, ""))
    settings = dict(description.get("settings", {}))
    if kind in ("dense", "batch_normalization"):
        settings["weights"] = weights
    module = LAYERS[kind](**settings)
    if weights is not None:
        with torch.no_grad():
            for tensor, values in zip(tensors_of(module), weights):
                tensor.copy_(torch.tensor(values).t())
    return module


def tensors_of(module: Any) -> list[Any]:
    """Return the weights of `module` as PyTorch holds them; a kernel is the transposed one."""
    found = [getattr(module, name) for name in WEIGHTS.get(type(module), ())]
    return [tensor for tensor in found if tensor is not None]


def weights_of(modules: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return weights by layer, kernels as the documents have them: inputs by outputs."""
    found = {name: tensors_of(module) for name, module in modules.items()}
    return {
        name: [item.detach().numpy().T.copy() for item in items]
        for name, items in found.items()
        if items
    }


def tensors(data: Any) -> Any:
    """Return NumPy arrays, alone or in lists and dicts, as tensors; other things as they are."""
    if isinstance(data, np.ndarray):
        return torch.from_numpy(np.ascontiguousarray(data))
    if isinstance(data, (list, tuple)):
        return type(data)(tensors(item) for item in data)
    if isinstance(data, dict):
        return {key: tensors(item) for key, item in data.items()}
    return data


def arrays(result: Any) -> Any:
    """Return tensors, alone or in lists and dicts, as NumPy arrays; other things as they are."""
    if isinstance(result, torch.Tensor):
        return result.detach().numpy()
    if isinstance(result, (list, tuple)):
        return type(result)(arrays(item) for item in result)
    if isinstance(result, dict):
        return {key: arrays(item) for key, item in result.items()}
    return result


def criterion_of(loss: Any) -> Any:
    """Return PyTorch's module of the documented name `loss`; anything else as it is.

    Raises:
        NotOffered: it is one for each output.
    """
    if isinstance(loss, (list, tuple, dict)):
        raise NotOffered("argument", "loss for each output", "one criterion judges all outputs")
    known = isinstance(loss, str) and loss in LOSSES
    return LOSSES[loss]() if known else loss


def single(argument: str, value: Any, taken: str) -> Any:
    """Return `value`, one tensor of an array.

    Raises:
        NotOffered: it is something else; `taken` says what is taken.
    """
    if isinstance(value, (list, tuple, dict)):
        raise NotOffered("argument", "%s of several arrays" % argument, taken)
    if not hasattr(value, "shape"):
        raise NotOffered("argument", "%s that is no array" % argument, taken)
    return tensors(value)


def pair_of(argument: str, data: Any, taken: str) -> list[Any]:
    """Return the two tensors of `data`, x and y.

    Raises:
        NotOffered: there are weights as well, or it is not arrays; `taken` says what is taken.
    """
    if len(data) > 2:  # x and y
        raise NotOffered("argument", "weights in %s" % argument, taken)
    return [single(argument, item, taken) for item in data]


def dealt(options: Mapping[str, Any], *places: Sequence[str]) -> list[dict[str, Any]]:
    """Return the keyword arguments `options`, divided among several calls.

    Args:
        options: by name.
        places: for each call, the names it takes.

    Raises:
        TypeError: none of them takes one, said as Python says it.
    """
    for name in options:
        if not any(name in names for names in places):
            raise TypeError("got an unexpected keyword argument '%s'" % name)
    return [{name: options[name] for name in names if name in options} for names in places]


def loader(*arrays: Any, **options: Any) -> Any:
    """Return PyTorch's own source of batches, of which the wrappers take their data."""
    data = torch.utils.data.TensorDataset(*arrays)
    return torch.utils.data.DataLoader(data, **options)


def loader_of(x: Any, y: Any, taken: str, **options: Any) -> Any:
    """Return a source of batches of `x` and `y`, each one array.

    Raises:
        NotOffered: one is something else; `taken` says what is taken.
    """
    return loader(single("x", x, taken), single("y", y, taken), **options)


def counted(data: Any, asked: str) -> Any:
    """Return a source of batches.

    Raises:
        NotOffered: it does not tell how many there are; `asked` says who wants to know.
    """
    if not hasattr(data, "__len__"):
        raise NotOffered("argument", "batches without a length", asked)
    return data


def validation_loader(data: Any, taken: str, **options: Any) -> Any:
    """Return a source of batches of validation data, in order; what is one already as it is.

    Raises:
        NotOffered: there are weights as well, or it is not arrays; `taken` says what is taken.
    """
    if not isinstance(data, (list, tuple)):
        return data
    pair = pair_of("validation_data", data, taken)
    return loader(*pair, **dict(options, shuffle=False))


def optimizer_of(optimizer: Any, network: Network) -> Any:
    """Return the optimizer of the network's parameters that `build_sgd` began.

    Raises:
        NotOffered: it is a name.
    """
    if isinstance(optimizer, str):
        raise NotOffered("argument", "optimizer by name", "an optimizer of PyTorch is an object")
    return optimizer(network.parameters()) if callable(optimizer) else optimizer


class Records:
    """A list with a dict for each epoch, which is how the wrappers keep a history.

    Args:
        rows: the list.
        names: key of a dict -> the documented one, where they differ.
        epoch: the key under which a dict has the number of its epoch, if it has.
    """

    def __init__(
        self, rows: Sequence[Mapping[str, Any]], names: Mapping[str, str], epoch: str = ""
    ) -> None:
        keys = list(rows[0]) if rows else []
        self.history = {
            names.get(key, key): [row.get(key) for row in rows] for key in keys if key != epoch
        }
        if epoch:
            self.epoch = [row[epoch] for row in rows]

    def __repr__(self) -> str:
        return repr(self.history)


class TorchStyle(Adapter):
    """An adapter of a library that trains modules of PyTorch.

    A subclass sets `model_class`: what a check takes for a model, made of a `Network`. Where that
    class has a documented method of its own, `signatures` has the library's callable for it, or
    the method has no signature to speak of, as `divided` says.
    """

    model_class: Any
    #: The name of the library's package, and its version.
    package: tuple[str, str] | None = None
    #: What returns the metrics from the first that hooks are called with; None: they are the logs.
    metrics_of: Callable[[Any], Any] | None = None
    #: Among which calls of the library the arguments of a documented method are divided.
    divided = "other calls of the library's"
    #: Whether the library wants one number of a user's loss, which then is the mean.
    one_number = False
    reveals: Mapping[str, Mapping[str, str]] = {"Records": {"epoch": "epoch", "history": "history"}}

    def versions(self) -> dict[str, str]:
        """Return the versions of the library, PyTorch and NumPy."""
        if self.package is None:
            return super().versions()
        return dict([self.package], torch=torch.__version__, numpy=np.__version__)

    def call(self, target: Any, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Call a method, and return arrays where it returns tensors."""
        return arrays(super().call(target, name, args, kwargs))

    def signature(self, target: Any, name: str) -> inspect.Signature:
        """Return the signature of the library's own callable.

        Raises:
            NotOffered: its arguments are spread over several, which the method of `model_class`
                calls; the signature of that one says nothing of the library.
        """
        own = getattr(self.method(target, name), "__self__", None)
        if name not in self.signatures and isinstance(own, self.model_class):
            raise NotOffered("signature", name, "its arguments belong to " + self.divided)
        return super().signature(target, name)

    def own_logs(
        self, callback: Any, hook: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> Any:
        """Return the metrics where the library keeps them, if `metrics_of` says where that is."""
        if self.metrics_of is None:
            return super().own_logs(callback, hook, args, kwargs)
        return self.metrics_of(args[0])

    def build_model(
        self, style: str, layers: Sequence[Mapping[str, Any]], outputs: Sequence[str]
    ) -> Any:
        """Build a model of `layers`, one after the other if `style` is ``"sequential"``."""
        for description in layers:
            if "tensor" in description.get("settings", {}):
                raise NotOffered("argument", "Input(tensor)", "a module has no inputs of its own")
        return self.model_class(Network(layers, [] if style == "sequential" else outputs))

    def build_sgd(self, rate: float, momentum: float = 0.0) -> Any:
        """Build what makes PyTorch's SGD of parameters: it has to be told them."""
        return functools.partial(torch.optim.SGD, lr=rate, momentum=momentum)

    def build_loss(self, name: str) -> Any:
        """Build a loss object of the class that stands for `name`."""
        return LOSSES[name]()

    def build_summed_loss(self, name: str) -> Any:
        """Build a loss object that adds up the losses of a batch."""
        return LOSSES[name](reduction="sum")

    def build_unreduced_loss(self, name: str) -> Any:
        """Build a loss object that gives all losses of a batch."""
        return LOSSES[name](reduction="none")

    def build_function(self, form: str) -> Any:
        """Build a user's function of targets and predictions, as the documents order them."""
        function = KerasStyle.build_function(self, form)  # type: ignore[arg-type]  # asks self nothing
        return (lambda *args: function(*args).mean()) if self.one_number else function

    def build_tensor(self, values: Any) -> Any:
        """Build a tensor."""
        return torch.tensor(values)

    def build_hdf5(self, values: Any) -> Any:
        """Build a data set in an HDF5 file on disk, beside the event log."""
        return KerasStyle.build_hdf5(self, values)  # type: ignore[arg-type]  # asks for the log only

    def build_generator(self, key: str, items: Sequence[Any], repeats: bool, **conduct: Any) -> Any:
        """Build a generator over `items` as tensors, in which users of PyTorch have their data."""
        return super().build_generator(key, tensors(items), repeats, **conduct)

    def build_file_reader(self, key: str, lines: Sequence[str]) -> Any:
        """Build a generator over a file, of tensors."""
        return map(tensors, super().build_file_reader(key, lines))

    def build_iterable(self, key: str, items: Sequence[Any], sized: bool) -> Any:
        """Build an object that gives `items` as tensors each time it is iterated."""
        return super().build_iterable(key, tensors(items), sized)

    def build_sequence(self, key: str, items: Sequence[Any], *form: Any, **more: Any) -> Any:
        """Build an object with a length and `items` as tensors, where that is a source of data."""
        return super().build_sequence(key, tensors(items), *form, **more)

    def weights(self, model: Any) -> dict[str, list[Any]]:
        """Return the weights by layer."""
        return weights_of(model.network.parts)
