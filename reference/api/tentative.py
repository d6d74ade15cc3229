"""Methods that leave a model as it was when they refuse what they were given."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_Result = TypeVar("_Result")


def tentative(method: Callable[..., _Result]) -> Callable[..., _Result]:
    """Have a method of a model undo, if it raises, what the model learnt from its data.

    A model without weights makes them for the first data that come; had the data been checked
    before, their shape would not be known to check them by.

    Args:
        method: Takes the model first.

    """

    @functools.wraps(method)
    def attempt(model: Any, *args: Any, **kwargs: Any) -> _Result:
        with model.tentatively():
            return method(model, *args, **kwargs)

    return attempt
