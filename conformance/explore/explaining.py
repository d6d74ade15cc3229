"""Which deviations a difference takes: those with which the other side does the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def needed(
    deviations: Sequence[str], agrees: Callable[[Sequence[str]], bool]
) -> tuple[str, ...] | None:
    """Return the deviations of which none can be left out; None if not even all of them do.

    Halves are left out first, then smaller parts, so that few are tried where few are needed.

    Args:
        deviations: ids, in the order in which they are planted.
        agrees: whether what has these deviations does the same.
    """
    if not agrees(deviations):
        return None
    kept = list(deviations)
    size = len(kept)
    while size:
        at = 0
        while at < len(kept):
            rest = kept[:at] + kept[at + size :]
            if agrees(rest):
                kept = rest
            else:
                at += size
        size //= 2
    return tuple(kept)
