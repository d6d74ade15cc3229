"""What a thing can be told when it is made; by our own rule, attributes of the same names."""

from __future__ import annotations

import inspect

_names: dict[type, frozenset[str]] = {}


def names_of(kind: type) -> frozenset[str]:
    """Return the names of the arguments that a class, and those it derives from, can be made by."""
    found = _names.get(kind)
    if found is None:
        makers = [vars(base).get("__init__") for base in kind.__mro__[:-1]]
        found = _names[kind] = frozenset(
            parameter.name
            for maker in makers
            if maker is not None
            for parameter in list(inspect.signature(maker).parameters.values())[1:]
            if parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        )
    return found
