"""The adapter of a twin: that of the reference, once deviations were planted in it.

`FITSPEC_DEVIATIONS` has their ids, with commas between them; they are planted in that order, and
remain until a probe of the kind `deviations` brings others. In the place of an id, `no` and names
such as `fit_generator` and `fit.workers` say which methods and arguments are not offered.
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any

from fitspec.adapters.adapter import NotOffered
from fitspec.adapters.forms import is_source
from fitspec.adapters.reference.deviations import planting
from fitspec.adapters.reference.plain import Reference

if TYPE_CHECKING:
    import inspect
    from collections.abc import Mapping, Sequence

#: The modules of `deviations` that have some.
TOPICS = (
    "compiling",
    "containers",
    "counting",
    "data",
    "datasets",
    "generators",
    "loaders",
    "losing",
    "measuring",
    "offered",
    "optimizing",
    "outputs",
    "results",
    "shapes",
    "signatures",
    "steps",
    "streams",
    "switches",
    "telling",
    "trainable",
    "validation",
)


class Twin(Reference):
    """The reference, doing what another implementation does."""

    # A program that imports the reference has it without deviations.
    dialect = ""
    reveals: Mapping[str, Mapping[str, str]] = {
        **Reference.reveals,
        "Records": Reference.reveals["History"],
    }

    def build_deviations(self, names: str) -> str:
        """Have other deviations from now on; other arguments as of `plant`."""
        planting.take_out()
        plant(names)
        return names

    def method(self, target: Any, name: str) -> Any:
        """Return a method, if it is offered."""
        if name in planting.ABSENT:
            raise NotOffered("method", name)
        return super().method(target, name)

    def signature(self, target: Any, name: str) -> inspect.Signature:
        """Return the signature of a method without the arguments that are not offered."""
        found = super().signature(target, name)
        offered = [each for each in found.parameters.values() if _is_offered(name, each.name)]
        return found.replace(parameters=offered)

    def call(self, target: Any, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Call a method, if it and all of the arguments are offered.

        A generator or Sequence is given to the method of its own where the other takes none.
        """
        alone = len(args) == 1 and not _is_offered(name, "generator")
        if alone and is_source(args[0], kwargs.get("y")):
            name = "%s_generator" % name
        offered = self.signature(target, name).parameters
        for argument in kwargs:
            if argument not in offered and "kwargs" not in offered:
                raise NotOffered("argument", argument)
        return super().call(target, name, args, kwargs)

    def _input(self, description: Mapping[str, Any]) -> Any:
        if "tensor" in description.get("settings", {}) and not _is_offered("Input", "tensor"):
            raise NotOffered("argument", "Input(tensor)")
        return super()._input(description)


def _is_offered(method: str, argument: str) -> bool:
    return "%s.%s" % (method, argument) not in planting.ABSENT


def plant(names: str) -> None:
    """Plant deviations.

    Args:
        names: their ids, or `no` and what is not offered, with commas between them.

    Raises:
        ValueError: there is none with such an id.
    """
    for topic in TOPICS:
        importlib.import_module("fitspec.adapters.reference.deviations.%s" % topic)
    for name in filter(None, names.split(",")):
        if name.startswith("no "):
            _, *absent = name.split()
            planting.ABSENT.update(absent)
            continue
        if name not in planting.DEVIATIONS:
            known = ", ".join(sorted(planting.DEVIATIONS))
            raise ValueError("there is no deviation %r; there are %s" % (name, known))
        planting.DEVIATIONS[name]()


plant(os.environ.get("FITSPEC_DEVIATIONS", ""))
