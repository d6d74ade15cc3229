"""The optimizers that the contract's probes name."""

from fitspec.reference.optimizers.adaptive import RMSprop
from fitspec.reference.optimizers.base import Optimizer, resolve
from fitspec.reference.optimizers.descent import SGD
from fitspec.reference.optimizers.moments import Adam

__all__ = ["SGD", "Adam", "Optimizer", "RMSprop", "resolve"]
