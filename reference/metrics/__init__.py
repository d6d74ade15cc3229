"""Metrics: what is reported about predictions, and never changes training.

`base` says what every metric is; each kind has a module, with the functions and the classes.
"""

# ruff: noqa: F403 - all that a module has in `__all__`
from fitspec.reference.losses.crossentropies import *
from fitspec.reference.losses.differences import *
from fitspec.reference.losses.distributions import *
from fitspec.reference.losses.scaled_differences import *
from fitspec.reference.metrics.accuracies import *
from fitspec.reference.metrics.averages import *
from fitspec.reference.metrics.base import *
from fitspec.reference.metrics.confusion import *
from fitspec.reference.metrics.counts import *
from fitspec.reference.metrics.curves import *
from fitspec.reference.metrics.of_losses import *  # after the losses, as a function is another here
from fitspec.reference.metrics.plain_numbers import *
from fitspec.reference.metrics.suited import *
