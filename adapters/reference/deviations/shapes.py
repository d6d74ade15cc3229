"""Which numbers and shapes of arrays are let through, and what is stretched to fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.adapters.reference.deviations.planting import deviation, instead_of
from fitspec.reference.api import calls, methods
from fitspec.reference.data import batches, columns, feeding, sample_weights
from fitspec.reference.losses import base
from fitspec.reference.network import engine
from fitspec.reference.network.engine import ArrayEngine
from fitspec.reference.training import loop

if TYPE_CHECKING:
    from collections.abc import Callable


@deviation("weights-are-stretched-along-steps")
def weights_are_stretched_along_steps() -> None:
    """Multiply losses of samples and steps by weights of samples as if these were of steps."""

    @instead_of(base, "batch_mean")
    def mean(original: Callable[..., Any], values: Any, weights: Any) -> Any:
        if weights is not None and weights.ndim == 1 and values.ndim == 2 and values.shape[1] > 1:
            if len(weights) not in (1, values.shape[1]):
                raise TypeError("incompatible shapes: %r, %r" % (values.shape, weights.shape))
            weights = weights[None]
        return original(values, weights)


@deviation("class-weights-exclude-sample-weights")
def class_weights_exclude_sample_weights() -> None:
    """Refuse class weights beside weights of samples."""

    @instead_of(feeding, "class_weighted")
    def weighted(original: Callable[..., Any], samples: Any, each: Any) -> Any:
        if any(each) and any(one is not None for one in samples.weights):
            raise ValueError("class_weight and sample_weight exclude each other")
        return original(samples, each)


@deviation("class-weights-are-of-one-output")
def class_weights_are_of_one_output() -> None:
    """Refuse class weights for several outputs."""

    @instead_of(feeding, "class_weights_per_output")
    def factors(original: Callable[..., Any], names: Any, class_weight: Any) -> Any:
        if class_weight is not None and len(names) > 1:
            raise ValueError("class_weight is for models with a single output")
        return original(names, class_weight)


@deviation("class-weights-are-not-of-generators")
def class_weights_are_not_of_generators() -> None:
    """Refuse class weights beside a generator."""

    @instead_of(calls, "training_source")
    def source(original: Callable[..., Any], model: Any, request: Any) -> Any:
        if request.class_weight is not None and hasattr(request.x, "__next__"):
            raise ValueError("class_weight is not supported for generators")
        return original(model, request)


@deviation("classes-without-a-weight-have-one")
def classes_without_a_weight_have_one() -> None:
    """Take 1 for the weight of a class that has none, and round what classes are given as."""

    @instead_of(sample_weights, "of_classes")
    def weights(original: Callable[..., Any], targets: Any, class_weight: Any) -> Any:
        classes = np.round(sample_weights.classes_of(np.asarray(targets))).astype("int32")
        return original(classes, {**dict.fromkeys(classes.tolist(), 1.0), **class_weight})


@deviation("class-weights-are-looked-up")
def class_weights_are_looked_up() -> None:
    """Look up nothing but whole numbers among the classes, and make numbers of the factors."""

    @instead_of(sample_weights, "per_output")
    def each(original: Callable[..., Any], value: Any, names: Any, what: str) -> Any:
        if what == "class_weight" and isinstance(value, Mapping) and len(names) == 1:
            return [value]
        return original(value, names, what)

    @instead_of(sample_weights, "check_class_weight")
    def check(original: Callable[..., Any], value: Any) -> Any:
        if not isinstance(value, Mapping):
            return original(value)
        return {key: np.nan if one is None else float(one) for key, one in value.items()}

    @instead_of(sample_weights, "of_classes")
    def weights(original: Callable[..., Any], targets: Any, class_weight: Any) -> Any:
        if np.ndim(targets) > 2:
            raise TypeError("only 0-dimensional arrays can be converted to Python scalars")
        return original(targets, class_weight)


@deviation("an-axis-of-one-is-dropped")
def an_axis_of_one_is_dropped() -> None:
    """Take inputs with a last axis of size 1 too much."""

    @instead_of(columns, "check_shape")
    def check(original: Callable[..., Any], column: Any, port: Any, what: str) -> None:
        shape = tuple(column.shape)
        surplus = what == "x" and len(shape) == len(port.shape) + 2 and shape[-1] == 1
        original(np.empty(shape[:-1], np.int8) if surplus else column, port, what)

    @instead_of(batches, "with_feature_axis")
    def with_axis(original: Callable[..., Any], array: Any, port: Any) -> Any:
        return original(array[..., 0] if array.ndim == len(port.shape) + 2 else array, port)


@deviation("targets-are-compared-as-they-are")
def targets_are_compared_as_they_are() -> None:
    """Compare targets of any shape, by repeating them or the predictions."""

    @instead_of(columns, "check_shape")
    def check(original: Callable[..., Any], column: Any, port: Any, what: str) -> None:
        if what != "y":
            original(column, port, what)


@deviation("surplus-inputs-are-left-out")
def surplus_inputs_are_left_out() -> None:
    """Predict from the first of more inputs than the model has."""

    @instead_of(feeding, "inputs_of")
    def inputs(original: Callable[..., Any], feed: Any, x: Any) -> Any:
        if isinstance(x, (list, tuple)) and len(feed.inputs) > 1:
            x = x[: len(feed.inputs)]
        return original(feed, x)


@deviation("rows-of-one-array-are-targets")
def rows_of_one_array_are_targets() -> None:
    """Take the rows of one array, if there are as many as outputs, for a target each."""

    @instead_of(columns, "columns")
    def found(original: Callable[..., Any], value: Any, ports: Any, what: str) -> Any:
        if what == "y" and isinstance(value, np.ndarray) and len(value) == len(ports) > 1:
            value = [np.repeat(row[None], len(value), axis=0) for row in value]
        return original(value, ports, what)


@deviation("missing-targets-are-a-key-error")
def missing_targets_are_a_key_error() -> None:
    """Refuse too few targets by another error."""

    @instead_of(columns, "columns")
    def found(original: Callable[..., Any], value: Any, ports: Any, what: str) -> Any:
        few = isinstance(value, (list, Mapping)) and len(value) < len(ports)
        try:
            return original(value, ports, what)
        except ValueError as error:
            if what == "y" and few:
                raise KeyError(*error.args) from error
            raise


@deviation("no-data-are-a-key-error")
def no_data_are_a_key_error() -> None:
    """Refuse to train on nothing by another error."""

    @instead_of(calls, "array_training_source")
    def source(original: Callable[..., Any], model: Any, request: Any) -> Any:
        if request.x is None and request.y is None:
            raise KeyError("pop from an empty set")
        return original(model, request)


@deviation("lengths-of-one-batch-are-not-compared")
def lengths_of_one_batch_are_not_compared() -> None:
    """Repeat the only target of a single batch, and subtract others of another length."""

    @instead_of(methods.Trainable, "_on_batch")
    def on_batch(
        original: Callable[..., Any], self: Any, step: Any, data: Any, *args: Any, **kwargs: Any
    ) -> Any:
        x, y, weights = data
        lengths = [len(one) for one in (x, y) if isinstance(one, np.ndarray) and one.ndim]
        if lengths[1:] == [1]:
            data = (x, np.repeat(y, lengths[0], axis=0), weights)
        elif len(set(lengths)) > 1:
            raise TypeError("arrays of %d and %d samples cannot be subtracted" % tuple(lengths))
        return original(self, step, data, *args, **kwargs)


@deviation("batches-leave-no-state")
def batches_leave_no_state() -> None:
    """Forget after each batch what stateful layers keep."""

    @instead_of(ArrayEngine, "predict")
    def predict(original: Callable[..., Any], self: Any, batch: Any) -> Any:
        found = original(self, batch)
        _forget(self.network)
        return found

    for name in ("train_step", "test_step"):

        @instead_of(loop, name)
        def step(original: Callable[..., Any], model: Any, batch: Any) -> Any:
            found = original(model, batch)
            _forget(model)
            return found


def _forget(network: Any) -> None:
    for layer in network.layers:
        layer.reset_states()


@deviation("files-are-read-at-once")
def files_are_read_at_once() -> None:
    """Read all of what is to be read on demand before the first batch."""

    @instead_of(columns, "as_column")
    def column(original: Callable[..., Any], value: Any, what: str) -> Any:
        return original(value[:] if columns.is_read_lazily(value) else value, what)


class ByName(np.ndarray):
    """Weights of samples that came in a dict, whose batches keep the type."""


@deviation("weights-in-a-dict-are-a-key-error")
def weights_in_a_dict_are_a_key_error() -> None:
    """Fail on a batch whose weights of samples came in a dict, with several outputs."""

    @instead_of(feeding, "samples_of")
    def samples(
        original: Callable[..., Any], feed: Any, x: Any, y: Any, sample_weight: Any = None
    ) -> Any:
        found = original(feed, x, y, sample_weight)
        if isinstance(sample_weight, Mapping) and len(feed.names) > 1:
            each = found.weights
            found.weights = [None if one is None else one.view(ByName) for one in each]
        return found

    @instead_of(engine, "compared")
    def compared(original: Callable[..., Any], predictions: Any, batch: Any, *args: Any) -> Any:
        if any(isinstance(one, ByName) for one in batch.weights):
            raise KeyError(0)
        return original(predictions, batch, *args)


@deviation("weights-have-the-form-of-the-targets")
def weights_have_the_form_of_the_targets() -> None:
    """Refuse a dict of weights of samples for a list of targets, a list for a dict, other names."""

    @instead_of(calls, "arrays_of")
    def arrays(original: Callable[..., Any], model: Any, request: Any) -> Any:
        y, weights = request.y, request.sample_weight
        several = len(model.output_names) > 1 and isinstance(weights, (list, tuple, Mapping))
        if several and _form(y) != _form(weights):
            raise ValueError("y and sample_weight do not have the same structure")
        return original(model, request)


def _form(value: Any) -> Any:
    return set(value) if isinstance(value, Mapping) else len(value)


@deviation("lists-are-no-arrays")
def lists_are_no_arrays() -> None:
    """Refuse lists of numbers as data and as weights."""

    @instead_of(columns, "as_column")
    def column(original: Callable[..., Any], value: Any, what: str) -> Any:
        _refuse_lists(value, what)
        return original(value, what)

    @instead_of(sample_weights, "checked")
    def checked(original: Callable[..., Any], value: Any, *args: Any, **kwargs: Any) -> Any:
        _refuse_lists(value, "sample_weight")
        return original(value, *args, **kwargs)


def _refuse_lists(value: Any, what: str) -> None:
    if isinstance(value, (list, tuple)):
        raise ValueError(  # noqa: TRY004  as Keras 3 does
            "%s: expected an array, got a %s" % (what, type(value).__name__)
        )


@deviation("one-array-of-weights-is-for-all-outputs")
def one_array_of_weights_is_for_all_outputs() -> None:
    """Weigh every output by one array of weights of samples."""

    @instead_of(sample_weights, "per_output")
    def each(original: Callable[..., Any], value: Any, names: Any, what: str) -> Any:
        if what == "sample_weight" and isinstance(value, np.ndarray):
            return [value] * len(names)
        return original(value, names, what)
