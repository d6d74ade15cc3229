"""What every metric is: counts that add up over batches, and a number made of them.

The value over a data set does not depend on how the set is cut into batches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitspec.reference.config import lookup, naming
from fitspec.reference.config.configuration import Configurable
from fitspec.reference.losses import masked, of_floats
from fitspec.reference.tensor import array_library
from fitspec.reference.tensor.autodiff import Tensor

if TYPE_CHECKING:
    from fitspec.reference.tensor.array_library import Array

__all__ = ["CLASSES", "FUNCTIONS", "Metric"]


FUNCTIONS = lookup.Names()
"""Every accepted name of a function that is no loss, with the function it stands for."""

CLASSES: dict[str, type[Metric]] = {}
"""Every metric of targets and predictions that has a name, by that of its class."""


class Metric(Configurable):
    """Base of all metrics; one of one's own overrides `measure` and `value`.

    Args:
        name: Label in `metrics_names`, logs and History; made of the class's name and a number when
            left out: `precision_1`, then `precision_2`.
        dtype: Ignored: metrics are counted in double precision.

    Attributes:
        counted: The counts of all batches since the last reset, None when there was none.

    """

    def __init_subclass__(cls, *, named: bool = False, **arguments: Any) -> None:
        """Enter a class by its name if it says so; it may be recorded, then."""
        super().__init_subclass__(**{"repeats": named, **arguments})
        if named:
            CLASSES[cls.__name__] = cls

    def __init__(self, name: str | None = None, dtype: object = None) -> None:
        self.name = name or naming.fresh(naming.snake_case(type(self).__name__))
        self.dtype = dtype
        self.counted: Array | None = None

    def measure(self, y_true: Tensor, y_pred: Tensor, weights: Array | None) -> Array:
        """Return the counts of one batch: an array that adds up over batches.

        Args:
            y_true: Targets.
            y_pred: Predictions.
            weights: A factor per sample, or per sample and step, or None.

        """
        raise NotImplementedError(f"{type(self).__name__} does not define measure")

    def value(self, counts: Array) -> Any:
        """Turn counts that were added up into the reported number."""
        raise NotImplementedError(f"{type(self).__name__} does not define value")

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Add one batch.

        Args:
            y_true: Targets: a tensor, an array or a list.
            y_pred: Predictions.
            sample_weight: A factor, or one per sample, or per sample and step.

        """
        self.add(self.counts(y_true, y_pred, sample_weight))

    @property
    def adds_counts(self) -> bool:
        """Whether `update_state` does nothing but to add up counts, so that values can wait."""
        return type(self).update_state is Metric.update_state

    def counts(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Array:
        """Return the counts of one batch, given as to `update_state`, and add nothing."""
        # Nothing is known of logits, as where steps are done again there are none.
        true, predicted = same_rank(of_floats(y_true), Tensor(of_floats(y_pred).data))
        weights = None if sample_weight is None else weights_for(sample_weight, predicted)
        weights = masked(weights, getattr(y_pred, "mask", None))
        return self.measure(true, predicted, weights)

    def add(self, counts: Array) -> None:
        """Add the counts of a batch (`evaluate.metrics.dataset-level`)."""
        # Not in place: values of before may still be computed of those of before.
        self.counted = counts if self.counted is None else self.counted + counts

    def result(self) -> Any:
        """Return the value over all batches since the last reset; 0 when there was none."""
        return 0.0 if self.counted is None else self.value(self.counted)

    def reset_states(self) -> None:
        """Forget all batches."""
        self.counted = None


def same_rank(y_true: Tensor, y_pred: Tensor) -> tuple[Tensor, Tensor]:
    """Drop a last axis of length 1 that only one of them has."""
    if y_pred.ndim == y_true.ndim + 1 and y_pred.shape[-1] == 1:
        return y_true, y_pred.reshape(*y_pred.shape[:-1])
    if y_true.ndim == y_pred.ndim + 1 and y_true.shape[-1] == 1:
        return y_true.reshape(*y_true.shape[:-1]), y_pred
    return y_true, y_pred


def weights_for(given: Any, values: Tensor) -> Array:
    """Return weights as an array of one axis or more, without a last one of length 1."""
    library = array_library.namespace(values.data)
    weights: Array = library.asarray(given, dtype=float)
    if weights.ndim == 0:
        return library.broadcast_to(weights, values.shape[:1])  # type: ignore[no-any-return]
    return weights[..., 0] if weights.ndim > 1 and weights.shape[-1] == 1 else weights
