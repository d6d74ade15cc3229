"""`get`, `serialize` and `deserialize` of losses, metrics, optimizers and what layers are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fitspec.reference.config import configuration
from fitspec.reference.config.configuration import Configurable, custom_object_scope

if TYPE_CHECKING:
    from types import ModuleType

    from fitspec.reference.config.configuration import CustomObjects


@dataclass(frozen=True)
class WrittenForms:
    """What names, and what was written down, stand for in a module.

    Attributes:
        module: The module's name.
        made: Whether a name stands for an object of the class, or for what has the name.
        nothing: What None stands for.
        none: Whether it stands for something.

    """

    module: str
    made: bool = False
    nothing: Any = None
    none: bool = True

    def deserialize(self, config: Any, custom_objects: CustomObjects = None) -> Any:
        """Return what `serialize` was given.

        Args:
            config: A name, or a dict of a `class_name` and a `config`.
            custom_objects: Functions and classes of one's own, by name.

        Raises:
            ValueError: It is neither, or nothing is known by the name.

        """
        with custom_object_scope(custom_objects):
            if not isinstance(config, str):
                return configuration.deserialize(config, (self.module,))
            if self.made:
                written = {"class_name": config, "config": {}}
                return configuration.deserialize(written, (self.module,))
            found = configuration.custom_object(config)
            known = configuration.namespaces[self.module]
            found = known.get(config) if found is None else found
        if found is None:
            raise ValueError(f"{self.module}: nothing is known by the name {config!r}")
        return found

    def get(self, identifier: Any) -> Any:
        """Return what a name, or what was written down, stands for; anything else as it is.

        Raises:
            ValueError: Nothing is known by the name, or it is nothing of the kind.

        """
        if identifier is None and self.none:
            return self.nothing
        if isinstance(identifier, (str, Mapping)):
            return self.deserialize(identifier)
        if not callable(identifier) and not hasattr(identifier, "get_config"):
            raise ValueError(
                f"{self.module}: a name, a dict or an object was expected, not {identifier!r}"
            )
        return identifier


def serialize(thing: Any) -> Any:
    """Return what `deserialize` makes the same again of, as JSON can hold it.

    Args:
        thing: An object, which becomes a dict of its `class_name` and `config`; a function, which
            becomes its name; or None, which stays None.

    Raises:
        ValueError: It cannot be written down.

    """
    name = None if hasattr(thing, "get_config") else getattr(thing, "__name__", None)
    return configuration.encode(thing) if name in {None, "<lambda>"} else name


def classes_of(module: ModuleType) -> dict[str, Any]:
    """Return the classes of a module whose objects can be written down, by their names in it."""
    return {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, Configurable)
    }
