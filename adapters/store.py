"""The objects in a worker, and the names by which the harness speaks of them."""

from __future__ import annotations

from typing import Any

from fitspec.adapters import wire


class Store:
    """The objects a conversation is about, by the reference the harness knows them by."""

    def __init__(self) -> None:
        self._objects: dict[str, Any] = {}
        self._references: dict[int, str] = {}
        self._count = 0

    def reference(self, value: Any) -> str:
        """Return the reference of `value`, the same one each time."""
        known = self._references.get(id(value))
        if known is not None:
            return known
        self._count += 1
        reference = "o%d" % self._count
        self._objects[reference] = value
        self._references[id(value)] = reference
        return reference

    def __getitem__(self, reference: str) -> Any:
        try:
            return self._objects[reference]
        except KeyError:
            raise wire.WireError("there is no object %r here" % (reference,)) from None

    def clear(self) -> None:
        """Forget all objects; no reference is given out twice."""
        self._objects.clear()
        self._references.clear()


class Name:
    """The name of an object in the store, told instead of the object."""

    def __init__(self, name: str) -> None:
        self.name = name
