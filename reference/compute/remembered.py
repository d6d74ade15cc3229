"""What every step asks of a model, found once and kept until a setting is changed anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.tensor.repeatable import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.network.compiled_network import CompiledNetwork


class Found(tuple[Any, ...]):
    """What was found, after what it was found for; a copy of a model begins with nothing."""

    __slots__ = ()

    def __reduce__(self) -> tuple[type[Found], tuple[()]]:
        return Found, ()


def remembering(find: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method of models that looks again only where `find` may come to something else.

    That is after `compile`, with other layers, and when a setting of any object was changed.

    Args:
        find: Finds it, given the model and perhaps data, which change nothing.

    """
    place = f"_found_{find.__name__}"

    def found(self: CompiledNetwork, *given: object) -> Any:
        known = vars(self).get(place)
        changes, graph, plan = Settings.changes, self._graph, self._plan
        if known and known[0] == changes and known[1] is graph and known[2] is plan:
            return known[3]
        what = find(self, *given)
        vars(self)[place] = Found((changes, graph, plan, what))
        return what

    return found
