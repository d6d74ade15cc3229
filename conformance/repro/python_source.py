"""Values as Python that a person can read: what a check handed to an implementation."""

from __future__ import annotations

import math
import textwrap
from dataclasses import MISSING, dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: How long a line may be before it is broken.
_WIDTH = 88
#: Items no longer than this share lines: the numbers of an array.
_SHORT = 14


@dataclass(frozen=True)
class Node:
    """Something in brackets, whose items may stand on lines of their own."""

    opening: str
    items: Sequence[Node | str]
    closing: str

    def flat(self) -> str:
        """Return it on one line."""
        items = [item if isinstance(item, str) else item.flat() for item in self.items]
        # A tuple, by itself or behind the name of an argument or a key, and no call.
        lonely = self.opening.rpartition(" ")[2].rpartition("=")[2] == "(" and len(items) == 1
        return f"{self.opening}{', '.join(items)}{',' if lonely else ''}{self.closing}"


def lay_out(prefix: str, node: Node | str, suffix: str = "", indent: int = 0) -> str:
    """Return code on as few lines as are not too long; `prefix` and `suffix` stand around it."""
    flat = node if isinstance(node, str) else node.flat()
    line = f"{' ' * indent}{prefix}{flat}{suffix}"
    if len(line) <= _WIDTH or isinstance(node, str) or not node.items:
        return line
    inner = _inner(node.items, indent + 4)
    last = f"{' ' * indent}{node.closing}{suffix}"
    return "\n".join([f"{' ' * indent}{prefix}{node.opening}", *inner, last])


def _inner(items: Sequence[Node | str], indent: int) -> list[str]:
    numbers = [item for item in items if isinstance(item, str) and len(item) <= _SHORT]
    if len(numbers) < len(items):
        return [lay_out("", item, ",", indent) for item in items]
    blanks = " " * indent
    return textwrap.wrap(
        ", ".join(numbers) + ",", _WIDTH, initial_indent=blanks, subsequent_indent=blanks
    )


def behind(prefix: str, node: Node | str) -> Node | str:
    """Return code with something before it."""
    if isinstance(node, str):
        return f"{prefix}{node}"
    return Node(f"{prefix}{node.opening}", node.items, node.closing)


def named(name: str, node: Node | str) -> Node | str:
    """Return a keyword argument."""
    return behind(f"{name}=", node)


def entry(key: Node | str, node: Node | str) -> Node | str:
    """Return an entry of a dict."""
    return behind(f"{key if isinstance(key, str) else key.flat()}: ", node)


def source(value: Any, special: Callable[[Any], Node | str | None] = lambda _: None) -> Node | str:
    """Return the Python of a value: plain ones, NumPy's, and data classes.

    Args:
        value: what it stands for.
        special: gives the code of values that have a name already; None for all others.

    Raises:
        TypeError: there is no code for a value of that class.
    """
    found = special(value)
    if found is not None:
        return found

    if isinstance(value, np.ndarray):
        return _array(value, special)
    if isinstance(value, np.generic):
        return f"np.{value.dtype.name}({_plain(value.item())})"
    if value is None or isinstance(value, (bool, int, float, str, bytes, range)):
        return _plain(value)
    if is_dataclass(value) and not isinstance(value, type):
        return _data(value, special)
    return _container(value, special)


def _plain(value: Any) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    if isinstance(value, str) and not set(value) & set('"\\') and value.isprintable():
        return f'"{value}"'
    return repr(value)


def _container(value: Any, special: Callable[[Any], Node | str | None]) -> Node | str:
    if isinstance(value, dict):
        pairs = [(source(key, special), source(item, special)) for key, item in value.items()]
        return Node("{", [entry(*pair) for pair in pairs], "}")
    known: dict[type, str] = {list: "[]", tuple: "()", set: "{}", frozenset: "{}"}
    brackets = known.get(type(value))
    if brackets is None:
        raise TypeError(f"a value of class {type(value).__name__} has no code")
    if brackets == "{}" and not value:
        return "set()"
    ordered = sorted(value, key=repr) if brackets == "{}" else value
    return Node(brackets[0], [source(item, special) for item in ordered], brackets[1])


def _data(value: Any, special: Callable[[Any], Node | str | None]) -> Node:
    items: list[Node | str] = []
    skipped = False
    for field in fields(value):
        given = getattr(value, field.name)
        if not field.init:
            continue
        if _is_default(field, given):
            # What follows a default that is left out has to be named.
            skipped = True
            continue
        code = source(given, special)
        items.append(named(field.name, code) if skipped or field.kw_only else code)
    return Node(f"{type(value).__name__}(", items, ")")


def _is_default(field: Any, given: Any) -> bool:
    default = field.default if field.default_factory is MISSING else field.default_factory()
    return type(given) is type(default) and bool(np.all(given == default))


def _array(value: Any, special: Callable[[Any], Node | str | None]) -> Node | str:
    if value.dtype.hasobject:
        return Node("np.asarray(", [source(value.tolist(), special), "object"], ")")
    kind = f"np.{value.dtype.name}" if value.dtype.kind in "biuf" else repr(value.dtype.str)
    if value.ndim == 2 and len(value) > 1 and np.array_equal(value, np.eye(len(value))):
        return f"np.eye({len(value)}, dtype={kind})"
    if value.size > 4 and (value == value.flat[0]).all():
        return f"np.full({value.shape}, {_shortest(value.flat[0])}, {kind})"
    if value.size == 0:
        return f"np.zeros({value.shape}, {kind})"
    return Node("np.asarray(", [_rows(value), kind], ")")


def _rows(value: Any) -> Node | str:
    if np.ndim(value) == 0:
        return _shortest(np.asarray(value)[()])
    return Node("[", [_rows(row) for row in value], "]")


def _shortest(number: Any) -> str:
    """Return the fewest digits that mean this number in its own precision."""
    if not isinstance(number, np.floating):
        return _plain(number.item())
    return _plain(float(str(number)))
