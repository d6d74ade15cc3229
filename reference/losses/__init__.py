"""Losses: what training makes small.

`base` says what every loss is; the functions stand by kind, and `named` has those as objects.
"""

# ruff: noqa: F403 - all that a module defines
from fitspec.reference.losses.base import *
from fitspec.reference.losses.base import FUNCTIONS
from fitspec.reference.losses.crossentropies import *
from fitspec.reference.losses.differences import *
from fitspec.reference.losses.distributions import *
from fitspec.reference.losses.more_named import *
from fitspec.reference.losses.named import *
from fitspec.reference.losses.reduction import Reduction as Reduction
from fitspec.reference.losses.scaled_differences import *

NAMES = {name: function.__name__ for name, function in FUNCTIONS.items()}
"""Every accepted name of a function, with that of the function itself."""
