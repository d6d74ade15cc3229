"""What adapters of libraries with Keras's class names share: models, optimizers, callbacks.

Nothing here decides behaviour. It spells descriptions in the library's own constructors.
"""

from __future__ import annotations

import functools
import os
import tempfile
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.adapters.adapter import Adapter, NotOffered
from fitspec.adapters.members import members_of
from fitspec.adapters.networks import connect

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def absolute_error(targets: Any, predictions: Any) -> Any:
    """Return |prediction - target| of the first output column."""
    return abs(predictions - targets)[:, 0]


def prediction_less_twice_target(targets: Any, predictions: Any) -> Any:
    """Return prediction - 2·target of the first output column: not the same when exchanged."""
    return (predictions - 2 * targets)[:, 0]


def prediction_times_first_target(targets: Any, predictions: Any) -> Any:
    """Return prediction·(target of the batch's first sample), of the first output column."""
    return predictions[:, 0] * targets[0, 0]


def rows_times_first(rows: Any) -> Any:
    """Return each row of a batch times the first: it tells which rows were together."""
    return rows * rows[0]


#: What descriptions call a thing -> its class, by the name that Keras has for it.
LAYERS = {
    "dense": "Dense",
    "dropout": "Dropout",
    "activation": "Activation",
    "concatenate": "Concatenate",
    "batch_normalization": "BatchNormalization",
    "simple_rnn": "SimpleRNN",
    "masking": "Masking",
}
LOSSES = {"mse": "MeanSquaredError", "mae": "MeanAbsoluteError"}
METRICS = {"precision": "Precision"}
#: The functions of a user, by their forms.
FUNCTIONS = {
    function.__name__: function
    for function in (
        absolute_error,
        prediction_less_twice_target,
        prediction_times_first_target,
    )
}


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
        found = {kind: getattr(layers, name) for kind, name in LAYERS.items()}
        return dict(found, times_first=functools.partial(layers.Lambda, rows_times_first))

    def build_sgd(self, rate: float, momentum: float = 0.0) -> Any:
        """Build plain stochastic gradient descent."""
        return self.library.optimizers.SGD(**{self.rate: rate, "momentum": momentum})

    def build_limited_sgd(self, rate: float, limit: str, most: float) -> Any:
        """Build plain stochastic gradient descent whose object limits gradients."""
        return self.library.optimizers.SGD(**{self.rate: rate, limit: most})

    def build_loss(self, name: str) -> Any:
        """Build a loss object of the class that stands for `name`."""
        return self._class_of("losses", LOSSES[name])()

    def build_summed_loss(self, name: str) -> Any:
        """Build a loss object that adds up the losses of a batch."""
        return self._class_of("losses", LOSSES[name])(reduction="sum")

    def build_unreduced_loss(self, name: str) -> Any:
        """Build a loss object that gives all losses of a batch."""
        return self._class_of("losses", LOSSES[name])(reduction="none")

    def build_metric(self, name: str) -> Any:
        """Build a metric object of the class that stands for `name`."""
        return self._class_of("metrics", METRICS[name])()

    def _class_of(self, module: str, name: str) -> Any:
        found = getattr(getattr(self.library, module), name, None)
        if found is None:
            raise NotOffered("probe", "%s.%s" % (module, name))
        return found

    def build_function(self, form: str) -> Any:
        """Build a user's function of targets and predictions, with a value for each sample."""
        return FUNCTIONS[form]

    def build_tensor(self, values: Any) -> Any:  # noqa: ARG002  a subclass needs it
        """Build a constant tensor of the library's own."""
        raise NotOffered("probe", "tensor")

    def build_hdf5(self, values: Any) -> Any:
        """Build a data set in an HDF5 file on disk, beside the event log.

        Raises:
            NotOffered: the environment has no h5py, which users make data sets with.
        """
        try:
            import h5py  # noqa: PLC0415  only implementations that are given HDF5 data need it
        except ImportError as error:
            reason = "its environment lacks h5py"
            raise NotOffered("probe", "data set in an HDF5 file", reason) from error
        folder = os.path.dirname(self.log.path)
        descriptor, path = tempfile.mkstemp(suffix=".h5", dir=folder)
        os.close(descriptor)
        return h5py.File(path, "w").create_dataset("values", data=values)

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
        # Not with get_layer: that is examined itself.
        found = {layer.name: layer for layer in model.layers}
        for layer in layers:
            if layer.get("weights") is not None:
                found[layer["name"]].set_weights(layer["weights"])
        return model

    def _layer(self, description: Mapping[str, Any], **more: Any) -> Any:
        kind = self.layer_classes.get(description["kind"])
        if kind is None:
            raise NotOffered("probe", "layer " + description["kind"])
        return kind(name=description["name"], **dict(description.get("settings", {}), **more))

    def _input(self, description: Mapping[str, Any]) -> Any:
        """Make an input, with a fixed batch size or a tensor of its own where it says so."""
        settings = description.get("settings", {})
        name = description["name"]
        if "tensor" in settings:
            return self.library.layers.Input(tensor=settings["tensor"], name=name)
        if "batch_size" in settings:
            shape = (settings["batch_size"], *description["shape"])
            return self.library.layers.Input(batch_shape=shape, name=name)
        return self.library.layers.Input(tuple(description["shape"]), name=name)

    def _functional(self, layers: Sequence[Mapping[str, Any]], outputs: Sequence[str]) -> Any:
        inputs, ends = connect(layers, outputs, self._input, self._layer)
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

    def members(self) -> dict[str, str]:
        """Return what models have, one of layers in a row and one of inputs and outputs."""
        layers = self.library.layers
        first = layers.Input((1,))
        models = [self.library.Sequential(), self.library.Model(first, layers.Dense(1)(first))]
        models[0].add(layers.Dense(1, input_shape=(1,)))
        found = {}
        for model in models:
            # Some are there from then on.
            model.compile("sgd", "mse")
            found.update(members_of(model))
        return found

    def set_trainable(self, model: Any, layer: str, value: bool) -> None:
        """Set the attribute `trainable` of a layer of `model`."""
        next(item for item in model.layers if item.name == layer).trainable = value

    def weights(self, model: Any) -> dict[str, list[Any]]:
        """Return the weights of `model` by layer."""
        weights = {layer.name: layer.get_weights() for layer in model.layers}
        return {
            name: [np.asarray(item) for item in items] for name, items in weights.items() if items
        }


class MultiBackend(KerasStyle):
    """An adapter of the package `keras`, which computes on one of several backends."""

    def versions(self) -> dict[str, str]:
        """Return the versions of Keras, its backend and NumPy."""
        backend = self.library.backend.backend()
        engine = __import__(backend)
        return {
            "keras": self.library.__version__,
            backend: engine.__version__,
            "numpy": np.__version__,
        }
