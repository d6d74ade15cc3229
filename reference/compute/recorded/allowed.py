"""Which models do the same array operations for every batch of a kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference import activations, constraints
from fitspec.reference.network.network import Network
from fitspec.reference.tensor.repeatable import is_repeatable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.reference.network.layer import Layer
    from fitspec.reference.tensor.variable import Variable
    from fitspec.reference.training.plan import Loss, Metric, OutputPlan


def is_replayable(network: Network, outputs: Sequence[OutputPlan]) -> bool:
    """Whether all of a model, and of what it is compared by, may be recorded."""
    return (
        all(tensor is None for tensor in network.input_tensors)
        and all(is_known_layer(node.layer) for node in network.graph.nodes)
        and all(is_known_weight(weight) for weight in network.variables)
        and all(is_known_output(output) for output in outputs)
    )


def is_known_layer(layer: Layer) -> bool:
    """Whether a layer may be recorded, and the functions that it calls."""
    if isinstance(layer, Network):
        return all(is_known_layer(node.layer) for node in layer.graph.nodes)
    return (
        is_repeatable(type(layer))
        and is_repeatable(getattr(layer, "activation", activations.linear))
        and is_known_penalty(layer.activity_regularizer)
    )


def is_known_weight(weight: Variable) -> bool:
    """Whether the regularizer and the constraint of a weight may be recorded."""
    return all(map(is_known_penalty, (weight.regularizer, constraints.of(weight))))


def is_known_penalty(function: object) -> bool:
    """Whether there is no regularizer or constraint, or one that may be recorded."""
    return function is None or is_repeatable(type(function))


def is_known_output(output: OutputPlan) -> bool:
    """Whether the loss and the metrics of an output may be recorded."""
    compared = (output.loss, *output.metrics, *output.weighted_metrics)
    known = (each is None or is_known_comparison(each) for each in compared)
    return output.target is None and all(known)


def is_known_comparison(compared: Loss | Metric) -> bool:
    """Whether a loss or metric may be recorded, and the function that it calls."""
    function = getattr(compared, "function", None)
    return is_repeatable(type(compared)) and (function is None or is_repeatable(function))
