"""Networks of layers as descriptions connect them, for the two ways that libraries have.

In one, as in PyTorch, a module calls others on the values that it is given: `ModuleNetwork`. In the
other, as in Keras, layers are called once, on inputs without values: `connect`.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def module_of(description: Mapping[str, Any]) -> str:
    """Return the name of the layer that is called: ``again`` calls one that is there already."""
    if description["kind"] == "again":
        return str(description["settings"]["layer"])
    return str(description["name"])


class Calls:
    """Which layer is called on what.

    Args:
        layers: as `Adapter.build_model` gets them.
        outputs: names of the layers whose results are asked for; none for that of the last one.
    """

    def __init__(self, layers: Sequence[Mapping[str, Any]], outputs: Sequence[str] = ()) -> None:
        self.inputs = [item for item in layers if item["kind"] == "input"]
        self.layers = [item for item in layers if item["kind"] != "input"]
        self.outputs = list(outputs) or [layers[-1]["name"]]
        self.signature = inspect.Signature(
            [
                inspect.Parameter(item["name"], inspect.Parameter.POSITIONAL_OR_KEYWORD)
                for item in self.inputs
            ]
        )

    def results(
        self, values: Mapping[str, Any], layer: Callable[[Mapping[str, Any]], Any]
    ) -> list[Any]:
        """Return the outputs.

        Args:
            values: of the inputs, by name.
            layer: what to call for a description, on one argument or several.
        """
        known = dict(values)
        for item in self.layers:
            known[item["name"]] = layer(item)(*[known[name] for name in item["inputs"]])
        return [known[name] for name in self.outputs]


class ModuleNetwork:
    """A module that calls others as descriptions of layers say.

    It stands before the library's own base class of modules, which notes the parts as they become
    attributes: ``class Network(ModuleNetwork, library.nn.Module): pass``. A library whose modules
    compute in another method than `forward` has that name for it in the subclass.

    Args:
        layers: as `Adapter.build_model` gets them.
        outputs: names of the layers whose results it returns: one bare, several as a tuple; none
            for that of the last one.
        make: what makes the library's module of a description, with its weights.
    """

    def __init__(
        self,
        layers: Sequence[Mapping[str, Any]],
        outputs: Sequence[str],
        make: Callable[[Mapping[str, Any]], Any],
    ) -> None:
        super().__init__()
        self.calls = Calls(layers, outputs)
        self.names = [item["name"] for item in self.calls.layers if item["kind"] != "again"]
        for item in self.calls.layers:
            if item["kind"] != "again":
                setattr(self, "part_" + item["name"], make(item))

    @property
    def parts(self) -> dict[str, Any]:
        """The modules that it calls, by the names of the layers."""
        return {name: getattr(self, "part_" + name) for name in self.names}

    def forward(self, *inputs: Any, **named: Any) -> Any:
        """Return the outputs for `inputs`, in the order of the input layers, or by their names.

        Raises:
            TypeError: too few or too many, as of any function with these parameters.
        """
        values = self.calls.signature.bind(*inputs, **named).arguments
        found = self.calls.results(values, lambda item: self.parts[module_of(item)])
        return found[0] if len(found) == 1 else tuple(found)


def connect(
    layers: Sequence[Mapping[str, Any]],
    outputs: Sequence[str],
    make_input: Callable[[Mapping[str, Any]], Any],
    make: Callable[[Mapping[str, Any]], Any],
) -> tuple[list[Any], list[Any]]:
    """Call layers on inputs without values, and return these inputs and the outputs.

    Args:
        layers: as `Adapter.build_model` gets them.
        outputs: names of the layers whose results are asked for; none for that of the last one.
        make_input: what makes the library's input of a description.
        make: what makes the library's layer of a description; it is called on one input bare, and
            on several as a list, as Keras's are.
    """
    calls = Calls(layers, outputs)
    inputs = {item["name"]: make_input(item) for item in calls.inputs}
    built: dict[str, Any] = {}

    def layer(item: Mapping[str, Any]) -> Any:
        if item["kind"] != "again":
            built[item["name"]] = make(item)
        found = built[module_of(item)]
        return lambda *feeds: found(feeds[0] if len(feeds) == 1 else list(feeds))

    return list(inputs.values()), calls.results(inputs, layer)
