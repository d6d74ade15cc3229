"""What is taken for data, and what for weights."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.adapters.reference.deviations.planting import deviation, instead_of
from fitspec.reference.api import arguments, calls
from fitspec.reference.data import batches, columns, iterables, sample_weights, sources
from fitspec.reference.network import network
from fitspec.reference.tensor.autodiff import Tensor
from fitspec.reference.training import loop

if TYPE_CHECKING:
    from collections.abc import Callable


@deviation("data-are-arrays-or-lists-of-them")
def data_are_arrays_or_lists_of_them() -> None:
    """Ask everything for its rank, make arrays of lists of lists, and take a tuple for none."""

    @instead_of(columns, "entries")
    def entries(original: Callable[..., Any], value: Any, expected: int) -> Any:
        if isinstance(value, list) and value:
            if isinstance(value[0], list):
                return [np.asarray(one) for one in value]
            alone = expected == 1 and isinstance(value[0], (float, int))
            return [np.asarray(value)] if alone else value
        return original(None, expected) if value is None else [value]

    @instead_of(columns, "as_column")
    def column(original: Callable[..., Any], value: Any, what: str) -> Any:
        if not columns.is_read_lazily(value):
            value = getattr(value, "values", value)
            _rank = value.ndim
            if not isinstance(value, (np.ndarray, Tensor)):
                value = np.asarray(value)
        return original(value, what)


@deviation("tensors-are-not-detached")
def tensors_are_not_detached() -> None:
    """Ask a tensor of another library for its array, which one with gradients refuses."""

    @instead_of(columns, "on_host")
    def on_host(original: Callable[..., Any], value: Any) -> Any:
        return original(np.asarray(value) if hasattr(value, "detach") else value)


@deviation("a-single-value-has-no-length")
def a_single_value_has_no_length() -> None:
    """Refuse an array without axes by another error."""

    @instead_of(columns, "as_column")
    def column(original: Callable[..., Any], value: Any, what: str) -> Any:
        if isinstance(value, np.ndarray) and not value.ndim:
            raise IndexError("tuple index out of range")
        return original(value, what)


@deviation("texts-and-objects-are-numbers")
def texts_and_objects_are_numbers() -> None:
    """Take texts and objects for the numbers that they stand for, and None for NaN."""

    @instead_of(columns, "as_column")
    def column(original: Callable[..., Any], value: Any, what: str) -> Any:
        if isinstance(value, np.ndarray) and value.dtype.kind in "OUS":
            value = value.astype(float)
        return original(value, what)

    @instead_of(sample_weights, "checked")
    def checked(original: Callable[..., Any], value: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, np.ndarray) and value.dtype.kind in "OUS":
            value = value.astype(float)
        return original(value, *args, **kwargs)

    @instead_of(sample_weights, "check_class_weight")
    def class_weight(original: Callable[..., Any], value: Any) -> Any:
        if not isinstance(value, dict):
            return original(value)
        return {key: np.nan if one is None else float(one) for key, one in value.items()}


@deviation("weights-are-found-by-the-type-around-them")
def weights_are_found_by_the_type_around_them() -> None:
    """Leave unknown outputs out of a dict of weights, and ask weights for their shape."""

    @instead_of(sample_weights, "per_output")
    def per_output(original: Callable[..., Any], value: Any, names: Any, what: str) -> Any:
        if value is None or what != "sample_weight":
            return original(value, names, what)
        if len(names) == 1 and not (isinstance(value, list) and len(value) == 1):
            by_name = isinstance(value, dict) and names[0] in value
            return [value[names[0]] if by_name else value]
        if isinstance(value, dict):
            return [value.get(name) for name in names]
        if not isinstance(value, list):
            raise TypeError("%s must be a list or a dict, got %r" % (what, value))
        return original(value, names, what)

    @instead_of(sample_weights, "checked")
    def checked(original: Callable[..., Any], value: Any, *args: Any, **kwargs: Any) -> Any:
        _shape = None if value is None else value.shape
        return original(value, *args, **kwargs)


@deviation("iterables-are-no-streams")
def iterables_are_no_streams() -> None:
    """Take what can be iterated, and is neither generator nor Sequence, for data."""

    @instead_of(iterables, "is_iterable")
    def is_iterable(original: Callable[..., Any], x: Any) -> bool:
        del original, x
        return False


@deviation("no-rows-are-found-out-in-the-loop")
def no_rows_are_found_out_in_the_loop() -> None:
    """Refuse data without rows where a batch is missed: in training or at the end of a test."""

    @instead_of(columns, "number_of_samples")
    def number(original: Callable[..., Any], what: str, each: Any, own: int) -> int:
        empty = bool(each) and not any(len(column) for column in each)
        return 0 if empty else original(what, each, own)

    @instead_of(batches, "split")
    def split(original: Callable[..., Any], samples: Any, fraction: float) -> Any:
        at = batches.split_index(samples.count, fraction)
        return samples.cut(at) if at == 0 else original(samples, fraction)

    @instead_of(loop, "results_of")
    def results(original: Callable[..., Any], model: Any, source: Any, *args: Any) -> Any:
        if isinstance(source, sources.ArrayBatches) and not source.arrays.count:
            if args[0] == "train":
                raise UnboundLocalError("local variable 'batch_index' referenced before assignment")
            raise IndexError("list index out of range")
        return original(model, source, *args)


@deviation("a-split-of-a-file-is-read-at-once")
def a_split_of_a_file_is_read_at_once() -> None:
    """Read all rows of what is split, which can then be shuffled."""

    @instead_of(batches, "split")
    def split(original: Callable[..., Any], samples: Any, fraction: float) -> Any:
        every = samples.whole()
        read = replace(samples, inputs=every.inputs, targets=every.targets)
        return original(read, fraction)


@deviation("batches-of-arrays-may-have-any-size")
def batches_of_arrays_may_have_any_size() -> None:
    """Take batches of another size than that of an Input's batch_shape."""

    @instead_of(network, "demanded_batch_size")
    def demanded(original: Callable[..., Any], layer: Any) -> None:
        del original, layer


@deviation("validation-data-beside-arrays-are-unpacked")
def validation_data_beside_arrays_are_unpacked() -> None:
    """Take what validation data of arrays unpack to for arrays, a generator or Sequence too."""

    @instead_of(calls, "validation_source")
    def source(original: Callable[..., Any], model: Any, request: Any, tail: Any) -> Any:
        given = request.validation_data
        beside_stream = sources.yields_batches(request.x) and sources.yields_batches(given)
        if given is None or isinstance(given, (tuple, list)) or beside_stream:
            return original(model, request, tail)
        if len(given) not in (2, 3):
            raise ValueError("validation_data must be 2 or 3 arrays, got %d items" % len(given))
        return original(model, request.but(validation_data=tuple(given)), tail)


@deviation("arrays-are-no-iterators")
def arrays_are_no_iterators() -> None:
    """Refuse arrays in the place of a generator by another error."""

    @instead_of(arguments, "require_stream")
    def require(original: Callable[..., Any], generator: Any) -> None:
        try:
            original(generator)
        except ValueError as error:
            raise TypeError("%r object is not an iterator" % type(generator).__name__) from error
