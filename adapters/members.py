"""What an object has that everybody may use: its public methods and attributes."""

from __future__ import annotations

import inspect
from typing import Any


def members_of(thing: Any) -> dict[str, str]:
    """Return the public names of `thing`, each with the parameters of a method: ``(x, *, y)``.

    Of what is no method there is no text, and of parameters no default. Nothing that computes its
    value is read.
    """
    return {
        name: _parameters(thing, name) for name in sorted(dir(thing)) if not name.startswith("_")
    }


def _parameters(thing: Any, name: str) -> str:
    static = inspect.getattr_static(type(thing), name, None)
    if not (inspect.isroutine(static) or isinstance(static, (staticmethod, classmethod))):
        return ""
    try:
        found = inspect.signature(getattr(thing, name))
    except (TypeError, ValueError):
        # What is not written in Python does not tell.
        return "(*args, **kwargs)"
    empty = inspect.Parameter.empty
    bare = [item.replace(default=empty, annotation=empty) for item in found.parameters.values()]
    return str(found.replace(parameters=bare, return_annotation=empty))
