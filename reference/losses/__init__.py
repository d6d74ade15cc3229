"""Losses: what training makes small.

`base` says what every loss is; each kind has a module, with the functions and the classes.
"""

from fitspec.reference.losses import (
    crossentropies,
    differences,
    distributions,
    margins,
    scaled_differences,
)
from fitspec.reference.losses.base import (
    CLASSES,
    EPSILON,
    FUNCTIONS,
    FunctionLoss,
    Loss,
    Reduction,
    TargetForm,
    batch_mean,
    masked,
    of_floats,
    resolve,
)
from fitspec.reference.losses.crossentropies import *  # noqa: F403 - all functions
from fitspec.reference.losses.crossentropies import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    SparseCategoricalCrossentropy,
)
from fitspec.reference.losses.differences import *  # noqa: F403 - as above
from fitspec.reference.losses.differences import MeanAbsoluteError, MeanSquaredError
from fitspec.reference.losses.distributions import *  # noqa: F403 - as above
from fitspec.reference.losses.distributions import CosineSimilarity, KLDivergence, Poisson
from fitspec.reference.losses.margins import *  # noqa: F403 - as above
from fitspec.reference.losses.margins import CategoricalHinge, Hinge, SquaredHinge
from fitspec.reference.losses.scaled_differences import *  # noqa: F403 - as above
from fitspec.reference.losses.scaled_differences import (
    Huber,
    LogCosh,
    MeanAbsolutePercentageError,
    MeanSquaredLogarithmicError,
)

NAMES = {name: function.__name__ for name, function in FUNCTIONS.items()}
"""Every accepted name of a function, with that of the function itself."""

__all__ = [
    "CLASSES",
    "EPSILON",
    "FUNCTIONS",
    "NAMES",
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "CategoricalHinge",
    "CosineSimilarity",
    "FunctionLoss",
    "Hinge",
    "Huber",
    "KLDivergence",
    "LogCosh",
    "Loss",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanSquaredError",
    "MeanSquaredLogarithmicError",
    "Poisson",
    "Reduction",
    "SparseCategoricalCrossentropy",
    "SquaredHinge",
    "TargetForm",
    "batch_mean",
    "masked",
    "of_floats",
    "resolve",
]
__all__ += crossentropies.__all__
__all__ += differences.__all__
__all__ += distributions.__all__
__all__ += margins.__all__
__all__ += scaled_differences.__all__
