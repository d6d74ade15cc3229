"""How a loop of Poutyne reads arrays and other sources by data loaders of PyTorch."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.adapters.reference.deviations.generators import take_without_steps
from fitspec.adapters.reference.deviations.planting import deviation, instead_of
from fitspec.adapters.reference.deviations.steps import where_steps_are_given
from fitspec.reference.api import arguments, calls, methods
from fitspec.reference.data import batches, columns, feeding, sources
from fitspec.reference.training import loop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass
class Refused:
    """In the place of a batch: what is wrong with it shows in the step."""

    error: Exception
    size: int = 0


@dataclass
class Unread(sources.Source):
    """Validation data that are not inputs and targets, of which the first batch is refused."""

    steps: int
    read: bool

    def epoch(self) -> Iterator[Any]:  # type: ignore[override]  # as of `CycledArrays`
        """Give what is refused, unless it cannot even be read."""
        error = ValueError("too many values to unpack (expected 2)")
        if not self.read:
            raise error
        yield Refused(error)


@deviation("items-have-two-parts")
def items_have_two_parts() -> None:
    """Unpack every item of a source, and of validation data, into inputs and targets, in a step."""

    @instead_of(feeding, "pair_or_triple")
    def parts(original: Callable[..., Any], given: Any, what: str) -> Any:
        del original, what
        x, y = given
        return x, y, None

    @instead_of(feeding, "training_batch")
    def batch(original: Callable[..., Any], *args: Any) -> Any:
        try:
            return original(*args)
        except Exception as error:  # noqa: BLE001  whatever it is
            return Refused(error)

    @instead_of(calls, "validation_source")
    def source(original: Callable[..., Any], model: Any, request: Any, *args: Any) -> Any:
        given = request.validation_data
        whole = not sources.yields_batches(request.x) and isinstance(given, (tuple, list))
        if not whole or len(given) < 3:
            return original(model, request, *args)
        return Unread(original(model, request.but(validation_data=given[:2]), *args).steps, True)

    for name in ("train_step", "test_step"):

        @instead_of(loop, name)
        def step(original: Callable[..., Any], model: Any, batch: Any) -> Any:
            if isinstance(batch, Refused):
                raise batch.error
            return original(model, batch)


@deviation("a-tuple-has-all-inputs")
def a_tuple_has_all_inputs() -> None:
    """Take a tuple, in prediction, for as many inputs."""

    @instead_of(feeding, "inputs_in")
    def inputs(original: Callable[..., Any], item: Any) -> Any:
        del original
        return list(item) if isinstance(item, tuple) else item

    @instead_of(feeding, "inputs_of")
    def fitting(original: Callable[..., Any], feed: Any, x: Any) -> Any:
        count = len(x) if isinstance(x, (list, tuple)) else 1
        if count != len(feed.inputs):
            few = count < len(feed.inputs)
            raise TypeError("missing a required argument" if few else "too many positional")
        return original(feed, x)


@dataclass
class Named:
    """In the place of samples that came in a dict, of which no row can be read."""

    count: int
    inputs = targets = (None,)

    def batch(self, rows: Any) -> Any:
        """Read the first row."""
        del rows
        raise KeyError(0)


def _columns_of(value: Any) -> list[Any]:
    if isinstance(value, (list, tuple)):
        return [column for each in value for column in _columns_of(each)]
    return [value]


@deviation("there-are-no-names")
def there_are_no_names() -> None:
    """Take a dict for an array with a row for each name: a length differs, or there is no row 0."""

    @instead_of(feeding, "samples_of")
    def samples(original: Callable[..., Any], feed: Any, x: Any, y: Any, *args: Any) -> Any:
        if not isinstance(x, Mapping) and not isinstance(y, Mapping):
            return original(feed, x, y, *args)
        columns = [column for each in (x, y) for column in _columns_of(each)]
        if len(set(map(len, columns))) > 1:
            raise AssertionError("lengths differ")
        return Named(len(columns[0]))

    @instead_of(feeding, "inputs_of")
    def inputs(original: Callable[..., Any], feed: Any, x: Any) -> Any:
        if isinstance(x, Mapping):
            raise KeyError(0)
        return original(feed, x)


@deviation("a-module-finds-out")
def a_module_finds_out() -> None:
    """Find out in the module that inputs do not fit, and repeat targets or predictions."""

    @instead_of(columns, "check_shape")
    def check(original: Callable[..., Any], column: Any, port: Any, what: str) -> None:
        shape, wanted = column.shape[1:] or column.shape, port.shape
        if what == "x" and column.dtype == np.float64:
            raise RuntimeError(
                "expected m1 and m2 to have the same dtype, but got: double != float"
            )
        if what == "x" and wanted and shape[-1] != wanted[-1]:
            raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")
        if what == "x":
            original(np.empty((1, *wanted), np.int8), port, what)

    @instead_of(batches, "with_feature_axis")
    def axis(original: Callable[..., Any], array: Any, port: Any) -> Any:
        return original(array, port) if array.shape == (1,) else array


@deviation("a-source-is-read-where-it-is-used")
def a_source_is_read_where_it_is_used() -> None:
    """Read sources on the main thread, in order, again from the beginning where they end."""

    @instead_of(arguments, "workers_of")
    def workers(original: Callable[..., Any], *args: Any) -> Any:
        del original, args
        return sources.Workers(0, 0, processes=False)

    @instead_of(sources, "order_of_batches")
    def order(original: Callable[..., Any], length: int, *, shuffle: bool) -> Any:
        del shuffle
        return original(length, shuffle=False)

    @instead_of(sources.SequenceBatches, "end_epoch")
    def end(original: Callable[..., Any], self: Any) -> None:
        del original, self  # nobody tells it

    take_without_steps()

    @instead_of(calls, "stream")
    def stream(original: Callable[..., Any], *args: Any, **how: Any) -> Any:
        return original(*args, **{**how, "anew": True})

    @instead_of(sources.IteratorBatches, "epoch")
    def epoch(original: Callable[..., Any], self: Any) -> Iterator[Any]:
        if self.steps is None:
            yield from map(self.convert, self._items)
        else:
            yield from original(self)


@deviation("no-batch-size-is-no-batch")
def no_batch_size_is_no_batch() -> None:
    """Take a batch_size of None for single samples."""

    @instead_of(arguments, "batch_size_of")
    def size(original: Callable[..., Any], value: Any, *args: Any) -> Any:
        return 1 if value is None else original(value, *args)

    for name in ("fit", "evaluate", "predict"):

        @instead_of(methods.Trainable, name)
        def method(original: Callable[..., Any], self: Any, x: Any, *args: Any, **how: Any) -> Any:
            given = {} if sources.yields_batches(x) else {"batch_size": 32}
            return original(self, x, *args, **{**given, **how})


@deviation("fractions-of-steps-are-a-type-error")
def fractions_of_steps_are_a_type_error() -> None:
    """Refuse a number of steps that is no integer by another error."""

    @instead_of(arguments, "steps_of")
    def steps(original: Callable[..., Any], value: Any, what: str) -> Any:
        if isinstance(value, float):
            raise TypeError("'float' object cannot be interpreted as an integer")
        return original(value, what)


@deviation("data-are-arrays-of-numbers")
def data_are_arrays_of_numbers() -> None:
    """Refuse by another error what no tensor is made of: lists, texts and tensors of others."""

    @instead_of(columns, "as_column")
    def column(original: Callable[..., Any], value: Any, what: str) -> Any:
        is_file = columns.is_read_lazily(value) and not hasattr(value, "detach")
        if not is_file and not isinstance(value, np.ndarray):
            raise TypeError("expected a tensor, got %s" % type(value).__name__)
        if value.dtype.kind not in "biuf":
            raise TypeError("can't convert np.ndarray of type %s" % value.dtype)
        return original(value, what)


@deviation("every-shuffle-is-a-switch")
def every_shuffle_is_a_switch() -> None:
    """Take every value of shuffle for true or false, and read shuffled rows one by one."""

    @instead_of(arguments, "shuffling")
    def shuffling(original: Callable[..., Any], value: Any) -> Any:
        return original(bool(value))

    @instead_of(batches, "scattered")
    def scattered(original: Callable[..., Any], column: Any, rows: Any, port: Any) -> Any:
        del original, port
        return np.stack([column[int(row)] for row in rows])


@dataclass
class CycledArrays(sources.ArrayBatches):
    """Cuts arrays into batches, again and again, of which an epoch has some."""

    most: int

    def __post_init__(self) -> None:
        """Count samples, and the batches of an epoch."""
        super().__post_init__()
        self.steps = self.most

    def epoch(self) -> Iterator[Any]:  # type: ignore[override]  # it is closed by nobody
        """Give the first batches of passes that follow each other."""
        passes = (super(CycledArrays, self).epoch() for _ in itertools.count())
        yield from itertools.islice(itertools.chain.from_iterable(passes), self.most)


@deviation("steps-go-on-in-a-circle")
def steps_go_on_in_a_circle() -> None:
    """Cut as many batches from arrays as there are steps, beginning anew where the arrays end."""

    @where_steps_are_given
    def cut(samples: Any, request: Any, what: str, steps: int, shuffle: Any) -> Any:
        del what
        return CycledArrays(samples, arguments.batch_size_of(request.batch_size), shuffle, steps)


@deviation("validation-data-of-streams-are-streams")
def validation_data_of_streams_are_streams() -> None:
    """Validate generators and Sequences on items, of a tuple too, and arrays on no source."""

    @instead_of(calls, "validation_source")
    def source(original: Callable[..., Any], model: Any, request: Any, tail: Any) -> Any:
        given, streams = request.validation_data, sources.yields_batches(request.x)
        if streams and isinstance(given, (tuple, list)):
            steps = request.validation_steps or len(given)
            convert = calls.reader(model, None)
            return sources.IteratorBatches(itertools.cycle(given), steps, request.workers, convert)
        if given is None or streams or not sources.yields_batches(given):
            return original(model, request, tail)
        if hasattr(given, "__next__"):
            raise TypeError("object of type 'generator' has no len()")
        if not hasattr(given, "__getitem__"):
            raise ValueError("validation_data must be arrays")
        return _rows_of_items(original, model, request, tail)

    @instead_of(calls, "stream_of_x")
    def stream(original: Callable[..., Any], request: Any, *args: Any, **how: Any) -> Any:
        if request.y is not None and hasattr(request.x, "__next__"):
            raise TypeError("object of type 'generator' has no len()")
        if request.y is not None:
            raise AssertionError("lengths differ")
        return original(request, *args, **how)


def _rows_of_items(original: Callable[..., Any], model: Any, request: Any, tail: Any) -> Any:
    """Take the items of a Sequence for columns of samples, or an only one for two samples."""
    items = [request.validation_data[at] for at in range(len(request.validation_data))]
    if len(items) > 1:
        lengths = {len(column) for item in items for column in _columns_of(item)}
        if len(lengths) > 1:
            raise AssertionError("lengths differ")
        return Unread(1, read=True)
    shapes = {getattr(column, "shape", None) for column in items[0]}
    if len(items[0]) == 2 and len(shapes) == 1 and None not in shapes:
        whole = request.but(validation_data=items[0], batch_size=len(items[0][0]))
        return original(model, whole, tail)
    return Unread(1, read=False)
