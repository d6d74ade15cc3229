"""The other losses as objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference.losses import crossentropies, distributions, scaled_differences
from fitspec.reference.losses.base import MEAN
from fitspec.reference.losses.named import NamedLoss

if TYPE_CHECKING:
    from fitspec.reference.losses.base import Reducing


class MeanAbsolutePercentageError(NamedLoss, of=scaled_differences.mean_absolute_percentage_error):
    """Mean of differences in percent of the targets."""


class MeanSquaredLogarithmicError(NamedLoss, of=scaled_differences.mean_squared_logarithmic_error):
    """Mean of squared differences of logarithms."""


class Hinge(NamedLoss, of=distributions.hinge):
    """What is missing to a margin of 1."""


class SquaredHinge(NamedLoss, of=distributions.squared_hinge):
    """Squares of what is missing to a margin of 1."""


class CategoricalHinge(NamedLoss, of=distributions.categorical_hinge):
    """What is missing to a margin of 1 between classes."""


class LogCosh(NamedLoss, of=scaled_differences.logcosh):
    """Logarithms of hyperbolic cosines of differences."""


class Poisson(NamedLoss, of=distributions.poisson):
    """Deviation from counts that are Poisson distributed."""


class KLDivergence(NamedLoss, of=distributions.kullback_leibler_divergence):
    """Kullback and Leibler's divergence of distributions."""


class CosineSimilarity(NamedLoss, of=distributions.cosine_similarity):
    """Negated cosine of the angle between targets and predictions along an axis."""

    def __init__(self, axis: int = -1, reduction: Reducing = MEAN, name: str | None = None) -> None:
        super().__init__(reduction, name)
        self.axis = axis


class Huber(NamedLoss, of=scaled_differences.huber_loss):
    """Half the squares of differences up to delta, and straight on from there."""

    def __init__(
        self, delta: float = 1.0, reduction: Reducing = MEAN, name: str | None = None
    ) -> None:
        super().__init__(reduction, name)
        self.delta = delta


class BinaryCrossentropy(NamedLoss, of=crossentropies.binary_crossentropy):
    """Surprise about targets 0 or 1."""

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        reduction: Reducing = MEAN,
        name: str | None = None,
    ) -> None:
        super().__init__(reduction, name)
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing


class CategoricalCrossentropy(BinaryCrossentropy, of=crossentropies.categorical_crossentropy):
    """Surprise about one-hot targets."""


class SparseCategoricalCrossentropy(NamedLoss, of=crossentropies.sparse_categorical_crossentropy):
    """Surprise about class indices."""

    def __init__(
        self, from_logits: bool = False, reduction: Reducing = MEAN, name: str | None = None
    ) -> None:
        super().__init__(reduction, name)
        self.from_logits = from_logits
