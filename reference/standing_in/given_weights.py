"""What layers, models and optimizers are given as weights."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def listed(set_weights: Callable[[Any, list[Any]], None]) -> Callable[[Any, Any], None]:
    """Return the method `set_weights`, which refuses what is no list.

    Raises:
        TypeError: It holds nothing in an order; nothing is changed then.

    """

    @functools.wraps(set_weights)
    def called(self: Any, weights: Any) -> None:
        if not isinstance(weights, Iterable) or isinstance(weights, (Mapping, str, bytes, set)):
            raise TypeError(
                "weights must be a list of arrays, as get_weights returns it, not "
                f"{type(weights).__name__}"
            )
        set_weights(self, list(weights))

    return called
