"""What a compiled network refuses, or warns of, as Keras 2.3 does."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from fitspec.reference import regularizers
from fitspec.reference.api.compiled import Compiled
from fitspec.reference.compute.remembered import remembering
from fitspec.reference.network import summary
from fitspec.reference.standing_in import own_layers

if TYPE_CHECKING:
    from fitspec.reference.network.compiled_network import CompiledNetwork
    from fitspec.reference.network.network import Network


def require_engine(self: CompiledNetwork) -> None:
    """Refuse what cannot be trained or tested; see `Compiled.require_engine`.

    A network that is penalized needs no loss. Who has frozen or thawed layers is warned.
    """
    warn_of_discrepancy(self)
    plan = self.plan
    has_loss = any(output.loss is not None for output in plan.outputs)
    if plan.backend_arguments or has_loss or not is_penalized(self):
        Compiled.require_engine(self)


def is_penalized(network: Network) -> bool:
    """Whether a regularizer adds to what training makes small."""
    if any(weight.regularizer is not None for weight in network.variables):
        return True
    with regularizers.collected(()) as penalties:  # of outputs, and losses that are added
        shapes = [symbol.shape for symbol in network.graph.inputs]
        own_layers.outputs_of_zeros(network, shapes)
    return bool(penalties)


def summarize(network: CompiledNetwork, *arguments: Any) -> None:
    """Print a model's layers; see `network.summary.summarize`."""
    warn_of_discrepancy(network)
    summary.summarize(network, *arguments)


def warn_of_discrepancy(network: CompiledNetwork) -> None:
    """Warn if layers were frozen or thawed since `compile`, which training does not know of."""
    said = discrepancy(network)
    if said:
        warnings.warn(said, stacklevel=4)


@remembering
def discrepancy(network: CompiledNetwork) -> str | None:
    """Say that other weights are trainable than those that are trained, if they are."""
    if not network.is_compiled or not network.built:
        return None
    trainable, trained = network.trainable_variables, network.trained_variables
    if trainable == trained:
        return None
    return (
        f"Discrepancy: {len(trainable)} weights of {network.name!r} are trainable, but "
        f"{len(trained)} were when it was compiled, and these are trained: call compile again "
        "after trainable was changed"
    )
