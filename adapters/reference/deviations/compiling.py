"""What compile makes of its arguments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fitspec.adapters.reference.deviations.planting import deviation, instead_of
from fitspec.reference.api import compiled, compiling
from fitspec.reference.losses import base
from fitspec.reference.metrics import averages, suited
from fitspec.reference.network import compiled_network
from fitspec.reference.tensor.autodiff import as_tensor

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

    @instead_of(suited, "accuracy_for")
    def accuracy(original: Callable[..., Any], y_true: Any, y_pred: Any, loss: Any) -> Any:
        names = {
            getattr(each, "__name__", each)
            for each in (getattr(loss, "name", ""), getattr(loss, "function", ""))
        }
        if "binary_crossentropy" in names:
            return suited.binary_accuracy
        if "sparse_categorical_crossentropy" in names:
            return suited.sparse_categorical_accuracy
        return suited.categorical_accuracy


@deviation("sizes-of-one-are-not-stretched")
def sizes_of_one_are_not_stretched() -> None:
    """Refuse what a metric or a loss compares, or weighs by step, if sizes have to be stretched."""

    def refuse(first: Any, second: Any) -> None:
        if first != second:
            raise ValueError("Dimension mismatch; shapes are %r, %r" % (first, second))

    @instead_of(averages.FunctionMetric, "values")
    def values(original: Callable[..., Any], self: Any, y_true: Any, y_pred: Any) -> Any:
        if not self.function.__name__.startswith("sparse") and y_true.ndim == y_pred.ndim:
            refuse(y_true.shape, y_pred.shape)
        return original(self, y_true, y_pred)

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
            refuse(y_pred.shape[:2], found.shape[:2])
        return found
