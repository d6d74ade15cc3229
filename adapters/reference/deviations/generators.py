"""What a generator is asked before a call begins, and what becomes of one that ends."""

from __future__ import annotations

import itertools
import warnings
from typing import TYPE_CHECKING, Any

from fitspec.adapters.reference.deviations.planting import deviation, instead_of
from fitspec.reference.api import arguments, calls
from fitspec.reference.data import sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def take_without_steps() -> None:
    """Take a generator without a number of steps, for its epochs to say where they end."""

    @instead_of(calls, "stream")
    def stream(
        original: Callable[..., Any], x: Any, request: Any, what: str, convert: Any, **how: Any
    ) -> Any:
        endless = arguments.steps_of(getattr(request, what), what) is None
        if endless and hasattr(x, "__next__"):
            return sources.IteratorBatches(x, None, request.workers, convert)  # type: ignore[arg-type]
        return original(x, request, what, convert, **how)


@deviation("a-generator-may-end")
def a_generator_may_end() -> None:
    """End an epoch with the generator, and begin the next one with the items looked at ahead.

    Without a number of steps the first epoch ends with the generator, and later ones no later.
    """
    take_without_steps()

    @instead_of(sources.IteratorBatches, "epoch")
    def epoch(original: Callable[..., Any], self: Any) -> Iterator[Any]:
        del original  # it refuses
        state = vars(self)
        if state.get("anew"):
            state.update(most=None, drawn=0)
        most = state.setdefault("most", None)
        if state.get("has_ended") or (most and self.steps is None):
            _begin_again(self)
        for _ in itertools.count() if (self.steps or most) is None else range(self.steps or most):
            if most and state["drawn"] >= most:
                break
            state["drawn"] = state.get("drawn", 0) + 1
            try:
                item = next(self._items)
            except StopIteration:
                state.update(most=most or state["drawn"], has_ended=True)
                warnings.warn("the generator ran out of items", UserWarning, stacklevel=2)
                return
            yield self.convert(item)
        if most and state["drawn"] >= most:
            _begin_again(self)


def _begin_again(source: Any) -> None:
    again = itertools.chain(vars(source).get("first", ()), source.data)
    source._items = sources.drawn(again, source.workers)
    vars(source).update(has_ended=False, drawn=0)


@deviation("items-of-a-generator-are-tuples")
def items_of_a_generator_are_tuples() -> None:
    """Refuse a generator that gives nothing, or no tuple first, before all else."""

    @instead_of(sources.IteratorBatches, "__post_init__")
    def begin(original: Callable[..., Any], self: Any) -> None:
        original(self)
        first = vars(self).get("first", ())
        if not first or not isinstance(first[0], tuple):
            raise ValueError("a generator has to give a tuple, got %r" % (first[:1],))
