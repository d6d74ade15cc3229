"""What the signature of a method says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fitspec.conformance.worker.remote import Method

#: In the place of a default: the argument has to be given.
REQUIRED = "required"
#: In the place of a default: there is no such argument.
MISSING = "missing"


def defaults(method: Method, names: Iterable[str]) -> dict[str, Any]:
    """Return the defaults of the parameters `names` of a method, or why there is none."""
    found = in_order(method)
    return {name: found.get(name, MISSING) for name in names}


def in_order(method: Method) -> dict[str, Any]:
    """Return the default of every parameter of a method, or that there is none, in order."""
    return {item.name: REQUIRED if item.required else item.default for item in method.parameters()}
