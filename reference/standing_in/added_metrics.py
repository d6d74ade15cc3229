"""Metrics that layers and models add themselves, of what they compute on the way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fitspec.reference.api import get_layer
from fitspec.reference.metrics.base import Metric
from fitspec.reference.network.compiled_network import CompiledNetwork
from fitspec.reference.network.layer import Layer, Symbol
from fitspec.reference.network.network import Network
from fitspec.reference.standing_in import own_layers, symbolic
from fitspec.reference.standing_in.own_layers import counts
from fitspec.reference.tensor import array_library
from fitspec.reference.tensor.autodiff import Tensor
from fitspec.reference.tensor.blocks import during
from fitspec.reference.training.plan import numbered

if TYPE_CHECKING:
    from collections.abc import Callable

    from fitspec.reference.api.arguments import Request

_was_compiled = CompiledNetwork.was_compiled


class MetricValue(Tensor):
    """What calling a metric gives, with the metric."""

    __slots__ = ("metric",)

    def __init__(self, metric: Metric) -> None:
        super().__init__(array_library.current().asarray(metric.result()))
        self.metric = metric


def call_metric(self: Metric, *batch: Any, **named: Any) -> MetricValue:
    """Add a batch, given as to `update_state`, and return the value over all batches so far.

    Nothing is added where a model predicts.
    """
    if counts.get() is not False:
        self.update_state(*batch, **named)
    return MetricValue(self)


class AddedMetric:
    """A metric that is added: the mean of a value over batches, or what another metric says.

    Args:
        name: Label of its results.

    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.of: Metric | None = None
        self.values: list[float] = []
        self._latest: list[float] = []

    def hear(self, value: Tensor) -> None:
        """Take note of the value of the batch that is computed, if it counts."""
        self.of = getattr(value, "metric", None)
        if counts.get():
            self._latest = [float(value.data.mean())]

    def update_state(self, *_: object) -> None:
        """Add the batch that was computed last; targets and predictions are nothing to it."""
        self.values += self._latest
        self._latest = []

    def result(self) -> Any:
        """Return the value over all batches since the last reset; 0 when there was none."""
        if self.of is not None:
            return self.of.result()
        return sum(self.values) / len(self.values) if self.values else 0.0

    def reset_states(self) -> None:
        """Forget all batches."""
        self.values = []
        if self.of is not None:
            self.of.reset_states()


class Adding(symbolic.Added):
    """Adds what is computed to the metrics of a model.

    Args:
        label: The metric's name.

    """

    def __init__(self, label: str) -> None:
        super().__init__()
        self.label = label

    def call(self, inputs: list[Tensor], *, training: bool) -> Tensor:  # noqa: ARG002 - as Layer
        """Return it."""
        (value,) = inputs
        add_metric(self, value, self.label)
        return value


def add_metric(self: Layer, value: Any, name: str | None = None) -> None:
    """Report a value beside the metrics of `compile`: in `call` a tensor, of a model a symbol.

    Args:
        self: The layer or model.
        value: Numbers, of which the mean over batches is reported; or what calling a metric gave.
        name: Label of its results; that of the metric when left out.

    Raises:
        ValueError: A value that no metric gave has no name.
        TypeError: It is neither a tensor, in `call`, nor a symbol, of a model.

    """
    metric = metric_of(value)
    label = name or getattr(metric, "name", None)
    if label is None:
        raise ValueError(f"name: a metric that layer {self.name!r} adds needs one")
    if isinstance(value, Tensor):
        known = vars(self).setdefault("_added_metrics", {})
        added = known.setdefault(label, AddedMetric(label))
        added.hear(value)
    elif isinstance(value, Symbol) and isinstance(self, Network):
        adding = Adding(label)
        symbolic.compute_too(self, adding(value))
        vars(adding)["_added_metrics"] = {label: AddedMetric(label)}
        if isinstance(self, CompiledNetwork):
            report(self)
    else:
        raise TypeError(
            f"value: layer {self.name!r} takes tensors in its call, and a model symbols, not "
            f"{value!r}"
        )


def metric_of(value: Any) -> Any:
    """Return the metric that gave a value or a symbol, None if none did."""
    if isinstance(value, Symbol) and isinstance(value.node.layer, symbolic.Operation):
        value = next(iter(value.node.layer.given[0]), None)
        return value if isinstance(value, Metric) else None
    return getattr(value, "metric", None)


def was_compiled(self: CompiledNetwork, given: Request) -> None:
    """Take note of what `compile` was given, and report what layers add as well."""
    _was_compiled(self, given)
    report(self)


def report(model: CompiledNetwork) -> None:
    """Have a compiled model report what is added, after the metrics of `compile`.

    Raises:
        ValueError: Two metrics that the model holds have one name.

    """
    plan = model._plan  # noqa: SLF001 - what it is replaced by
    if plan is None or model._graph is None:  # noqa: SLF001 - whether there is one
        return
    own = [value for name, value in vars(model).items() if name != "compiled_with"]
    kept = list(dict.fromkeys(own_layers.inside(own, Metric)))
    get_layer.require_distinct(metric.name for metric in kept)
    found = {
        one.name: one
        for layer in parts(model)
        for one in vars(layer).get("_added_metrics", {}).values()
    }
    known = plan.all_metrics
    added = [one for one in found.values() if one not in known]
    added.sort(key=lambda one: kept.index(one.of) if one.of in kept else len(kept))
    if not added:
        return
    last = plan.outputs[-1]
    last = replace(last, weighted_metrics=(*last.weighted_metrics, *added))
    new = replace(plan, outputs=(*plan.outputs[:-1], last))
    # They belong to no output, after which they would be named.
    names = [*plan.metrics_names, *(one.name for one in added)]
    vars(new)["metrics_names"] = numbered(names)
    model._plan = new  # noqa: SLF001 - see above


def parts(layer: Layer) -> list[Layer]:
    """Return a layer and all that it is made of."""
    inner = own_layers.held(layer)
    if isinstance(layer, Network):
        inner = [*inner, *(node.layer for node in layer.graph.nodes)]
    every = [layer, *(part for each in inner if each is not layer for part in parts(each))]
    return list(dict.fromkeys(every))


def counting(method: Callable[..., Any], counted: bool) -> Callable[..., Any]:
    """Return a method in which metrics that are called count a batch, or do not."""

    def called(*arguments: Any, **named: Any) -> Any:
        with during(counts, counted):
            return method(*arguments, **named)

    return called
