"""What a model takes in a step, and data brought together for it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from fitspec.reference.data import columns, sample_weights
from fitspec.reference.data.batches import Batch, Port, Samples
from fitspec.reference.data.describing import described

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Factors: TypeAlias = list[Mapping[int, float] | None]
    Feeding: TypeAlias = Callable[[object], "Feed"]


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
    own_samples: int


def inputs_of(feed: Feed, x: object) -> Samples:
    """Check inputs that come without targets, for prediction.

    Raises:
        ValueError: They do not fit the model (`predict.raises.mismatch-ValueError`).

    """
    given = columns.columns(x, feed.inputs, "x")
    # predict.x.none-with-tensors
    count = columns.number_of_samples("the arrays of x", given, feed.own_samples)
    return Samples(feed.inputs, [], given, [], [], count)


def samples_of(feed: Feed, x: object, y: object, sample_weight: object = None) -> Samples:
    """Check inputs, targets and sample weights, and bring them together.

    Raises:
        ValueError: They do not fit the model or each other
            (`evaluate.raises.invalid-arguments-ValueError`).

    """
    inputs = columns.columns(x, feed.inputs, "x")
    # fit.raises.target-shape
    given = columns.columns(y, [port for port in feed.targets if port is not None], "y")
    # fit.x.none-with-framework-tensors, evaluate.x.none-with-tensors
    count = columns.number_of_samples("x and y", [*inputs, *given], feed.own_samples)
    remaining = iter(given)
    targets = [None if port is None else next(remaining) for port in feed.targets]
    each = sample_weights.per_output(sample_weight, feed.names, "sample_weight")
    weights = [
        sample_weights.checked(
            value, (count,) if column is None else column.shape, temporal=temporal
        )
        for value, column, temporal in zip(each, targets, feed.temporal, strict=True)
    ]
    return Samples(feed.inputs, feed.targets, inputs, targets, weights, count)


def class_weighted(samples: Samples, each: Factors) -> Samples:
    """Multiply the factors of the samples' classes into their weights.

    See `fit.class_weight.weights-loss` and `compile.weighted_metrics.by-class-weight`.

    Args:
        samples: With targets.
        each: The factors of every output, from `class_weights_per_output`.

    Raises:
        ValueError: The factors do not fit the targets.

    """
    if not any(each):
        return samples
    weights = list(samples.weights)
    for position, (factors, column) in enumerate(zip(each, samples.targets, strict=True)):
        if factors is not None and column is not None:
            by_class = sample_weights.of_classes(column[slice(0, samples.count)], factors)
            weights[position] = sample_weights.combined(weights[position], by_class)
    return replace(samples, weights=weights)


def class_weights_per_output(names: list[str], class_weight: object) -> Factors:
    """Return the class factors of every output; once for all batches of a call.

    Raises:
        ValueError: `class_weight` is malformed.

    """
    each = sample_weights.per_output(class_weight, names, "class_weight")
    return [sample_weights.check_class_weight(one) for one in each]


def training_batch(feed_for: Feeding, each: Factors, item: object) -> Batch:
    """Check one item of a generator or Sequence, for training or testing.

    Args:
        feed_for: Returns what the model takes, given the inputs.
        each: The class factors of every output.
        item: As it was given.

    Raises:
        ValueError: It is not (inputs, targets) or (inputs, targets, sample_weights), or does not
            fit the model.

    """
    inputs, targets, weights = parts_of(item)
    feed = feed_for(inputs)
    with naming(item):
        samples = samples_of(feed, inputs, targets, weights)  # fit_generator.output.dicts
        # fit_generator.output.pair, fit_generator.output.batch-sizes-may-differ: an item is a batch
        return class_weighted(samples, each).whole()


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
    # fit.x.triple-with-weights, fit_generator.output.triple
    return pair_or_triple(item, "generator: each item")


def pair_or_triple(given: object, what: str) -> tuple[object, object, object]:
    """Take (inputs, targets) or (inputs, targets, sample_weights) apart; no weights are None.

    Raises:
        ValueError: It is neither.

    """
    if not isinstance(given, (tuple, list)) or len(given) not in (2, 3):
        raise ValueError(
            f"{what} must be (inputs, targets) or (inputs, targets, sample_weights), "
            f"got {described(given)}"
        )
    return given[0], given[1], given[2] if len(given) == 3 else None


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


def prediction_batch(feed_for: Feeding, item: object) -> Batch:
    """Check one item of a generator or Sequence, for prediction.

    Raises:
        ValueError: It holds no inputs, or they do not fit the model.

    """
    inputs = inputs_in(item)
    feed = feed_for(inputs)
    with naming(item):
        return inputs_of(feed, inputs).whole()
