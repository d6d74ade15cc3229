"""What objects were made with, as values that JSON can hold, and objects made of such values.

A constructor keeps every argument as an attribute of the same name; that is all that an object
needs to be written down and made again.
"""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from fitspec.reference.tensor import array_library
from fitspec.reference.tensor.blocks import during
from fitspec.reference.tensor.repeatable import Settings, repeatable

if TYPE_CHECKING:
    from collections.abc import Iterator

    CustomObjects = Mapping[str, Any] | None

MODULES = (
    *("layers", "models", "initializers", "regularizers", "constraints", "optimizers"),
    *("losses", "metrics"),
)
"""Where classes are looked for, in this order if nothing else is said."""

WITHOUT_MEANING = frozenset({"dtype", "implementation", "unroll", "ragged", "sparse"})
"""What Keras writes down beside the arguments that there are, and what changes no number."""

namespaces: dict[str, Mapping[str, Any]] = {}
"""By name, the modules that classes are looked for in; they are entered by who has them."""

keeps_functions: ContextVar[bool] = ContextVar("keeps_functions", default=False)
"""Whether what is written down is made again at once, so that functions stay what they are."""

_own: dict[str, Any] = {}
_argument_names: dict[type, frozenset[str]] = {}
_scoped: ContextVar[Mapping[str, Any]] = ContextVar("_scoped", default=_own)


def get_custom_objects() -> dict[str, Any]:
    """Return the functions and classes of the user's own that are known everywhere, to add to."""
    return _own


@contextlib.contextmanager
def custom_object_scope(*custom_objects: CustomObjects) -> Iterator[None]:
    """Know more functions and classes by name, inside of the block.

    Args:
        *custom_objects: Each by its name.

    """
    known = dict(_scoped.get())
    for each in custom_objects:
        known.update(each or {})
    with during(_scoped, known):
        yield


def custom_object(name: object) -> Any | None:
    """Return a function or class of the user's own by its name, None if there is none."""
    return _scoped.get().get(name) if isinstance(name, str) else None


class Configurable:
    """What can be written down, and made again of what was written."""

    def __init_subclass__(cls, *, repeats: bool = False, **arguments: Any) -> None:
        """Mark a class as `repeatable` if it says that of itself."""
        super().__init_subclass__(**arguments)
        if repeats:
            repeatable(cls)

    if not TYPE_CHECKING:  # a checker would take it to mean that any attribute may be set

        def __setattr__(self, name: str, value: object) -> None:
            super().__setattr__(name, value)
            if name in argument_names(type(self)) or name == "trainable":
                Settings.changes += 1

    not_saved: ClassVar[frozenset[str]] = frozenset()
    """Arguments of the constructor of this very class that are another way to say something."""

    def get_config(self) -> dict[str, Any]:
        """Return the arguments to make another one like this with, for JSON."""
        return {
            name: encode(getattr(self, name))
            for name in parameters(type(self))
            if hasattr(self, name)
        }

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Make one of what `get_config` returned.

        Args:
            config: The arguments, by name.

        Raises:
            ValueError: One of them is unknown, or one is missing.

        """
        accepted = parameters(cls, everything=True)
        arguments = {
            name: value if name == "name" else decode(value)
            for name, value in config.items()
            if name in accepted or not (name in WITHOUT_MEANING or value in (None, False))
        }
        try:
            return cls(**arguments)
        except TypeError as error:
            raise ValueError(f"config: {cls.__name__} cannot be made of it: {error}") from error


def parameters(kind: type, *, everything: bool = False) -> dict[str, inspect.Parameter]:
    """Return the arguments of a constructor, with those that it passes on to its bases.

    Args:
        kind: The class.
        everything: Whether those in `not_saved` count.

    """
    found: dict[str, inspect.Parameter] = {}
    for base in kind.__mro__[:-1]:
        if "__init__" not in vars(base):
            continue
        passed_on = False
        omitted = () if everything else vars(base).get("not_saved", ())
        for each in list(inspect.signature(vars(base)["__init__"]).parameters.values())[1:]:
            passed_on |= each.kind is each.VAR_KEYWORD
            if (
                each.kind not in (each.VAR_KEYWORD, each.VAR_POSITIONAL)
                and each.name not in omitted
            ):
                found.setdefault(each.name, each)
        if not passed_on:
            break
    return found


def argument_names(kind: type) -> frozenset[str]:
    """Return the names of all arguments of a constructor, looked up once for a class."""
    found = _argument_names.get(kind)
    if found is None:
        found = _argument_names[kind] = frozenset(parameters(kind, everything=True))
    return found


def encode(value: Any) -> Any:
    """Return a value as JSON can hold it.

    Objects become a dict of their `class_name` and `config`; functions their names.

    Raises:
        ValueError: It cannot be written down.

    """
    if isinstance(value, (np.ndarray, np.generic)) or array_library.is_on_device(value):
        return array_library.off_device(value).tolist()
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (int, float)):  # without what is more than a number
        return float(value) if isinstance(value, float) else int(value)
    if isinstance(value, Mapping):
        return {key: encode(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(encode(each) for each in value)
    if hasattr(value, "get_config") and not isinstance(value, type):
        return serialize(value)
    name = getattr(value, "__name__", "<lambda>")
    if keeps_functions.get() and callable(value):
        return value
    if not callable(value) or name == "<lambda>":
        raise ValueError(
            f"{value!r} cannot be written down: a function needs a name, and an object get_config; "
            "save_weights needs neither"
        )
    return name


def serialize(value: Any) -> dict[str, Any]:
    """Return the class of an object and what to make another one with.

    Raises:
        ValueError: An argument is missing in the object's `get_config`.

    """
    config = encode(value.get_config())
    kind = type(value)
    missing = [
        name
        for name, parameter in parameters(kind).items()
        if parameter.default is parameter.empty and name not in config
    ]
    if missing and kind.from_config.__func__ is Configurable.from_config.__func__:  # type: ignore[attr-defined]  # of a class method
        raise ValueError(
            f"{kind.__name__} cannot be written down: its get_config does not give "
            f"{missing[0]!r}, which its constructor takes; keep it as an attribute of that name"
        )
    return {"class_name": kind.__name__, "config": config}


def decode(value: Any, modules: tuple[str, ...] = MODULES) -> Any:
    """Return what `encode` was given; functions stay names, but for those of the user's own.

    Raises:
        ValueError: Nothing is known by a name.

    """
    if isinstance(value, str):
        found = custom_object(value)
        return value if found is None else found
    if isinstance(value, Mapping):
        if set(value) == {"class_name", "config"}:
            return deserialize(value, modules)
        return {key: decode(each, modules) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(decode(each, modules) for each in value)
    return value


def deserialize(written: Any, modules: tuple[str, ...] = MODULES) -> Any:
    """Make an object of its class and config.

    Args:
        written: As `serialize` returns it.
        modules: Where classes are looked for, after those of the user's own.

    Raises:
        ValueError: It is nothing of the kind, or its class is not known.

    """
    if not isinstance(written, Mapping) or not {"class_name", "config"} <= set(written):
        raise ValueError(f"config must be a dict of class_name and config, not {written!r}")
    name = written["class_name"]
    kinds = (namespaces.get(module, {}).get(name) for module in modules)
    kind = custom_object(name) or next((one for one in kinds if one is not None), None)
    if kind is None:
        raise ValueError(
            f"class_name: nothing is known by the name {name!r}; give one's own classes and "
            "functions as custom_objects={name: class}"
        )
    config = written["config"]
    return kind.from_config(config) if hasattr(kind, "from_config") else kind(**config)
