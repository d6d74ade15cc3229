"""Finding what a name, or what was saved of an object, stands for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from fitspec.reference.config import configuration
from fitspec.reference.tensor.repeatable import repeatable

_Named = TypeVar("_Named", bound=Callable[..., Any])


class Names(dict[str, Any]):
    """Functions and classes of one module or several, by all their names."""

    def known(self, *aliases: str) -> Callable[[_Named], _Named]:
        """Return what enters, and marks as `repeatable`, what is defined below it.

        Args:
            *aliases: Names that it has beside its own.

        """

        def enter(thing: _Named) -> _Named:
            self.update(dict.fromkeys((thing.__name__, *aliases), thing))
            return repeatable(thing)

        return enter


def find(
    what: str,
    identifier: object,
    known: Mapping[str, Any],
    *,
    made: bool = False,
    instance_of: type | None = None,
) -> Any:
    """Return what an identifier stands for.

    Args:
        what: The argument's name, for messages.
        identifier: A name; a dict of a `class_name` and the `config` to make it with; or anything
            else that fits, which is returned as it is.
        known: Functions and classes by name, besides those of the user's own; of a class a new
            instance is returned.
        made: Whether functions, too, are called, for what they return.
        instance_of: What fits are instances of this, or functions if it is None.

    Raises:
        ValueError: It is none of these, or nothing is known by that name.

    """
    name, config = identifier, None
    if isinstance(identifier, Mapping) and "class_name" in identifier:
        name, config = identifier["class_name"], identifier.get("config") or {}
    own = configuration.custom_object(name)
    known = known if own is None else {**known, str(name): own}
    if isinstance(name, str) and name in known:
        found = known[name]
        is_made = (made and own is None) or isinstance(found, type) or config
        return found(**(config or {})) if is_made else found
    if instance_of is None:
        fits = callable(identifier) and not isinstance(identifier, type)
    else:
        fits = isinstance(identifier, instance_of)
    if fits:
        return identifier
    kind = "a function" if instance_of is None else f"an instance of {instance_of.__name__}"
    raise ValueError(f"{what} must be {kind} or one of {sorted(known)}, not {identifier!r}")
