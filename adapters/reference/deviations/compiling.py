"""What compile makes of its arguments."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.adapters.reference.deviations.planting import deviation, instead_of
from fitspec.reference.api import calls, compiled, compiling
from fitspec.reference.data import feeding, outputs
from fitspec.reference.losses import base
from fitspec.reference.metrics import averages, suited
from fitspec.reference.network import compiled_network
from fitspec.reference.tensor.autodiff import as_tensor
from fitspec.reference.training import engine, loop

if TYPE_CHECKING:
    from collections.abc import Callable


@deviation("unknown-modes-are-none")
def unknown_modes_are_none() -> None:
    """Take every other mode than "temporal" for None."""

    def known(mode: Any) -> Any:
        return mode if mode == "temporal" else None

    @instead_of(compiling, "temporal_per_output")
    def temporal(original: Callable[..., Any], argument: Any, names: Any) -> Any:
        if isinstance(argument, Mapping):
            return original({name: known(mode) for name, mode in argument.items()}, names)
        if isinstance(argument, list):
            return original([known(mode) for mode in argument], names)
        return original(known(argument), names)


@deviation("compile-needs-a-loss")
def compile_needs_a_loss() -> None:
    """Have compile refuse what fit cannot train, by outputs without a loss."""

    @instead_of(compiling, "resolve")
    def resolve(original: Callable[..., Any], *args: Any) -> Any:
        plan = original(*args)
        if all(output.loss is None for output in plan.outputs):
            raise ValueError("loss: there is none, so nothing can be trained")
        return plan


@deviation("loss-weights-that-are-neither-list-nor-dict-are-a-type-error")
def loss_weights_that_are_neither_list_nor_dict_are_a_type_error() -> None:
    """Refuse one number for loss_weights by another error."""

    @instead_of(compiling, "loss_weights_per_output")
    def factors(original: Callable[..., Any], argument: Any, names: Any) -> Any:
        if argument is not None and not isinstance(argument, (list, Mapping)):
            raise TypeError("loss_weights must be a list or a dict, not %r" % (argument,))
        return original(argument, names)


@deviation("no-metrics-in-a-dict-are-an-unknown-metric")
def no_metrics_in_a_dict_are_an_unknown_metric() -> None:
    """Look up the None that a dict of metrics has for an output, as if it were a name."""

    @instead_of(compiling, "metrics_per_output")
    def metrics(original: Callable[..., Any], argument: Any, names: Any, what: str) -> Any:
        if isinstance(argument, Mapping) and None in argument.values():
            raise ValueError("%s: there is no metric None" % what)
        return original(argument, names, what)


@deviation("no-metrics-of-an-only-output-are-an-unknown-metric")
def no_metrics_of_an_only_output_are_an_unknown_metric() -> None:
    """Look up the None that a dict or list of metrics has for a single output."""

    @instead_of(compiling, "metrics_per_output")
    def metrics(original: Callable[..., Any], argument: Any, names: Any, what: str) -> Any:
        given = argument.values() if isinstance(argument, Mapping) else compiling.listed(argument)
        if len(names) == 1 and None in given:
            raise ValueError("%s: there is no metric None" % what)
        return original(argument, names, what)


@deviation("metrics-are-not-copied")
def metrics_are_not_copied() -> None:
    """Give one object for a metric to every output that it is listed for."""

    @instead_of(compiling, "resolve_metrics")
    def metrics(
        original: Callable[..., Any], identifiers: Any, loss: Any, position: int, *args: Any
    ) -> Any:
        del position  # outputs behind the first have copies
        return original(identifiers, loss, 0, *args)


@deviation("nan-is-a-loss-weight")
def nan_is_a_loss_weight() -> None:
    """Take NaN for a loss weight."""

    @instead_of(compiling, "loss_weights_per_output")
    def factors(original: Callable[..., Any], argument: Any, names: Any) -> Any:
        if not isinstance(argument, (list, tuple, Mapping)):
            return original(argument, names)
        each = outputs.per_output(argument, names, "loss_weights", 1.0)
        found = original([1.0 if _is_nan(one) else one for one in each], names)
        return [math.nan if _is_nan(one) else factor for one, factor in zip(each, found)]


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


@deviation("texts-are-no-factors")
def texts_are_no_factors() -> None:
    """Refuse a text for a loss weight by another error."""
    _refuse_texts(TypeError)


@deviation("texts-are-no-tensors")
def texts_are_no_tensors() -> None:
    """Refuse a text for a loss weight by an error of Theano."""
    _refuse_texts(type("AsTensorError", (TypeError,), {}))


def _refuse_texts(kind: type[Exception]) -> None:
    @instead_of(compiling, "loss_weights_per_output")
    def factors(original: Callable[..., Any], argument: Any, names: Any) -> Any:
        if any(isinstance(one, str) for one in compiling.listed(argument)):
            raise kind("loss_weights: a text cannot be multiplied: %r" % (argument,))
        return original(argument, names)


@deviation("no-loss-is-a-loss-of-zero")
def no_loss_is_a_loss_of_zero() -> None:
    """Train a model without a loss, by nothing."""

    def has_none(plan: Any) -> bool:
        return all(output.loss is None for output in plan.outputs)

    @instead_of(compiled_network.CompiledNetwork, "require_engine")
    def require(original: Callable[..., Any], self: Any) -> None:
        if not has_none(self.plan) or "refused" in vars(self.plan):
            original(self)

    @instead_of(engine, "total_loss")
    def total(original: Callable[..., Any], each: Any) -> Any:
        return original(each) if each else as_tensor(np.zeros((), "float32"))

    @instead_of(feeding, "samples_of")
    def samples(original: Callable[..., Any], feed: Any, x: Any, y: Any, *args: Any) -> Any:
        return original(feed, x, y if any(feed.targets) else None, *args)

    @instead_of(loop, "train_step")
    def step(original: Callable[..., Any], model: Any, batch: Any) -> Any:
        return loop.test_step(model, batch) if has_none(model.plan) else original(model, batch)


@deviation("losses-in-a-dict-are-of-all-outputs")
def losses_in_a_dict_are_of_all_outputs() -> None:
    """Refuse a dict of losses that leaves an output out."""

    @instead_of(compiling, "losses_per_output")
    def losses(original: Callable[..., Any], argument: Any, names: Any) -> Any:
        if isinstance(argument, Mapping) and set(argument) != set(names):
            raise ValueError("loss: expected an entry for each of %r" % (names,))
        return original(argument, names)


@deviation("metrics-look-for-targets-first")
def metrics_look_for_targets_first() -> None:
    """Refuse targets in a dict that leave an output out as metrics do, where there are some."""

    @instead_of(compiling, "resolve")
    def resolve(original: Callable[..., Any], names: Any, vocabulary: Any, given: Any) -> Any:
        plan = original(names, vocabulary, given)
        vars(plan)["has_metrics"] = bool(given.metrics or given.weighted_metrics)
        return plan

    @instead_of(calls, "arrays_of")
    def arrays(original: Callable[..., Any], model: Any, request: Any) -> Any:
        missing = isinstance(request.y, Mapping) and set(model.output_names) - set(request.y)
        if missing and len(model.output_names) > 1 and vars(model.plan).get("has_metrics"):
            raise KeyError(*sorted(missing)[:1])
        return original(model, request)


@deviation("metrics-of-one-name-are-one")
def metrics_of_one_name_are_one() -> None:
    """Keep of an output's metrics of one name the last, in the place of the first."""

    @instead_of(compiling, "resolve_metrics")
    def metrics(original: Callable[..., Any], *args: Any) -> Any:
        return tuple({metric.name: metric for metric in original(*args)}.values())


@deviation("compile-forgets-momentum")
def compile_forgets_momentum() -> None:
    """Begin what an optimizer remembers of each weight anew, but not its count of updates."""

    @instead_of(compiled.Compiled, "compile")
    def compile_(original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.optimizer._memory.clear()


@deviation("target-tensors-are-made-of-arrays")
def target_tensors_are_made_of_arrays() -> None:
    """Take an array for a target tensor."""

    @instead_of(compiled_network.ArrayVocabulary, "tensor")
    def tensor(original: Callable[..., Any], self: Any, value: Any) -> Any:
        del original  # it takes tensors alone
        return as_tensor(value)


@deviation("accuracy-asks-the-loss-alone")
def accuracy_asks_the_loss_alone() -> None:
    """Take every output for classes in columns, a single column too, unless its loss says so."""
    _ask_the_loss(least=1)


@deviation("accuracy-of-columns-asks-the-loss")
def accuracy_of_columns_asks_the_loss() -> None:
    """Take several columns for classes of one-hot targets, unless the loss says otherwise."""
    _ask_the_loss(least=2)


def _ask_the_loss(least: int) -> None:
    @instead_of(suited, "accuracy_for")
    def accuracy(original: Callable[..., Any], y_true: Any, y_pred: Any, loss: Any) -> Any:
        names = {
            getattr(each, "__name__", each)
            for each in (getattr(loss, "name", ""), getattr(loss, "function", ""))
        }
        if "binary_crossentropy" in names or y_pred.shape[-1] < least:
            return suited.binary_accuracy
        if "sparse_categorical_crossentropy" in names:
            return suited.sparse_categorical_accuracy
        return suited.categorical_accuracy


@deviation("sizes-of-one-are-not-stretched")
def sizes_of_one_are_not_stretched() -> None:
    """Refuse what a metric or a loss compares, or weighs by step, if sizes have to be stretched."""
    _refuse_losses_of_other_steps()

    @instead_of(averages.FunctionMetric, "values")
    def values(original: Callable[..., Any], self: Any, y_true: Any, y_pred: Any) -> Any:
        if not self.function.__name__.startswith("sparse") and y_true.ndim == y_pred.ndim:
            _refuse_other_sizes(y_true.shape, y_pred.shape)
        return original(self, y_true, y_pred)

    @instead_of(averages, "weighted_sum_and_count")
    def counts(original: Callable[..., Any], values: Any, weights: Any, samples: int) -> Any:
        if weights is not None and weights.ndim == values.ndim:
            _refuse_other_sizes(values.shape, weights.shape)
        return original(values, weights, samples)


def _refuse_losses_of_other_steps() -> None:
    @instead_of(compiling, "resolve")
    def resolve(original: Callable[..., Any], *args: Any) -> Any:
        plan = original(*args)
        for output in plan.outputs:
            if output.loss is not None:
                vars(output.loss)["by_step"] = output.temporal
        return plan

    @instead_of(base.FunctionLoss, "call")
    def call(original: Callable[..., Any], self: Any, y_true: Any, y_pred: Any) -> Any:
        found = original(self, y_true, y_pred)
        if vars(self).get("by_step") and found.ndim > 1:
            _refuse_other_sizes(y_pred.shape[:2], found.shape[:2])
        return found


def _refuse_other_sizes(first: Any, second: Any) -> None:
    if first != second:
        raise ValueError("Dimension mismatch; shapes are %r, %r" % (first, second))
