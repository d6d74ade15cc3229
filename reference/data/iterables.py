"""Objects that can be iterated anew: data sets and loaders of other libraries.

They are known by what they can do, so that none of those libraries is needed here.
"""

from __future__ import annotations

from collections.abc import Iterable, MappingView
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Generator


def is_iterable(x: object) -> bool:
    """Whether `x` can be iterated over and over and not in any other way.

    So can a data set of `tf.data` and a `DataLoader` of PyTorch. Arrays, tables, lists, tuples,
    dicts and sets are not meant.
    """
    return isinstance(x, Iterable) and not (
        hasattr(x, "__next__")
        or hasattr(x, "__getitem__")
        or hasattr(x, "shape")
        or isinstance(x, (AbstractSet, MappingView))
    )


def one_pass(iterable: Iterable[object]) -> Generator[object]:
    """Iterate anew.

    Raises:
        ValueError: Nothing comes of it.

    """
    item = nothing = object()
    for item in iterable:
        yield item
    if item is nothing:
        raise ValueError(f"the data ({type(iterable).__name__}) have no batches")


def passes_of(iterable: Iterable[object]) -> Generator[object]:
    """Iterate anew, again and again."""
    while True:
        yield from one_pass(iterable)


def length_of_pass(iterable: Any) -> int | None:
    """Return the number of items of an iteration, None if it is unknown."""
    try:
        return len(iterable)
    except (TypeError, NotImplementedError):  # no length, or none that is known
        return None


def is_endless(iterable: Any) -> bool:
    """Whether an iteration says that it has no end, as a `tf.data` data set can."""
    return hasattr(iterable, "cardinality") and int(iterable.cardinality()) == -1


def is_loader(iterable: object) -> bool:
    """Whether items are collated as by PyTorch's `DataLoader`."""
    return hasattr(iterable, "collate_fn")


def uncollated(item: object) -> object:
    """Return an item of a loader as the tuple that its data set gave: collating made it a list."""
    return tuple(item) if isinstance(item, list) else item
