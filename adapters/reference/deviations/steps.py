"""What steps mean for arrays, Sequences and generators, and in which order samples come."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.adapters.reference.deviations.planting import deviation, instead_of
from fitspec.reference.api import arguments, calls
from fitspec.reference.data import batch_order, random_source, sources
from fitspec.reference.training import loop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass
class StepsOfArrays(sources.ArrayBatches):
    """Cuts arrays into batches, of which an epoch has some, up to the end of a pass.

    Attributes:
        most: Number of batches of an epoch, unless a pass ends before.
        anew: Whether every epoch begins a pass.

    """

    most: int
    anew: bool

    def __post_init__(self) -> None:
        """Count samples and batches."""
        super().__post_init__()
        self._pass: list[Any] = []

    def epoch(self) -> Iterator[Any]:  # type: ignore[override]  # it is closed by nobody
        """Give the next batches of the pass."""
        if self.anew or not self._pass:
            shuffle = self.shuffle
            self._pass = batch_order.rows_of_batches(self.arrays.count, self.batch_size, shuffle)
        rows, self._pass = self._pass[: self.most], self._pass[self.most :]
        yield from map(self.arrays.batch, rows)


def where_steps_are_given(cut: Callable[..., Any]) -> None:
    """Have a function cut arrays into batches where a call has a number of steps.

    It is called with the samples, the request, the argument's name, the steps, and shuffle.
    """

    @instead_of(calls, "array_source")
    def source(original: Callable[..., Any], samples: Any, *args: Any) -> Any:
        _, request, what, *given = args
        steps = arguments.steps_of(getattr(request, what), what)
        if steps is None:
            return original(samples, *args)
        return cut(samples, request, what, steps, given[0] if given else False)


@deviation("steps-divide-the-samples")
def steps_divide_the_samples() -> None:
    """Divide arrays into as many batches as there are steps, unless there is a batch size."""

    @where_steps_are_given
    def cut(samples: Any, request: Any, what: str, steps: int, shuffle: Any) -> Any:
        size = arguments.batch_size_of(request.batch_size or math.ceil(samples.count / steps))
        return StepsOfArrays(samples, size, shuffle, steps, what != "steps_per_epoch")


@deviation("an-epoch-ends-with-a-pass")
def an_epoch_ends_with_a_pass() -> None:
    """Let no epoch of a Sequence go on from one pass to the next: it is shorter then."""

    @instead_of(sources.SequenceBatches, "_indices")
    def indices(original: Callable[..., Any], self: Any) -> Any:
        if self._steps is None:
            return original(self)
        length = sources.number_of_batches(self.data)
        if self._position == 0:
            self.order = sources.order_of_batches(length, shuffle=self.shuffle)
        first, last = self._position, min(self._position + self._steps, length)
        self._position = 0 if self.anew or last == length else last
        return self.order[first:last]


@deviation("batch-shuffles-inside-of-batches")
def batch_shuffles_inside_of_batches() -> None:
    """Leave batches where they are with shuffle="batch", and mix each of them."""

    @instead_of(batch_order, "rows_of_batches")
    def rows(original: Callable[..., Any], count: int, batch_size: int, shuffle: Any) -> Any:
        if shuffle != "batch":
            return original(count, batch_size, shuffle)
        mixed = random_source.generator().permutation
        return [
            each.start + mixed(each.stop - each.start)
            for each in original(count, batch_size, False)
        ]


@deviation("shuffling-has-a-source-of-its-own")
def shuffling_has_a_source_of_its_own() -> None:
    """Shuffle samples by random numbers that `numpy.random.seed` has no effect on."""
    own = np.random.default_rng()

    @instead_of(batch_order, "order_of_samples")
    def order(original: Callable[..., Any], count: int) -> Any:
        del original
        return own.permutation(count)


@deviation("items-are-drawn-where-they-are-used")
def items_are_drawn_where_they_are_used() -> None:
    """Draw from generators and Sequences on the main thread."""

    @instead_of(arguments, "workers_of")
    def workers(original: Callable[..., Any], *args: Any) -> Any:
        del original, args
        return sources.Workers(0, 0, processes=False)


@deviation("two-items-of-a-generator-are-looked-at-ahead")
def two_items_of_a_generator_are_looked_at_ahead() -> None:
    """Draw two items of a generator at once; in every validation these two come first."""

    @instead_of(sources.IteratorBatches, "__post_init__")
    def begin(original: Callable[..., Any], self: Any) -> None:
        original(self)
        drawn = self.data
        self.first = list(itertools.islice(drawn, 2))
        self._items = sources.drawn(itertools.chain(self.first, drawn), self.workers)
        self.begun = False

    @instead_of(calls, "validation_source")
    def source(original: Callable[..., Any], *args: Any) -> Any:
        found = original(*args)
        if isinstance(found, sources.IteratorBatches):
            vars(found)["anew"] = True
        return found

    @instead_of(sources.IteratorBatches, "epoch")
    def epoch(original: Callable[..., Any], self: Any) -> Iterator[Any]:
        if self.begun and vars(self).get("anew"):
            rest = itertools.chain(self.first, self.data)
            self._items = sources.drawn(rest, self.workers)
        self.begun = True
        yield from original(self)


@deviation("batch-sizes-beside-streams-are-ignored")
def batch_sizes_beside_streams_are_ignored() -> None:
    """Take no notice of batch_size beside a generator or Sequence."""

    @instead_of(calls, "stream_of_x")
    def stream(original: Callable[..., Any], request: Any, *args: Any, **kwargs: Any) -> Any:
        return original(request.but(batch_size=None), *args, **kwargs)


@deviation("the-first-batch-is-tried-before")
def the_first_batch_is_tried_before() -> None:
    """Compute the first batch after compile once more, before callbacks hear of anything."""

    @instead_of(loop, "train")
    def train(original: Callable[..., Any], model: Any, source: Any, *args: Any) -> None:
        _try(model, source)
        original(model, source, *args)

    @instead_of(loop, "test")
    def test(original: Callable[..., Any], model: Any, source: Any, *args: Any) -> Any:
        _try(model, source)
        return original(model, source, *args)

    @instead_of(loop, "single_step")
    def step(original: Callable[..., Any], model: Any, *args: Any, **kwargs: Any) -> Any:
        vars(model.plan)["was_tried"] = True
        return original(model, *args, **kwargs)


def _try(model: Any, source: Any) -> None:
    if vars(model.plan).get("was_tried") or model.is_stateful:
        return
    if isinstance(source, sources.ArrayBatches):
        batch = source.arrays.batch(slice(0, min(source.arrays.count, source.batch_size)))
    elif isinstance(source, sources.SequenceBatches):
        batch = source.convert(source.data[0])
    elif isinstance(source, sources.IteratorBatches) and vars(source).get("first"):
        batch = source.convert(vars(source)["first"][0])
    else:
        return
    model.engine.forward(batch, model.plan.outputs, training=False)
    vars(model.plan)["was_tried"] = True
