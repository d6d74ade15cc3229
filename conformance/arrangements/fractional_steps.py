"""What becomes of a number of steps that is no integer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.conformance.claims.expect import documented_class
from fitspec.conformance.worker.remote import RemoteError

if TYPE_CHECKING:
    from collections.abc import Callable

#: Two fractions, a whole number that is no integer, and the integer, which works anywhere.
_COUNTS = (2.5, 2.25, 2.0, 2)


def seen_of_steps(steps: Callable[[float], object]) -> dict[str, object]:
    """Return what comes of each number of steps: what `steps` returns, or the exception."""
    seen: dict[str, object] = {}
    for count in _COUNTS:
        try:
            seen[f"{count}"] = steps(count)
        except RemoteError as error:
            seen[f"{count}"] = documented_class(error)
    return seen


def readings_of_steps(two: object, three: object) -> dict[str, dict[str, object]]:
    """Return the known ways to take them.

    Args:
        two: what comes of two steps.
        three: what comes of three.
    """

    def found(fraction: object, large: object, whole: object) -> dict[str, object]:
        return {"2.5": large, "2.25": fraction, "2.0": whole, "2": two}

    refused = {
        f"a fraction is refused with {article} {name}": found(name, name, two)
        for article, name in (("an", "Error"), ("a", "MisconfigurationException"))
    }
    return refused | {
        "a fraction is rounded up": found(three, three, two),
        "a fraction is rounded down": found(two, two, two),
        "a fraction is rounded to the nearest": found(two, three, two),
        "what is no integer raises a TypeError": found(*["TypeError"] * 3),
        "what is no integer raises a ValueError": found(*["ValueError"] * 3),
    }
