"""Saboteurs of `get_layer`."""

from __future__ import annotations

import copy
import itertools
from typing import TYPE_CHECKING, Any

from fitspec.reference.api import get_layer
from fitspec.reference.api.get_layer import Layered
from fitspec.reference.network import graph
from fitspec.reference.network.network import Network

from ..planting import saboteur

if TYPE_CHECKING:
    from ..planting import Plant


@saboteur("get_layer.by-name")
def finds_a_copy_by_name(plant: Plant) -> None:
    """Returns a copy of the layer that bears the name."""
    original = Network.layer_named
    plant(Network, "layer_named", lambda self, name: copy.copy(original(self, name)))


@saboteur("get_layer.by-index", also=["get_layer.index-precedence"])
def counts_layers_from_1(plant: Plant) -> None:
    """Takes the index 1 for the first layer, as it does 0."""
    original = Network.layer_at

    def layer_at(self: Network, index: int) -> Any:
        original(self, index)
        return self.layers[index - 1 if index > 0 else index]

    plant(Network, "layer_at", layer_at)


@saboteur("get_layer.index-zero", also=["get_layer.index-precedence"])
def takes_index_0_for_none(plant: Plant) -> None:
    """Takes the index 0 for no index."""
    original = Network.get_layer

    def get_layer(self: Network, name: Any = None, index: Any = None) -> Any:
        return original(self, name, index or None)

    plant(Network, "get_layer", get_layer)


@saboteur("get_layer.index-precedence")
def prefers_a_name_to_an_index(plant: Plant) -> None:
    """Looks for the name when both are given."""
    original = Network.get_layer

    def get_layer(self: Network, name: Any = None, index: Any = None) -> Any:
        return original(self, name, index if name is None else None)

    plant(Network, "get_layer", get_layer)


@saboteur("get_layer.first-positional-is-name")
def takes_the_index_first(plant: Plant) -> None:
    """Takes the first positional argument for the index."""
    original = Network.get_layer

    def get_layer(self: Network, index: Any = None, name: Any = None) -> Any:
        return original(self, name, index)

    plant(Network, "get_layer", get_layer)


@saboteur("get_layer.order-of-indices")
def numbers_one_branch_after_the_other(plant: Plant) -> None:
    """Numbers the layers of a branch before those of the next."""

    def order_of_layers(inputs: Any, _outputs: Any, nodes: Any) -> list[Any]:
        makers = [symbol.node.layer for symbol in inputs]
        return list(dict.fromkeys([*makers, *(node.layer for node in nodes)]))

    plant(graph, "order_of_layers", order_of_layers)


@saboteur("get_layer.invalid-index-ValueError")
def says_IndexError_beyond_the_layers(plant: Plant) -> None:  # noqa: N802  an exception's name
    """Raises the IndexError of a list for an index beyond the layers."""
    original = Network.layer_at

    def layer_at(self: Network, index: int) -> Any:
        # What negative indices mean is another clause.
        return self.layers[index] if index >= 0 else original(self, index)

    plant(Network, "layer_at", layer_at)


@saboteur("get_layer.invalid-index-ValueError")
def counts_on_from_the_first_layer(plant: Plant) -> None:
    """Goes round for an index that is more than one beyond the layers."""
    original = Network.layer_at

    def layer_at(self: Network, index: int) -> Any:
        layers = self.layers
        return layers[index % len(layers)] if index > len(layers) else original(self, index)

    plant(Network, "layer_at", layer_at)


@saboteur("get_layer.negative-index")
def knows_no_negative_index(plant: Plant) -> None:
    """Refuses negative indices."""
    original = Network.layer_at

    def layer_at(self: Network, index: int) -> Any:
        if index < 0:
            raise ValueError(f"index {index} is negative")
        return original(self, index)

    plant(Network, "layer_at", layer_at)


@saboteur("get_layer.index-types")
def compares_indices_only(plant: Plant) -> None:
    """Raises ValueError for an index of any type that is none of its own."""
    original = Layered.layer_at

    def layer_at(self: Any, index: Any) -> Any:
        try:
            return original(self, index)
        except TypeError as error:
            raise ValueError(f"there is no layer {index!r}") from error

    plant(Layered, "layer_at", layer_at)


@saboteur("get_layer.invalid-name-ValueError")
def finds_nothing_for_an_unknown_name(plant: Plant) -> None:
    """Returns None for a name that no layer bears."""

    def layer_named(self: Network, name: str) -> Any:
        return next((layer for layer in self.layers if layer.name == name), None)

    plant(Network, "layer_named", layer_named)


@saboteur("get_layer.neither-ValueError")
def finds_the_last_layer_when_asked_for_none(plant: Plant) -> None:
    """Returns the last layer when neither name nor index is given."""
    original = Network.get_layer

    def get_layer(self: Network, name: Any = None, index: Any = None) -> Any:
        return original(self, name, -1 if name is None and index is None else index)

    plant(Network, "get_layer", get_layer)


@saboteur(
    "get_layer.by-name", also=["get_layer.unique-names", "get_layer.first-positional-is-name"]
)
def knows_layers_but_the_first_by_name(plant: Plant) -> None:
    """Returns the second layer for the name of the first."""
    original = Network.layer_named

    def layer_named(self: Network, name: str) -> Any:
        layers = self.layers
        return layers[1] if name == layers[0].name else original(self, name)

    plant(Network, "layer_named", layer_named)


@saboteur("get_layer.unique-names")
def lets_layers_share_a_name(plant: Plant) -> None:
    """Builds models whose layers bear the same name."""
    plant(get_layer, "require_distinct", lambda _names: None)


@saboteur("get_layer.by-name", also=["get_layer.invalid-name-ValueError"])
def finds_a_layer_by_the_beginning_of_its_name(plant: Plant) -> None:
    """Returns the first layer whose name begins as the one that is looked for."""
    original = Layered.layer_named

    def layer_named(self: Any, name: str) -> Any:
        begins = [layer for layer in self.layers if layer.name.startswith(name)]
        return begins[0] if begins else original(self, name)

    plant(Layered, "layer_named", layer_named)


@saboteur("get_layer.invalid-name-ValueError")
def finds_a_layer_by_its_name_in_capitals(plant: Plant) -> None:
    """Takes small letters and capitals of a name for the same."""
    original = Layered.layer_named

    def layer_named(self: Any, name: str) -> Any:
        alike = [layer for layer in self.layers if layer.name.lower() == name.lower()]
        return alike[0] if alike else original(self, name)

    plant(Layered, "layer_named", layer_named)


@saboteur("get_layer.unique-names")
def compares_the_names_of_neighbours(plant: Plant) -> None:
    """Lets layers share a name where they do not follow each other."""
    original = get_layer.require_distinct

    def require_distinct(names: Any) -> None:
        for pair in itertools.pairwise(names):
            original(pair)

    plant(get_layer, "require_distinct", require_distinct)


@saboteur("get_layer.first-positional-is-name")
def takes_digits_for_an_index(plant: Plant) -> None:
    """Takes a name by position that is a number for an index."""
    original = Layered.get_layer

    def find(self: Layered[Any], *args: Any, **named: Any) -> Any:
        if args and isinstance(args[0], str) and args[0].isdigit():
            return original(self, index=int(args[0]))
        return original(self, *args, **named)

    plant(Layered, "get_layer", find)


@saboteur("get_layer.neither-ValueError")
def takes_none_for_both_for_the_first_layer(plant: Plant) -> None:
    """Returns the first layer where name and index are given as `None`."""
    original = Layered.get_layer

    def find(self: Layered[Any], *args: Any, **named: Any) -> Any:
        nothing = len(named) == 2 and set(named.values()) == {None}
        return original(self, index=0) if nothing else original(self, *args, **named)

    plant(Layered, "get_layer", find)


@saboteur("get_layer.index-precedence")
def prefers_a_name_to_a_negative_index(plant: Plant) -> None:
    """Looks for the name where the index beside it counts from the end."""
    original = Network.get_layer

    def get_layer(self: Network, name: Any = None, index: Any = None) -> Any:
        from_the_end = name is not None and index is not None and index < 0
        return original(self, name, None if from_the_end else index)

    plant(Network, "get_layer", get_layer)
