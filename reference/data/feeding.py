"""What a model takes in a step, and data brought together for it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fitspec.reference.data import batches, columns, sample_weights
from fitspec.reference.data.batches import Batch, Port, Samples
from fitspec.reference.data.describing import described

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fitspec.reference.data.arrays import Array


@dataclass(frozen=True)
class Feed:
    """The data that a model takes from outside.

    Attributes:
        inputs: The inputs that need data.
        targets: One entry per output; None where no target comes from outside.
        names: The outputs' names.
        temporal: Whether the weights of each output have a time axis.
        own_samples: Number of samples in the model's own tensors, 0 if it has none.

    """

    inputs: list[Port]
    targets: list[Port | None]
    names: list[str]
    temporal: list[bool]
    own_samples: int = 0


def inputs_of(feed: Feed, x: object) -> Samples:
    """Check inputs that come without targets, for prediction.

    Raises:
        ValueError: They do not fit the model (`predict.raises.mismatch-ValueError`).

    """
    given = columns.columns(x, feed.inputs, "x")
    for column, port in zip(given, feed.inputs, strict=True):
        columns.check_shape(column, port, "x")
    # predict.x.none-with-tensors
    count = columns.number_of_samples("the arrays of x", given) if given else feed.own_samples
    return Samples(feed.inputs, [], given, [], [], count)


def samples_of(feed: Feed, x: object, y: object, sample_weight: object = None) -> Samples:
    """Check inputs, targets and sample weights, and bring them together.

    Raises:
        ValueError: They do not fit the model or each other
            (`evaluate.raises.invalid-arguments-ValueError`).

    """
    needed = [port for port in feed.targets if port is not None]
    inputs = columns.columns(x, feed.inputs, "x")
    given = columns.columns(y, needed, "y")
    for column, port in zip(inputs, feed.inputs, strict=True):
        columns.check_shape(column, port, "x")
    for column, port in zip(given, needed, strict=True):
        columns.check_shape(column, port, "y")  # fit.raises.target-shape
    present = [*inputs, *given]
    # fit.x.none-with-framework-tensors, evaluate.x.none-with-tensors
    count = columns.number_of_samples("x and y", present) if present else feed.own_samples
    remaining = iter(given)
    targets = [None if port is None else next(remaining) for port in feed.targets]
    each = sample_weights.per_output(sample_weight, feed.names, "sample_weight")
    weights = [
        sample_weights.checked(value, (count, *target_shape(column, port)), temporal=temporal)
        for value, column, port, temporal in zip(
            each, targets, feed.targets, feed.temporal, strict=True
        )
    ]
    return Samples(feed.inputs, feed.targets, inputs, targets, weights, count)


def target_shape(column: batches.Column | None, port: Port | None) -> tuple[int, ...]:
    """Return the shape of one target."""
    if column is None or port is None:
        return ()
    return tuple(column.shape[1:]) or (1,)


def class_weighted(samples: Samples, feed: Feed, class_weight: object) -> Samples:
    """Multiply the factors of the samples' classes into their weights.

    See `fit.class_weight.weights-loss` and `compile.weighted_metrics.by-class-weight`.

    Raises:
        ValueError: `class_weight` does not fit the targets.

    """
    each = class_weights_per_output(feed.names, class_weight)
    weights: list[Array | None] = []
    for factors, column, own in zip(each, samples.targets, samples.weights, strict=True):
        by_class = (
            None
            if factors is None or column is None
            else sample_weights.of_classes(column[slice(0, samples.count)], factors)
        )
        weights.append(sample_weights.combined(own, by_class))
    return replace(samples, weights=weights)


def class_weights_per_output(
    names: list[str], class_weight: object
) -> list[Mapping[int, float] | None]:
    """Return the class factors of every output.

    Raises:
        ValueError: `class_weight` is malformed.

    """
    each: list[object]
    if class_weight is None:
        each = [None] * len(names)
    elif len(names) == 1 and not isinstance(class_weight, dict):
        each = [class_weight]
    else:
        each = sample_weights.per_output(class_weight, names, "class_weight")
    return [sample_weights.check_class_weight(one) for one in each]


def training_batch(feed: Feed, item: object, class_weight: object) -> Batch:
    """Check one item of a generator or Sequence, for training or testing.

    Raises:
        ValueError: It is not (inputs, targets) or (inputs, targets, sample_weights), or does not
            fit the model.

    """
    inputs, targets, weights = parts_of(item)
    with naming(item):
        samples = samples_of(feed, inputs, targets, weights)  # fit_generator.output.dicts
        # fit_generator.output.pair, fit_generator.output.batch-sizes-may-differ: an item is a batch
        return class_weighted(samples, feed, class_weight).whole()


@contextlib.contextmanager
def naming(item: object) -> Iterator[None]:
    """Add to what is wrong with an item what the item is."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"generator: {error}; the item is a {described(item)}") from error


def parts_of(item: object) -> tuple[object, object, object]:
    """Take an item of a generator or Sequence apart.

    Raises:
        ValueError: It is no tuple or list of 2 or 3 (`fit_generator.raises.bad-format`,
            `fit_generator.raises.none-item`, `evaluate_generator.raises.bad-format`).

    """
    # fit_generator.output.list-form: a list will do
    if not isinstance(item, (tuple, list)) or len(item) not in (2, 3):
        raise ValueError(
            "generator: each item must be (inputs, targets) or (inputs, targets, sample_weights), "
            f"got {described(item)}"
        )
    # fit.x.triple-with-weights, fit_generator.output.triple
    return item[0], item[1], item[2] if len(item) == 3 else None


def inputs_in(item: object) -> object:
    """Return the inputs in an item of a generator or Sequence, for prediction.

    Raises:
        ValueError: There are none (`predict_generator.raises.bad-format`).

    """
    if item is None:
        raise ValueError("generator: each item must be inputs, got None")
    if not isinstance(item, tuple):
        return item
    if not 1 <= len(item) <= 3:
        raise ValueError(
            "generator: a tuple must be (inputs, targets) or (inputs, targets, sample_weights), "
            f"got {described(item)}"
        )
    # predict.x.generator-or-sequence, predict_generator.items.tuples-ignored-targets
    return item[0]


def prediction_batch(feed: Feed, item: object) -> Batch:
    """Check one item of a generator or Sequence, for prediction.

    Raises:
        ValueError: It holds no inputs, or they do not fit the model.

    """
    inputs = inputs_in(item)
    with naming(item):
        return inputs_of(feed, inputs).whole()
