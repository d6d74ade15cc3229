"""Which models do the same array operations for every batch of a kind.

Functions of the user's own may look at elements, or do something besides computing, so that they
have to be called for each batch. Only what is known from here is recorded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference import activations, losses, metrics, optimizers, regularizers
from fitspec.reference.layers import advanced_activations, convolutional, merging, pooling, resizing
from fitspec.reference.layers.core import Activation, Dense, Dropout, Flatten, Permute, Reshape
from fitspec.reference.layers.embedding import Embedding
from fitspec.reference.layers.gated import LSTM
from fitspec.reference.layers.normalization import BatchNormalization
from fitspec.reference.losses import functions as loss_functions
from fitspec.reference.metrics import confusion
from fitspec.reference.metrics import functions as metric_functions
from fitspec.reference.network.input_layer import InputLayer
from fitspec.reference.network.network import Network

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.network.layer import Layer
    from fitspec.reference.optimizers import Optimizer
    from fitspec.reference.training.plan import Loss, Metric, OutputPlan

_COMPARING = frozenset(
    module.__name__ for module in (confusion, loss_functions, losses, metric_functions, metrics)
)

_LAYERS = frozenset(
    {
        *(Activation, BatchNormalization, Dense, Dropout, Embedding, Flatten, InputLayer, LSTM),
        *(Permute, Reshape),
    }
)
_LAYERS_OF = frozenset(
    module.__name__ for module in (advanced_activations, convolutional, merging, pooling, resizing)
)


def is_replayable(network: Network, outputs: Sequence[OutputPlan]) -> bool:
    """Whether all of a model, and of what it is compared by, is known from here."""
    return (
        all(tensor is None for tensor in network.input_tensors)
        and all(is_known_layer(layer) for layer in network.layers)
        and all(regularizers.is_known(weight.regularizer) for weight in network.variables)
        and all(is_known_output(output) for output in outputs)
    )


def is_known_optimizer(optimizer: Optimizer) -> bool:
    """Whether an optimizer is one of the reference's own."""
    return optimizers.is_known(optimizer)


def is_known_layer(layer: Layer) -> bool:
    """Whether a layer is one of the reference's own, with a function of its own."""
    if isinstance(layer, Network):
        return all(is_known_layer(each) for each in layer.layers)
    activation = getattr(layer, "activation", activations.linear)
    return (
        (type(layer) in _LAYERS or type(layer).__module__ in _LAYERS_OF)
        and activation.__module__ == activations.__name__
        and regularizers.is_known(layer.activity_regularizer)
    )


def is_known_output(output: OutputPlan) -> bool:
    """Whether the loss and the metrics of an output are the reference's own."""
    loss = output.loss
    if output.target is not None:
        return False
    known_loss = loss is None or is_known_comparison(loss)
    return known_loss and all(map(is_known_comparison, (*output.metrics, *output.weighted_metrics)))


def is_known_comparison(compared: Loss | Metric) -> bool:
    """Whether a loss or metric is one of the reference's own, with a function of its own."""
    function = getattr(compared, "function", None)
    known = function is None or getattr(function, "__module__", None) in _COMPARING
    return known and type(compared).__module__ in _COMPARING
