"""How data become data sets of TensorFlow, which are gone through from epoch to epoch."""

from __future__ import annotations

import contextlib
import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.adapters.reference.deviations.containers import InvalidArgumentError
from fitspec.adapters.reference.deviations.generators import take_without_steps
from fitspec.adapters.reference.deviations.planting import deviation, instead_of
from fitspec.adapters.reference.deviations.results import without_a_batch
from fitspec.adapters.reference.deviations.steps import StepsOfArrays
from fitspec.adapters.reference.deviations.validation import take_any_fraction
from fitspec.reference.api import arguments
from fitspec.reference.data import batch_order, batches, columns, feeding, random_source, sources
from fitspec.reference.training import loop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class UnknownError(Exception):
    """What TensorFlow raises in the place of most exceptions of Python."""


@deviation("training-ends-with-its-data")
def training_ends_with_its_data() -> None:
    """Begin no further epoch once data have ended before the last step of one.

    An epoch without a batch has results of 0.
    """
    without_a_batch(lambda: 0.0)

    @instead_of(loop, "train")
    def train(
        original: Callable[..., Any],
        model: Any,
        source: Any,
        validation: Any,
        epochs: Any,
        *args: Any,
    ) -> None:
        vars(model)["epochs_left"] = len(epochs)
        vars(model)["has_data"] = True
        until = itertools.takewhile(lambda _: vars(model)["has_data"], epochs)
        original(model, source, validation, until, *args)

    @instead_of(loop, "train_epoch")
    def epoch(original: Callable[..., Any], model: Any, source: Any, *args: Any) -> Any:
        vars(source).setdefault("epochs", vars(model)["epochs_left"])
        logs = original(model, source, *args)
        vars(model)["has_data"] = not vars(source).get("has_ended")
        return logs


@deviation("passes-of-arrays-follow-each-other")
def passes_of_arrays_follow_each_other() -> None:
    """Cut epochs with a number of steps from as many passes over arrays as there are epochs."""

    @instead_of(StepsOfArrays, "epoch")
    def epoch(original: Callable[..., Any], self: Any) -> Iterator[Any]:
        del original  # it ends with a pass
        state = vars(self)
        passes = state.setdefault("epochs", 1)
        for step in range(self.most):
            if not self._pass and state.setdefault("begun", 0) < passes:
                state["begun"] += 1
                self._pass = batch_order.rows_of_batches(
                    self.arrays.count, self.batch_size, self.shuffle
                )
            if not self._pass:
                state["has_ended"] = step < self.most
                return
            yield self.arrays.batch(self._pass.pop(0))


@deviation("an-epoch-is-within-a-pass")
def an_epoch_is_within_a_pass() -> None:
    """Begin every epoch of a Sequence with a pass, and end it with the pass at the latest."""

    @instead_of(sources.SequenceBatches, "_indices")
    def indices(original: Callable[..., Any], self: Any) -> Any:
        if self._steps is None:
            return original(self)
        length = sources.number_of_batches(self.data)
        if self._steps > length:
            vars(self)["has_ended"] = True
        return sources.order_of_batches(length, shuffle=self.shuffle)[: self._steps]


@deviation("the-end-of-a-generator-is-that-of-its-data")
def the_end_of_a_generator_is_that_of_its_data() -> None:
    """End an epoch with the generator; without a number of steps the first one says how many."""
    take_without_steps()

    @instead_of(sources.IteratorBatches, "epoch")
    def epoch(original: Callable[..., Any], self: Any) -> Iterator[Any]:
        del original  # it refuses
        first = self.steps is None and "most" not in vars(self)
        most = self.steps if self.steps is not None else vars(self).get("most")
        for step in itertools.count() if most is None else range(most):
            try:
                item = next(self._items)
            except StopIteration:
                vars(self)["most"] = step if first else most
                vars(self)["has_ended"] = not first
                return
            yield self.convert(item)


@deviation("the-first-item-is-looked-at")
def the_first_item_is_looked_at() -> None:
    """Make the first item of a generator or Sequence where the method was called, before all else.

    Of a Sequence it is made a second time where it is used.
    """

    @instead_of(sources.IteratorBatches, "__post_init__")
    def begin(original: Callable[..., Any], self: Any) -> None:
        drawn = self.data
        self.peeked = next(drawn)
        self.data = itertools.chain([self.peeked], drawn)
        original(self)

    @instead_of(sources.SequenceBatches, "__post_init__")
    def begin_sequence(original: Callable[..., Any], self: Any) -> None:
        self.peeked = self.data[0]
        original(self)


@deviation("one-item-is-prepared-ahead")
def one_item_is_prepared_ahead() -> None:
    """Prepare one item ahead with one worker that is a thread, whatever max_queue_size says.

    Of several workers the queue holds what they are at, too.
    """

    @instead_of(arguments, "workers_of")
    def workers(original: Callable[..., Any], *args: Any) -> Any:
        found = original(*args)
        if found.count == 1 and not found.processes:
            return sources.Workers(1, 1, processes=False)
        limit = max(1, found.max_queue_size - found.count)
        return sources.Workers(found.count, limit, processes=found.processes)


@deviation("there-has-to-be-a-worker")
def there_has_to_be_a_worker() -> None:
    """Refuse workers=0."""

    @instead_of(arguments, "workers_of")
    def workers_of(original: Callable[..., Any], workers: Any, *args: Any) -> Any:
        if not workers:
            raise ValueError("Expected workers to be positive. Received is %s." % workers)
        return original(workers, *args)


@deviation("batch-shuffles-every-array-by-itself")
def batch_shuffles_every_array_by_itself() -> None:
    """With shuffle="batch" move all batches, and mix each array of one by numbers of its own."""

    @instead_of(batch_order, "order_of_chunks")
    def order(original: Callable[..., Any], count: int, batch_size: int) -> Any:
        del original  # it leaves the smaller one at the end
        return random_source.generator().permutation(-(-count // batch_size)) * batch_size

    @instead_of(sources.ArrayBatches, "epoch")
    def epoch(original: Callable[..., Any], self: Any) -> Iterator[Any]:
        for batch in original(self):
            if self.shuffle == "batch":
                for each in (batch.inputs, batch.targets, batch.weights):
                    each[:] = [one if one is None else _mixed(one) for one in each]
            yield batch


def _mixed(rows: Any) -> Any:
    return rows[random_source.generator().permutation(len(rows))]


@deviation("errors-of-a-source-are-others")
def errors_of_a_source_are_others() -> None:
    """Raise another error, with the message of what a generator or Sequence raised."""

    @contextlib.contextmanager
    def told() -> Iterator[None]:
        try:
            yield
        except (TypeError, ValueError) as error:
            raise InvalidArgumentError("%s: %s" % (type(error).__name__, error)) from error
        except Exception as error:
            raise UnknownError("%s: %s" % (type(error).__name__, error)) from error

    @instead_of(sources, "drawn")
    def drawn(original: Callable[..., Any], *args: Any) -> Iterator[Any]:
        with contextlib.closing(original(*args)) as items:
            yield from _each(items)

    @instead_of(sources.SequenceBatches, "_items")
    def of_sequence(original: Callable[..., Any], self: Any, indices: Any) -> Iterator[Any]:
        with contextlib.closing(original(self, indices)) as items:
            yield from _each(items)

    def _each(items: Any) -> Iterator[Any]:
        while True:
            with told():
                try:
                    item = next(items)
                except StopIteration:
                    return
            yield item


@deviation("shapes-of-items-are-not-compared")
def shapes_of_items_are_not_compared() -> None:
    """Find out in the step that an item does not fit, by another error."""

    class UnfitError(ValueError):
        pass

    for name in ("check_shape", "number_of_samples"):

        @instead_of(columns, name)
        def look(original: Callable[..., Any], *args: Any) -> Any:
            try:
                return original(*args)
            except ValueError as error:
                raise UnfitError(str(error)) from error

    @instead_of(feeding, "naming")
    @contextlib.contextmanager
    def naming(original: Callable[..., Any], item: Any) -> Iterator[None]:
        try:
            with original(item):
                yield
        except ValueError as error:
            if isinstance(error.__cause__, UnfitError):
                raise InvalidArgumentError(str(error)) from error
            raise


@deviation("items-may-be-inputs-alone")
def items_may_be_inputs_alone() -> None:
    """Take what is no tuple or list, or one of one, for inputs without targets."""

    @instead_of(feeding, "pair_or_triple")
    def parts(original: Callable[..., Any], given: Any, what: str) -> Any:
        if isinstance(given, (tuple, list)) and len(given) != 1:
            return original(given, what)
        x = given[0] if isinstance(given, (tuple, list)) else given
        if what == "validation_data" and not hasattr(x, "shape"):
            raise ValueError("no data adapter can handle %r" % type(x).__name__)
        if not hasattr(x, "shape") and not isinstance(x, (dict, list, tuple)):
            raise AttributeError("%r object has no attribute 'shape'" % type(x).__name__)
        return x, None, None


@deviation("tensors-are-read-in-the-step")
def tensors_are_read_in_the_step() -> None:
    """Ask a tensor of another library for its array in the step, which may be refused."""

    @instead_of(columns, "on_host")
    def on_host(original: Callable[..., Any], value: Any) -> Any:
        if not hasattr(value, "detach"):
            return original(value)
        try:
            return original(np.asarray(value))
        except Exception as error:
            raise UnknownError("%s: %s" % (type(error).__name__, error)) from error


@deviation("a-list-is-a-tuple")
def a_list_is_a_tuple() -> None:
    """Take a list for inputs, targets and weights in prediction as well."""

    @instead_of(feeding, "inputs_in")
    def inputs(original: Callable[..., Any], item: Any) -> Any:
        if item is None:
            raise AttributeError("'NoneType' object has no attribute 'shape'")
        return original(tuple(item) if isinstance(item, list) else item)


@deviation("a-split-is-of-arrays")
def a_split_is_of_arrays() -> None:
    """Split nothing but arrays, wherever a fraction says, and neither at the end nor before."""
    take_any_fraction()

    @instead_of(batches, "split")
    def split(original: Callable[..., Any], samples: Any, fraction: float) -> Any:
        if any(map(columns.is_read_lazily, [*samples.inputs, *samples.targets])):
            raise ValueError("validation_split is for tensors and arrays alone")
        at = int(np.floor(samples.count * (1.0 - fraction)))
        if fraction < 0 or at in (0, samples.count):
            raise ValueError("validation_split=%r leaves nothing" % fraction)
        return samples.cut(max(0, samples.count + at) if at < 0 else at)


@deviation("rows-in-any-order-are-asked-of-files")
def rows_in_any_order_are_asked_of_files() -> None:
    """Fail by another error where rows of a file are read in no order."""

    @instead_of(batches, "scattered")
    def scattered(original: Callable[..., Any], *args: Any) -> Any:
        try:
            return original(*args)
        except TypeError as error:
            raise InvalidArgumentError(str(error)) from error
