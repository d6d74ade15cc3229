"""What depends on what, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_Item = TypeVar("_Item")


def in_order(last: Iterable[_Item], sources: Callable[[_Item], Iterable[_Item]]) -> list[_Item]:
    """Return items, each once and after all that it depends on.

    Args:
        last: Those that are asked for.
        sources: Gives what an item depends on directly; of several, the last comes first.

    """
    order: list[_Item] = []
    seen: set[_Item] = set()
    stack = [(item, False) for item in last]
    while stack:
        item, sources_done = stack.pop()
        if sources_done:
            order.append(item)
        elif item not in seen:
            seen.add(item)
            stack.append((item, True))
            stack.extend((source, False) for source in sources(item))
    return order
