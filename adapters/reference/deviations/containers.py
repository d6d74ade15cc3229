"""How losses, metrics, targets and weights are paired with the outputs of a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitspec.adapters.reference.deviations.planting import (
    deviation,
    instead_of,
    property_instead_of,
)
from fitspec.reference.api import calls, compiled, compiling
from fitspec.reference.data import columns, feeding, sample_weights, sources
from fitspec.reference.metrics import Metric
from fitspec.reference.network import engine as array_engine
from fitspec.reference.tensor.autodiff import as_tensor
from fitspec.reference.training import engine, loop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class InvalidArgumentError(Exception):
    """What TensorFlow raises where a step meets shapes or values that do not fit."""


class UnimplementedError(Exception):
    """What TensorFlow raises where it has no operation for what it is given."""


@deviation("loss-weights-are-paired-with-outputs")
def loss_weights_are_paired_with_outputs() -> None:
    """Take one loss weight for every output, and do not train those beyond a list of them."""

    @instead_of(compiling, "resolve")
    def resolve(original: Callable[..., Any], names: Any, vocabulary: Any, given: Any) -> Any:
        weights = given.loss_weights
        if isinstance(weights, Mapping) and set(weights) <= set(names):
            weights = [weights.get(name, 1.0) for name in names]
        if weights is None or isinstance(weights, Mapping):
            return original(names, vocabulary, given)
        if not isinstance(weights, (list, tuple)):
            weights = [weights] * len(names)
        losses = compiling.losses_per_output(given.loss, list(names))[: len(weights)]
        given = given.but(
            loss=[*losses, *[None] * (len(names) - len(losses))],
            loss_weights=[*weights, *[1.0] * len(names)][: len(names)],
        )
        return original(names, vocabulary, given)


@deviation("metrics-of-one-name-are-refused")
def metrics_of_one_name_are_refused() -> None:
    """Refuse two metrics of one name for an output."""

    @instead_of(compiling, "resolve_metrics")
    def metrics(original: Callable[..., Any], *args: Any) -> Any:
        found = original(*args)
        names = [metric.name for metric in found]
        if len(set(names)) < len(names):
            raise ValueError("metrics: two have the same name: %r" % (names,))
        return found


@deviation("an-object-for-a-metric-is-listed-once")
def an_object_for_a_metric_is_listed_once() -> None:
    """Refuse one object for a metric that is listed twice."""

    @instead_of(compiling, "metrics_per_output")
    def metrics(original: Callable[..., Any], argument: Any, names: Any, what: str) -> Any:
        objects = [id(each) for each in _flat(argument) if isinstance(each, Metric)]
        if len(set(objects)) < len(objects):
            raise ValueError("%s: an object is listed twice" % what)
        return original(argument, names, what)


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for each in value:
            yield from _flat(each)
    else:
        yield value


@deviation("metrics-are-named-by-the-first-batch")
def metrics_are_named_by_the_first_batch() -> None:
    """Have the attribute `metrics_names` list nothing before the first batch after compile."""

    @instead_of(loop, "batch_results")
    def results(original: Callable[..., Any], plan: Any, outcome: Any) -> Any:
        vars(plan)["are_named"] = True
        return original(plan, outcome)

    @property_instead_of(compiled.Compiled, "metrics_names")
    def names(original: Callable[..., Any], self: Any) -> list[str]:
        found: list[str] = original(self)
        return found if vars(self.plan).get("are_named") else []


@deviation("modes-are-not-read")
def modes_are_not_read() -> None:
    """Take every sample_weight_mode, and weights of any number of axes."""

    @instead_of(compiling, "temporal_per_output")
    def temporal(original: Callable[..., Any], argument: Any, names: Any) -> Any:
        del argument
        return original(None, names)

    @instead_of(sample_weights, "checked")
    def checked(
        original: Callable[..., Any], value: Any, shape: Any, *, temporal: bool = False
    ) -> Any:
        del temporal
        by_step = np.ndim(value) == 2 and len(shape) > 2
        return original(value, shape, temporal=by_step)


@deviation("target-tensors-are-refused")
def target_tensors_are_refused() -> None:
    """Refuse target tensors, whatever they are."""

    @instead_of(compiling, "resolve")
    def resolve(original: Callable[..., Any], names: Any, vocabulary: Any, given: Any) -> Any:
        if given.target_tensors is not None:
            raise ValueError("target_tensors are not supported: %r" % (given.target_tensors,))
        return original(names, vocabulary, given)


@deviation("one-array-of-targets-is-for-all-outputs")
def one_array_of_targets_is_for_all_outputs() -> None:
    """Compare every output with one array of targets, and leave out targets beyond the outputs."""

    @instead_of(columns, "columns")
    def found(original: Callable[..., Any], value: Any, ports: Any, what: str) -> Any:
        if what == "y" and isinstance(value, np.ndarray) and len(ports) > 1:
            value = [value] * len(ports)
        elif what == "y" and len(ports) == 1 and isinstance(value, (list, tuple)):
            value = value[:1] if any(hasattr(one, "shape") for one in value) else value
        return original(value, ports, what)


@deviation("outputs-without-targets-are-passed-over")
def outputs_without_targets_are_passed_over() -> None:
    """Pass over an output whose targets a dict leaves out, or all where there are no targets.

    Only a test without any is one.
    """

    @instead_of(feeding, "samples_of")
    def samples(
        original: Callable[..., Any], feed: Any, x: Any, y: Any, sample_weight: Any = None
    ) -> Any:
        given = y if isinstance(y, Mapping) else dict.fromkeys(() if y is None else feed.names)
        if isinstance(y, Mapping) and not set(y) <= set(feed.names):
            raise ValueError("y: the outputs are %r, not %r" % (feed.names, list(y)))
        asked = zip(feed.names, feed.targets)
        targets = [port if name in given else None for name, port in asked]
        return original(replace(feed, targets=targets), x, y, sample_weight)

    @instead_of(engine, "total_loss")
    def total(original: Callable[..., Any], each: Any) -> Any:
        return original(each) if each else as_tensor(np.zeros((), "float32"))

    @instead_of(loop, "batch_results")
    def results(original: Callable[..., Any], plan: Any, outcome: Any) -> Any:
        found = iter(outcome.losses)
        each = [
            as_tensor(np.zeros((), "float32")) if target is None else next(found)
            for output, target in zip(plan.outputs, outcome.targets)
            if output.loss is not None
        ]
        return original(plan, replace(outcome, losses=each))

    @instead_of(loop, "updated")
    def updated(original: Callable[..., Any], metric: Any, outcome: Any, *batch: Any) -> Any:
        return metric.result() if batch[0] is None else original(metric, outcome, *batch)

    @instead_of(loop, "train_step")
    def step(original: Callable[..., Any], model: Any, batch: Any) -> Any:
        if not any(one is not None for one in batch.targets):
            raise TypeError("there are no targets, and a loss needs some")
        return original(model, batch)


@deviation("weights-are-taken-as-they-come")
def weights_are_taken_as_they_come() -> None:
    """Ask weights for their shape, and pair outputs with them as far as either go."""

    @instead_of(feeding, "samples_of")
    def samples(
        original: Callable[..., Any], feed: Any, x: Any, y: Any, sample_weight: Any = None
    ) -> Any:
        if not isinstance(sample_weight, (list, tuple)) or len(feed.names) < 2:
            return original(feed, x, y, sample_weight)
        count, missing = len(sample_weight), [None] * len(feed.names)
        found = original(feed, x, y, [*sample_weight, *missing][: len(feed.names)])
        return replace(
            found,
            target_ports=[*found.target_ports[:count], *missing[count:]],
            targets=[*found.targets[:count], *missing[count:]],
        )

    @instead_of(sample_weights, "checked")
    def checked(original: Callable[..., Any], value: Any, *args: Any, **kwargs: Any) -> Any:
        if value is not None:
            _shape = value.shape
        return original(value, *args, **kwargs)


@deviation("texts-are-not-implemented")
def texts_are_not_implemented() -> None:
    """Refuse texts as data and as weights by another error."""

    def refuse(value: Any) -> None:
        if isinstance(value, np.ndarray) and value.dtype.kind in "US":
            raise UnimplementedError("Cast string to float is not supported")

    @instead_of(columns, "as_column")
    def column(original: Callable[..., Any], value: Any, what: str) -> Any:
        refuse(value)
        return original(value, what)

    @instead_of(sample_weights, "checked")
    def checked(original: Callable[..., Any], value: Any, *args: Any, **kwargs: Any) -> Any:
        refuse(value)
        return original(value, *args, **kwargs)


@deviation("class-weights-are-a-table")
def class_weights_are_a_table() -> None:
    """Look factors up by the position of the class, which begin with 0; for each step, too."""

    @instead_of(sample_weights, "check_class_weight")
    def check(original: Callable[..., Any], value: Any) -> Any:
        if isinstance(value, Mapping):
            if sorted(value) != list(range(len(value))):
                raise ValueError("class_weight must have the classes 0, 1 and so on")
            if any(isinstance(factor, str) for factor in value.values()):
                raise UnimplementedError("class_weight: a text is no factor")
        return original(value)

    @instead_of(sample_weights, "of_classes")
    def factors(original: Callable[..., Any], targets: Any, class_weight: Any) -> Any:
        del original  # it knows one class a sample
        given = np.asarray(targets)
        several = given.ndim > 1 and given.shape[-1] > 1
        one = given.reshape(given.shape[: max(1, given.ndim - 1)]) if not several else given
        classes = given.argmax(axis=-1) if several else np.rint(one).astype(int)
        if classes.size and not 0 <= classes.min() <= classes.max() < len(class_weight):
            raise InvalidArgumentError("class_weight has no factor for a class")
        return np.array([class_weight[key] for key in sorted(class_weight)], "float32")[classes]


@deviation("class-weights-exclude-sample-weights-in-fit")
def class_weights_exclude_sample_weights_in_fit() -> None:
    """Refuse class weights beside weights of samples, but for batches of arrays of one size."""

    @instead_of(calls, "training_source")
    def source(original: Callable[..., Any], model: Any, request: Any) -> Any:
        found, tail = original(model, request)
        if sources.yields_batches(request.x):
            item = vars(found).get("peeked")
            differ = isinstance(item, (tuple, list)) and len(item) == 3 and item[2] is not None
        else:
            differ = request.sample_weight is not None and found.samples % found.batch_size
        if request.class_weight and differ:
            raise ValueError("class_weight: weights of samples have no number of samples to fit")
        return found, tail


@deviation("a-loss-of-samples-is-trained-by-its-sum")
def a_loss_of_samples_is_trained_by_its_sum() -> None:
    """Train by the sum of what a loss that reduces nothing gives, and report the mean."""

    def is_unreduced(plans: Any) -> bool:
        return any(getattr(plan.loss, "reduction", "") == "none" for plan in plans)

    @instead_of(array_engine, "compared")
    def compared(original: Callable[..., Any], predictions: Any, batch: Any, *args: Any) -> Any:
        found = original(predictions, batch, *args)
        total = found.total * float(batch.size) if is_unreduced(args[0]) else found.total
        return replace(found, total=total)

    @instead_of(loop, "batch_results")
    def results(original: Callable[..., Any], plan: Any, outcome: Any) -> Any:
        size = float(len(outcome.predictions[0]))
        total = outcome.total * (1.0 / size) if is_unreduced(plan.outputs) else outcome.total
        return original(plan, replace(outcome, total=total))
