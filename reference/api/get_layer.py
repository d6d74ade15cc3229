"""Finding a layer of what consists of layers."""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections import Counter
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from fitspec.reference.api import arguments

if TYPE_CHECKING:
    from collections.abc import Iterable


class HasName(Protocol):
    """What has a name of its own."""

    name: str


Named = TypeVar("Named", bound=HasName)


class Layered(ABC, Generic[Named]):
    """What consists of layers that have names and an order."""

    @property
    @abstractmethod
    def layers(self) -> list[Named]:
        """The layers, in the order of their indices."""

    def get_layer(self, name: str | None = None, index: int | None = None) -> Named:
        """Find a layer; when both arguments are given the index counts.

        Args:
            name: Its name; the first of the two (`get_layer.first-positional-is-name`).
            index: Its position in `layers`; negative ones count from the end.

        Raises:
            ValueError: There is no such layer, or neither argument is given.

        """
        arguments.inspect("get_layer", locals())
        if index is not None:  # get_layer.index-precedence, get_layer.index-zero
            return self.layer_at(index)
        if name is not None:
            return self.layer_named(name)
        raise ValueError("get_layer needs a name or an index")  # get_layer.neither-ValueError

    def layer_at(self, index: int) -> Named:
        """Find a layer by its position (`get_layer.by-index`)."""
        layers = self.layers
        try:
            position = operator.index(index)
        except TypeError as error:
            raise TypeError(f"index must be an integer, not {index!r}") from error
        # get_layer.invalid-index-ValueError
        if not -len(layers) <= position < len(layers):
            raise ValueError(f"index {index} is outside of the {len(layers)} layers of the model")
        return layers[position]

    def layer_named(self, name: str) -> Named:
        """Find a layer by its name (`get_layer.by-name`)."""
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise ValueError(  # get_layer.invalid-name-ValueError
            f"name: no layer is called {name!r}; there are {[one.name for one in self.layers]}"
        )


def require_distinct(names: Iterable[str]) -> None:
    """Refuse a model in which a name would not single out one layer.

    Raises:
        ValueError: A name occurs twice (`get_layer.unique-names`).

    """
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise ValueError(
            f"layer names must be unique within a model, but several are named {repeated[0]!r}"
        )
