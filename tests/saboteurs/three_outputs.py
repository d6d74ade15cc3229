"""What belongs to three outputs, in another order."""

from __future__ import annotations

from typing import Any


def last_two_of_three_exchanged(values: Any) -> Any:
    """Return a list of three with the last before the second; anything else as it is."""
    three = isinstance(values, list) and len(values) == 3
    return [values[0], *values[:0:-1]] if three else values
