"""Saboteurs of `get_layer`: the order of layers, negative indices, names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.api import get_layer
from fitspec.reference.network import graph
from fitspec.reference.network.network import Network

from .planting import saboteur

if TYPE_CHECKING:
    from .planting import Plant


@saboteur("get_layer.order-of-indices")
def numbers_one_branch_after_the_other(plant: Plant) -> None:
    """Numbers the layers of a branch before those of the next."""

    def order_of_layers(inputs: Any, _outputs: Any, nodes: Any) -> list[Any]:
        makers = [symbol.node.layer for symbol in inputs]
        return list(dict.fromkeys([*makers, *(node.layer for node in nodes)]))

    plant(graph, "order_of_layers", order_of_layers)


@saboteur("get_layer.negative-index")
def knows_no_negative_index(plant: Plant) -> None:
    """Refuses negative indices."""
    original = Network.layer_at

    def layer_at(self: Network, index: int) -> Any:
        if index < 0:
            raise ValueError(f"index {index} is negative")
        return original(self, index)

    plant(Network, "layer_at", layer_at)


@saboteur("get_layer.unique-names")
def lets_layers_share_a_name(plant: Plant) -> None:
    """Builds models whose layers bear the same name."""
    plant(get_layer, "require_distinct", lambda _names: None)
