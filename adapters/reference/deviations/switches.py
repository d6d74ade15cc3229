"""What is taken for a number or switch among the arguments of fit, and what callbacks are told."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.adapters.reference.deviations.planting import (
    deviation,
    instead_of,
    property_instead_of,
)
from fitspec.reference.api import arguments, calls, compiled, get_layer, methods
from fitspec.reference.callbacks import progress
from fitspec.reference.data import sources
from fitspec.reference.training import loop

if TYPE_CHECKING:
    from collections.abc import Callable


@deviation("any-shuffle-is-a-truth-value")
def any_shuffle_is_a_truth_value() -> None:
    """Take every value of shuffle but "batch" for true or false."""

    @instead_of(arguments, "shuffling")
    def shuffling(original: Callable[..., Any], value: Any) -> Any:
        return original(value if isinstance(value, str) and value == "batch" else bool(value))


@deviation("any-verbose-is-taken")
def any_verbose_is_taken() -> None:
    """Print nothing for a value of verbose that is none."""

    @instead_of(arguments, "verbosity")
    def verbosity(original: Callable[..., Any], value: Any) -> Any:
        try:
            return original(value)
        except ValueError:
            return 0


@deviation("epochs-below-zero-are-run")
def epochs_below_zero_are_run() -> None:
    """Begin with an epoch of any index."""

    @instead_of(arguments, "whole_number")
    def number(original: Callable[..., Any], value: Any, what: str, minimum: Any = None) -> Any:
        return original(value, what, None if what == "initial_epoch" else minimum)


@deviation("a-split-out-of-range-is-none")
def a_split_out_of_range_is_none() -> None:
    """Take a validation_split that is not between 0 and 1 for none."""

    @instead_of(arguments, "validation_fraction")
    def fraction(original: Callable[..., Any], value: Any) -> Any:
        return original(value) if value and 0 < value < 1 else 0.0


@deviation("no-steps-are-none-given")
def no_steps_are_none_given() -> None:
    """Take 0 for a number of steps that was not given."""

    @instead_of(arguments, "steps_of")
    def steps(original: Callable[..., Any], value: Any, what: str) -> Any:
        return original(value or None, what)


@deviation("a-bar-needs-a-batch")
def a_bar_needs_a_batch() -> None:
    """Fail in the progress bar where an epoch has no batch, or one cannot count its batches."""

    @instead_of(calls, "fit")
    def fit(original: Callable[..., Any], model: Any, request: Any) -> Any:
        steps = request.steps_per_epoch
        if steps is None and sources.is_sequence(request.x):
            steps = len(request.x)
        if request.verbose and steps == math.inf:
            raise OverflowError("cannot convert float infinity to integer")
        if request.verbose and steps is not None and not steps > 0:
            raise AttributeError("'ProgbarLogger' object has no attribute 'log_values'")
        return original(model, request)


@deviation("steps-are-a-range")
def steps_are_a_range() -> None:
    """Refuse a number of steps that is no integer by another error."""

    @instead_of(arguments, "steps_of")
    def steps(original: Callable[..., Any], value: Any, what: str) -> Any:
        if isinstance(value, float) and value > 0:
            raise TypeError("'float' object cannot be interpreted as an integer")
        return original(value, what)


@deviation("batch-sizes-are-of-pythons-int")
def batch_sizes_are_of_pythons_int() -> None:
    """Refuse a batch size of any other type, with another error."""

    @instead_of(arguments, "batch_size_of")
    def size(original: Callable[..., Any], value: Any, *args: Any) -> Any:
        if value is not None and type(value) is not int:
            raise ValueError("batch_size must be an int, not %r" % (value,))
        return original(value, *args)


@deviation("callbacks-are-added-to-a-list")
def callbacks_are_added_to_a_list() -> None:
    """Have fit take a list of callbacks, and nothing else; what is in it is asked later."""

    @instead_of(calls, "fit")
    def fit(original: Callable[..., Any], model: Any, request: Any) -> Any:
        if request.callbacks and not isinstance(request.callbacks, list):
            raise TypeError("callbacks must be a list, not %r" % type(request.callbacks).__name__)
        for one in request.callbacks or ():
            _methods = one.set_params, one.set_model
        return original(model, request)


@deviation("samples-are-counted-in-a-header")
def samples_are_counted_in_a_header() -> None:
    """Print how many samples are trained on, and how many validated, before the first epoch."""

    @instead_of(calls, "fit")
    def fit(original: Callable[..., Any], model: Any, request: Any) -> Any:
        vars(model)["header"] = bool(request.verbose)
        return original(model, request)

    @instead_of(loop, "train")
    def train(
        original: Callable[..., Any], model: Any, source: Any, validation: Any, *args: Any
    ) -> None:
        validated = None if validation is None else validation.source.samples
        # Of a generator or Sequence nobody counts them, and this is about arrays.
        if vars(model).pop("header", False) and source.samples and validated is not None:
            counts = source.samples, validated
            sys.stdout.write("Train on %d samples, validate on %d samples\n" % counts)
        original(model, source, validation, *args)


@deviation("training-values-are-of-numpy")
def training_values_are_of_numpy() -> None:
    """Put the loss of an epoch into its logs as a number of NumPy, and metrics as arrays."""
    _make_numbers_of_numpy(np.asarray)


@deviation("training-values-are-numbers-of-numpy")
def training_values_are_numbers_of_numpy() -> None:
    """Put the loss of an epoch into its logs as a number of NumPy, and metrics as shorter ones."""
    _make_numbers_of_numpy(np.float32)


def _make_numbers_of_numpy(metric: Callable[[float], Any]) -> None:
    @instead_of(loop, "train_epoch")
    def epoch(original: Callable[..., Any], *args: Any) -> dict[str, Any]:
        logs = original(*args)
        return {
            name: np.float64(value) if name == "loss" else metric(value)
            for name, value in logs.items()
        }

    @instead_of(progress, "written")
    def written(original: Callable[..., Any], logs: Any) -> Any:
        return original(
            {
                name: float(one) if isinstance(one, (np.ndarray, np.float32)) else one
                for name, one in logs.items()
            }
        )


@deviation("a-negative-index-is-pythons-own")
def a_negative_index_is_pythons_own() -> None:
    """Refuse an index in front of the first layer as a list does."""

    @instead_of(get_layer.Layered, "layer_at")
    def layer_at(original: Callable[..., Any], self: Any, index: int) -> Any:
        if index < 0:
            return self.layers[index]
        return original(self, index)


@deviation("name-and-index-of-a-layer-exclude-each-other")
def name_and_index_of_a_layer_exclude_each_other() -> None:
    """Refuse to look for a layer by name and index."""

    @instead_of(get_layer.Layered, "get_layer")
    def layer(original: Callable[..., Any], self: Any, name: Any = None, index: Any = None) -> Any:
        if name is not None and index is not None:
            raise ValueError("give a name or an index, not both: %r, %r" % (name, index))
        return original(self, name, index)


@deviation("what-was-not-compiled-is-a-value-error")
def what_was_not_compiled_is_a_value_error() -> None:
    """Refuse to train or test what was not compiled by another error."""

    @property_instead_of(compiled.Compiled, "plan")
    def plan(original: Callable[..., Any], self: Any) -> Any:
        try:
            return original(self)
        except RuntimeError as error:
            raise ValueError(*error.args) from error


@deviation("predict-draws-a-bar")
def predict_draws_a_bar() -> None:
    """Have predict draw a bar unless it is told otherwise."""

    @instead_of(methods.Trainable, "predict")
    def predict(original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> Any:
        return original(self, *args, **{"verbose": 1, **kwargs})
