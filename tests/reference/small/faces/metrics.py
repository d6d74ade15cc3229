"""The metrics that the contract's probes name."""

# ruff: noqa: F403 - all that a module has in `__all__`
from fitspec.reference.metrics.base import *
from fitspec.reference.metrics.confusion import *
from fitspec.reference.metrics.suited import *
