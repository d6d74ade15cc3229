"""Which models do the same array operations for every batch of a kind.

Functions of the user's own may look at elements, or do something besides computing, so that they
have to be called for each batch. Only what is known from here is recorded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference import _array, activations, losses, metrics, optimizers
from fitspec.reference.core_layers import Activation, Dense, Dropout, Flatten, Reshape
from fitspec.reference.input_layer import InputLayer
from fitspec.reference.merge_layers import Add, Concatenate
from fitspec.reference.network import Network
from fitspec.reference.normalization import BatchNormalization

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.compiling import OutputPlan
    from fitspec.reference.layer import Layer
    from fitspec.reference.metrics import Metric
    from fitspec.reference.optimizers import Optimizer

_LAYERS = frozenset(
    {Activation, Add, BatchNormalization, Concatenate, Dense, Dropout, Flatten, InputLayer, Reshape}
)


def is_replayable(network: Network, outputs: Sequence[OutputPlan]) -> bool:
    """Whether all of a model, and of what it is compared by, is known from here."""
    return (
        network.device == _array.CPU
        and all(tensor is None for tensor in network.input_tensors)
        and all(is_known_layer(layer) for layer in network.layers)
        and all(is_known_output(output) for output in outputs)
    )


def is_known_optimizer(optimizer: Optimizer) -> bool:
    """Whether an optimizer is one of the reference's own."""
    return type(optimizer).__module__ == optimizers.__name__


def is_known_layer(layer: Layer) -> bool:
    """Whether a layer is one of the reference's own, with a function of its own."""
    if isinstance(layer, Network):
        return all(is_known_layer(each) for each in layer.layers)
    activation = getattr(layer, "activation", activations.linear)
    return type(layer) in _LAYERS and activation.__module__ == activations.__name__


def is_known_output(output: OutputPlan) -> bool:
    """Whether the loss and the metrics of an output are the reference's own."""
    loss = output.loss
    if output.target is not None:
        return False
    if loss is not None and not is_known_function(getattr(loss, "function", None)):
        return False
    return all(map(is_known_metric, (*output.metrics, *output.weighted_metrics)))


def is_known_metric(metric: Metric) -> bool:
    """Whether a metric is one of the reference's own."""
    own = type(metric).__module__ == metrics.__name__
    return own and (not hasattr(metric, "function") or is_known_function(metric.function))


def is_known_function(function: object) -> bool:
    """Whether a function of targets and predictions is one of the reference's own."""
    return getattr(function, "__module__", None) in (losses.__name__, metrics.__name__)
